import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BatchV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { eventually, isGone } from '../processes.ts';
import { writeImage } from './image.ts';
import { NODE_NAME, type NodeConfig, writeNodeConfig } from './node-config.ts';
import {
  inNode,
  makeNodeNetwork,
  processesOfNode,
  readKernelSettings,
  removeNodeNetwork,
  restoreKernelSettings,
} from './node-network.ts';
import { kubernetesPrograms } from './programs.ts';

const run = promisify(execFile);

/** A cluster of one node on this machine: Kubernetes' own programs, with containers that truly run. */
export interface TestCluster {
  readonly kubeconfig: string;
  readonly config: KubeConfig;
  readonly core: CoreV1Api;
  readonly batch: BatchV1Api;
  /** Ends the API server as a loss of power would, and starts it again. */
  restartApiServer(): Promise<void>;
  stop(): Promise<void>;
}

/** There is one cluster at a time on a machine. */
const FOLDER = join(tmpdir(), 'prefect-ts-kubernetes');
const OWNER = join(FOLDER, 'owner');
const KERNEL_SETTINGS = join(FOLDER, 'kernel-settings');
const PATIENCE_MS = 120_000;

/** Starts the cluster; what an earlier run left because it was killed is cleared away first. */
export async function startCluster(): Promise<TestCluster> {
  const programs = await kubernetesPrograms();
  await clearLeftovers();
  await mkdir(join(FOLDER, 'image'), { recursive: true });
  await writeFile(OWNER, String(process.pid));
  await writeFile(KERNEL_SETTINGS, (await readKernelSettings()).join('\n'));
  const node = new ClusterNode(await writeNodeConfig(FOLDER, programs));
  try {
    await node.start();
  } catch (error) {
    await node.stop();
    throw error;
  }
  return node;
}

class ClusterNode implements TestCluster {
  readonly #node: NodeConfig;
  readonly #programs: ChildProcess[] = [];
  readonly config = new KubeConfig();
  readonly core: CoreV1Api;
  readonly batch: BatchV1Api;
  #apiServer: ChildProcess | undefined;

  constructor(node: NodeConfig) {
    this.#node = node;
    this.config.loadFromFile(node.kubeconfig);
    this.core = this.config.makeApiClient(CoreV1Api);
    this.batch = this.config.makeApiClient(BatchV1Api);
  }

  get kubeconfig(): string {
    return this.#node.kubeconfig;
  }

  async start(): Promise<void> {
    const node = this.#node;
    const image = writeImage(join(FOLDER, 'image'));
    await makeNodeNetwork();
    this.#start('etcd', node.etcd);
    this.#start('containerd', node.containerd);
    await this.#startApiServer();
    this.#start('controllers', node.controllers);
    this.#start('scheduler', node.scheduler);
    const ctr = (...args: string[]) => run('ctr', ['--address', node.containerdSocket, '--namespace', 'k8s.io', ...args]);
    await eventually('containerd answers', () => ctr('version').then(Boolean, () => false), PATIENCE_MS);
    await ctr('images', 'import', await image);
    this.#start('kubelet', node.kubelet);
    await eventually('the node is ready', () => this.#isReady(), PATIENCE_MS);
  }

  async restartApiServer(): Promise<void> {
    const old = this.#apiServer;
    if (old) {
      const exited = once(old, 'exit');
      old.kill('SIGKILL');
      await exited;
    }
    await this.#startApiServer();
  }

  async stop(): Promise<void> {
    const [etcd, containerd, ...others] = this.#programs;
    // What starts containers ends first, the containers next, and then what they need.
    await endAll(others);
    await endContainers(this.#node.containerdSocket);
    await endAll([containerd, etcd].filter((program) => program !== undefined));
    await clearMachine();
  }

  async #startApiServer(): Promise<void> {
    this.#apiServer = this.#start('api-server', this.#node.apiServer);
    await eventually('the API server is ready', () => this.#answers(), PATIENCE_MS);
  }

  #start(name: string, [program = '', ...args]: readonly string[]): ChildProcess {
    const log = openSync(join(FOLDER, `${name}.log`), 'a');
    const [command, ...rest] = inNode(program, ...args);
    const child = spawn(command, rest, { stdio: ['ignore', log, log], detached: true, cwd: FOLDER });
    child.on('error', () => undefined);
    closeSync(log);
    this.#programs.push(child);
    return child;
  }

  #answers(): Promise<boolean> {
    const namespace = { name: 'kube-system' };
    return this.core.readNamespace(namespace).then(
      () => true,
      () => false,
    );
  }

  async #isReady(): Promise<boolean> {
    try {
      const [node] = await Promise.all([
        this.core.readNode({ name: NODE_NAME }),
        this.core.readNamespacedServiceAccount({ namespace: 'default', name: 'default' }),
      ]);
      return node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
    } catch {
      return false;
    }
  }
}

async function endAll(programs: readonly ChildProcess[]): Promise<void> {
  const running = programs.filter(
    ({ exitCode, signalCode, pid }) => exitCode === null && signalCode === null && pid !== undefined,
  );
  await Promise.all(
    running.map(async (program) => {
      const exited = once(program, 'exit');
      program.kill('SIGTERM');
      const force = setTimeout(() => program.kill('SIGKILL'), 5000);
      await exited;
      clearTimeout(force);
    }),
  );
}

async function endContainers(socket: string): Promise<void> {
  const ctr = async (...args: string[]) => {
    const found = await run('ctr', ['--address', socket, '--connect-timeout', '3s', '--namespace', 'k8s.io', ...args]).catch(
      () => undefined,
    );
    return found?.stdout ?? '';
  };
  const list = async (what: string) => (await ctr(what, 'ls', '-q')).split('\n').filter(Boolean);
  const descriptions = await Promise.all((await list('containers')).map((container) => ctr('containers', 'info', container)));
  await Promise.all((await list('tasks')).map((task) => ctr('tasks', 'kill', '--signal', 'SIGKILL', task)));
  await Promise.all((await list('tasks')).map((task) => ctr('tasks', 'delete', '--force', task)));
  const networks = new Set(descriptions.join('').match(/(?<=netns\/)cni-[\w-]+/g));
  for (const network of networks) await run('ip', ['netns', 'del', network]).catch(() => undefined);
}

/** Puts the machine back into the state before: processes, mounts, network, settings of the kernel, files. */
async function clearMachine(): Promise<void> {
  for (const pid of await processesOfNode()) kill(pid);
  for (const mount of (await mountsHere()).reverse()) await run('umount', ['--lazy', mount]).catch(() => undefined);
  await removeNodeNetwork();
  const settings = await readFile(KERNEL_SETTINGS, 'utf8').catch(() => '');
  if (settings !== '') await restoreKernelSettings(settings.split('\n'));
  const stuck = await mountsHere();
  if (stuck.length > 0) throw new Error(`Still mounted, so not removed: ${stuck.join(', ')}`);
  await rm(FOLDER, { recursive: true, force: true, maxRetries: 5 });
}

async function mountsHere(): Promise<string[]> {
  const mounts = (await readFile('/proc/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '');
  return mounts.filter((path) => path.startsWith(`${FOLDER}/`));
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

async function clearLeftovers(): Promise<void> {
  if (!existsSync(FOLDER)) return;
  const owner = Number(await readFile(OWNER, 'utf8').catch(() => '0'));
  if (owner > 0 && owner !== process.pid && !isGone(owner)) {
    throw new Error(`Process ${owner} runs a test cluster on this machine already, in ${FOLDER}.`);
  }
  await endContainers(join(FOLDER, 'containerd.sock'));
  await clearMachine();
}
