import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { eventually } from '../processes.ts';

const run = promisify(execFile);

/** A Docker engine of its own: nothing of the machine's own engine is touched, and nothing of it is left. */
export interface DockerEngine {
  /** For `DOCKER_HOST`. */
  readonly host: string;
  readonly client: Docker;
  /** Ends the engine, with its containers. */
  stop(): Promise<void>;
}

/** An image with this machine's Node, as `node`, and a shell with the usual small programs. */
export const NODE_IMAGE = 'local/node:24';

/** Starts an engine whose containers reach this machine, and nothing else. */
export async function startDockerEngine(): Promise<DockerEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'prefect-docker-'));
  const socket = join(folder, 'docker.sock');
  const bridge = await addBridge();
  const engine = spawn(
    'dockerd',
    [
      ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec'), '--pidfile', join(folder, 'docker.pid')],
      ...['-H', `unix://${socket}`, `--bridge=${bridge.name}`],
      ...['--iptables=false', '--ip6tables=false', '--ip-forward=false', '--ip-masq=false'],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const output = collectOutput(engine);
  const client = new Docker({ socketPath: socket });
  const stop = async (): Promise<void> => {
    await removeAll(client).catch(() => undefined);
    if (engine.exitCode === null) {
      const exited = once(engine, 'exit');
      engine.kill('SIGTERM');
      await exited;
    }
    // The engine leaves the namespace of host networking mounted.
    await run('umount', ['--lazy', join(folder, 'exec', 'netns', 'default')]).catch(() => undefined);
    await run('ip', ['link', 'delete', bridge.name]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await eventually('the Docker engine answers', async () => {
      if (engine.exitCode !== null) throw new Error(`dockerd ended with ${engine.exitCode}:\n${output()}`);
      return client.ping().then(
        () => true,
        () => false,
      );
    });
    await importImage(client, folder);
  } catch (error) {
    await stop();
    throw error;
  }
  return { host: `unix://${socket}`, client, stop };
}

/** A network of its own, in a range that hardly anyone uses: the engines of a machine would otherwise share one. */
async function addBridge(): Promise<{ readonly name: string }> {
  const name = `prefect${process.pid}`.slice(0, 15);
  const address = `10.${200 + (process.pid % 50)}.${Math.floor(process.pid / 50) % 250}.1/24`;
  await run('ip', ['link', 'add', 'name', name, 'type', 'bridge']);
  await run('ip', ['address', 'add', address, 'dev', name]);
  await run('ip', ['link', 'set', name, 'up']);
  return { name };
}

function collectOutput(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      text += chunk;
    });
  }
  return () => text;
}

/** Networks would stay on the machine as devices when their engine is gone. */
async function removeAll(client: Docker): Promise<void> {
  const all = await client.listContainers({ all: true });
  await Promise.all(all.map(({ Id }) => client.getContainer(Id).remove({ force: true })));
  await client.pruneNetworks();
}

/** No registry is needed: the image is made of this machine's own files. */
async function importImage(client: Docker, folder: string): Promise<void> {
  const root = join(folder, 'root');
  for (const part of ['tmp', 'etc', 'root', 'bin', 'usr/bin']) await mkdir(join(root, part), { recursive: true });
  for (const file of await withLibraries(process.execPath)) await place(await realpath(file), join(root, file));
  await cp(await realpath(process.execPath), join(root, 'usr/bin/node'));
  await cp('/usr/bin/busybox', join(root, 'bin/busybox'));
  for (const name of ['sh', 'ls', 'cat', 'env', 'sleep']) await symlink('busybox', join(root, 'bin', name));
  await symlink('/bin/env', join(root, 'usr/bin/env'));
  await writeFile(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  await writeFile(join(root, 'etc/nsswitch.conf'), 'hosts: files dns\n');
  const archive = join(folder, 'image.tar');
  await run('tar', ['-C', root, '-cf', archive, '.']);
  const [repo, tag] = NODE_IMAGE.split(':');
  const stream = await client.importImage(archive, {
    repo,
    tag,
    changes: ['ENV PATH=/usr/bin:/bin', 'WORKDIR /root'],
  });
  await new Promise<void>((resolve, reject) => {
    client.modem.followProgress(stream as NodeJS.ReadableStream, (error) => (error ? reject(error) : resolve()));
  });
  await rm(root, { recursive: true });
  await rm(archive);
}

async function place(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to);
}

/** The shared libraries of a program, and what loads them. */
async function withLibraries(program: string): Promise<string[]> {
  const { stdout } = await run('ldd', [program]);
  return stdout.match(/\/\S+/g)?.filter((path) => path !== `${program}:`) ?? [];
}
