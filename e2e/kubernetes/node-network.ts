import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** This machine, as pods see it. */
export const HOST_ADDRESS = '10.210.0.1';
/** The node, with its API server. */
export const NODE_ADDRESS = '10.210.0.2';
export const POD_SUBNET = '10.211.0.0/24';
const NAMESPACE = 'prefect-ts-node';
const HOST_END = 'pts-host';
const NODE_END = 'pts-node';

/** The kubelet changes these for the whole machine. */
const KERNEL_SETTINGS = ['vm.overcommit_memory', 'kernel.panic', 'kernel.panic_on_oops'];

/** Puts a program into the node's network. */
export const inNode = (...command: string[]): readonly [string, ...string[]] => [
  'nsenter',
  `--net=/run/netns/${NAMESPACE}`,
  ...command,
];

/** Makes a network for the node: what it forwards and bridges never touches that of this machine. */
export async function makeNodeNetwork(): Promise<void> {
  const ip = (...args: string[]) => run('ip', args);
  const ipInNode = (...args: string[]) => run('ip', ['-n', NAMESPACE, ...args]);
  await ip('netns', 'add', NAMESPACE);
  await ip('link', 'add', HOST_END, 'type', 'veth', 'peer', 'name', NODE_END);
  await ip('link', 'set', NODE_END, 'netns', NAMESPACE);
  await ip('addr', 'add', `${HOST_ADDRESS}/24`, 'dev', HOST_END);
  await ip('link', 'set', HOST_END, 'up');
  await ipInNode('link', 'set', 'lo', 'up');
  await ipInNode('addr', 'add', `${NODE_ADDRESS}/24`, 'dev', NODE_END);
  await ipInNode('link', 'set', NODE_END, 'up');
  await ipInNode('route', 'add', 'default', 'via', HOST_ADDRESS);
  await ip('route', 'add', POD_SUBNET, 'via', NODE_ADDRESS);
}

/** Takes the network away; what is not there is fine. */
export async function removeNodeNetwork(): Promise<void> {
  await run('ip', ['link', 'del', HOST_END]).catch(() => undefined);
  await run('ip', ['netns', 'del', NAMESPACE]).catch(() => undefined);
}

/** The ids of the processes in the node's network. */
export async function processesOfNode(): Promise<number[]> {
  const { stdout } = await run('ip', ['netns', 'pids', NAMESPACE]).catch(() => ({ stdout: '' }));
  return stdout.split('\n').filter(Boolean).map(Number);
}

/** Reads what the kubelet will change, as assignments for {@link restoreKernelSettings}. */
export async function readKernelSettings(): Promise<string[]> {
  const { stdout } = await run('sysctl', KERNEL_SETTINGS);
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.replaceAll(' ', ''));
}

export async function restoreKernelSettings(assignments: readonly string[]): Promise<void> {
  await run('sysctl', ['-q', '-w', ...assignments]);
}
