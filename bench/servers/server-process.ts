import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readTreeUsage, type TreeUsage } from '../process-tree.ts';

/** A server of the API that runs in a process (or several) of its own, on a folder made for it. */
export interface ServerProcess {
  readonly apiUrl: string;
  readonly home: string;
  /** Milliseconds from spawn to the first 200 of /api/health. */
  readonly readyMillis: number;
  /** CPU and memory of the process and all its children. */
  usage(): TreeUsage;
  /** Ends the processes and removes the folder; asking again changes nothing. */
  stop(): Promise<void>;
}

/** What to run for a server that is to listen on `port` and keep everything in `home`. */
export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const READY_WITHIN = 90_000;
const STOP_WITHIN = 15_000;

/** The server did not answer in time, or ended before it did. */
class ServerNotReady extends Error {
  constructor(command: ServerCommand, home: string) {
    const log = readFileSync(join(home, 'server.log'), 'utf8').slice(-2000);
    super(`${command.command} ${command.args.join(' ')} did not become ready. The end of its output:\n${log}`);
  }
}

/** Starts a server on a fresh folder and a free port and waits until it answers. */
export async function startServerProcess(describe: (port: number, home: string) => ServerCommand): Promise<ServerProcess> {
  const home = mkdtempSync(join(tmpdir(), 'prefect-bench-'));
  const port = await findFreePort();
  const command = describe(port, home);
  const apiUrl = `http://127.0.0.1:${port}/api`;
  const log = openSync(join(home, 'server.log'), 'w');
  const startedAt = performance.now();
  const child = spawn(command.command, command.args, {
    cwd: home,
    env: { ...cleanEnvironment(), PREFECT_HOME: home, ...command.env },
    stdio: ['ignore', log, log],
    detached: true, // a group of its own, so that whatever it starts ends with it
  });
  closeSync(log);
  const ready = await waitUntilReady(child, `${apiUrl}/health`);
  const readyMillis = performance.now() - startedAt;
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= stopGroup(child).then(() => rmSync(home, { recursive: true, force: true, maxRetries: 3 }));
    return stopped;
  };
  if (!ready) {
    const error = new ServerNotReady(command, home);
    await stop();
    throw error;
  }
  return { apiUrl, home, readyMillis, usage: () => readTreeUsage(child.pid ?? 0), stop };
}

/** The environment without any setting of Prefect, so that a server runs on its defaults. */
export function cleanEnvironment(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !name.startsWith('PREFECT_')) env[name] = value;
  }
  return env;
}

/** The setting that both servers read, in the spelling that both take. */
export function databaseEnvironment(url: string | undefined): Record<string, string> {
  return url === undefined ? {} : { PREFECT_API_DATABASE_CONNECTION_URL: url.replace(/^postgres(ql)?:/, 'postgresql+asyncpg:') };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port.');
  return address.port;
}

async function waitUntilReady(child: ChildProcess, url: string): Promise<boolean> {
  const deadline = performance.now() + READY_WITHIN;
  while (hasNotEnded(child) && performance.now() < deadline) {
    if (await answers(url)) return true;
    await sleep(5);
  }
  return false;
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    get(url, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on('error', () => resolve(false));
  });
}

async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const ended = hasNotEnded(child) ? once(child, 'exit') : Promise.resolve();
  signalGroup(child.pid, 'SIGTERM');
  await Promise.race([ended, sleep(STOP_WITHIN, undefined, { ref: false })]);
  signalGroup(child.pid, 'SIGKILL');
  await ended;
}

function hasNotEnded(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
