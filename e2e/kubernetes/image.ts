import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The one image of the cluster. Its programs are those of this machine, which pods mount; it brings only what its pause container needs. */
export const IMAGE = 'docker.io/local/machine:1';

/** Folders that are links into `/usr` on the machines that this runs on. */
const LINKS = ['bin', 'sbin', 'lib', 'lib64'];

/** Writes the image as an archive that container runtimes import; gives its path. */
export async function writeImage(folder: string): Promise<string> {
  const root = join(folder, 'root');
  for (const inner of ['etc', 'proc', 'dev', 'sys', 'usr', 'var']) await mkdir(join(root, inner), { recursive: true });
  await mkdir(join(root, 'tmp'), { mode: 0o1777 });
  for (const link of LINKS) await symlink(`usr/${link}`, join(root, link));
  await writeFile(join(root, 'etc', 'passwd'), 'root:x:0:0:root:/tmp:/bin/sh\n');
  await writeFile(join(root, 'etc', 'nsswitch.conf'), 'hosts: files\n');
  await copyProgram('sleep', root);
  const layer = join(folder, 'layer.tar');
  await run('tar', ['-C', root, '-cf', layer, '.']);
  const digest = createHash('sha256')
    .update(await readFile(layer))
    .digest('hex');
  const config = {
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    // What a pod gives as arguments stands in its place.
    config: { Cmd: ['/usr/bin/sleep', '2147483647'], Env: ['PATH=/usr/bin:/bin'] },
    rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  const manifest = [{ Config: 'config.json', RepoTags: [IMAGE], Layers: ['layer.tar'] }];
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  const archive = join(folder, 'image.tar');
  await run('tar', ['-C', folder, '-cf', archive, 'manifest.json', 'config.json', 'layer.tar']);
  return archive;
}

/** Copies a program and the libraries that it loads. */
async function copyProgram(name: string, root: string): Promise<void> {
  const program = `/usr/bin/${name}`;
  const { stdout } = await run('ldd', [program]);
  const libraries = stdout.match(/\/\S+/g) ?? [];
  for (const file of [program, ...libraries]) {
    const target = join(root, file.startsWith('/usr/') ? file : `/usr${file}`);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(await realpath(file), target);
  }
}
