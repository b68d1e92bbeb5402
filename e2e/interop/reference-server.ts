import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../processes.ts';
import { freePort } from '../server-process.ts';
import { programs } from './python.ts';

const LONGEST_START_MS = 120_000;

/** The server of the Python package, with data of its own, to compare ours with. */
export interface ReferenceServer {
  readonly apiUrl: string;
  /** Stops it and removes its data. */
  remove(): Promise<void>;
}

/** Starts the server of the Python package on a free port; resolves when it answers. */
export async function aReferenceServer(environment: Readonly<Record<string, string>>): Promise<ReferenceServer> {
  const home = await mkdtemp(join(tmpdir(), 'prefect-reference-'));
  const port = await freePort();
  const child = spawn(join(programs, 'prefect'), ['server', 'start', '--port', String(port)], {
    env: {
      ...process.env,
      PREFECT_HOME: home,
      PREFECT_SERVER_ANALYTICS_ENABLED: 'false',
      PREFECT_SERVER_UI_ENABLED: 'false',
      DO_NOT_TRACK: '1',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // It starts processes of its own, which end with it.
    detached: true,
  });
  const remove = async () => {
    await end(child);
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  const apiUrl = `http://127.0.0.1:${port}/api`;
  try {
    await answers(child, apiUrl);
  } catch (error) {
    await remove();
    throw error;
  }
  return { apiUrl, remove };
}

async function answers(child: ChildProcess, apiUrl: string): Promise<void> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  const healthy = async () => {
    if (hasEnded(child)) throw new Error(`The reference server ended:\n${output}`);
    return (await fetch(`${apiUrl}/health`).catch(() => undefined))?.ok;
  };
  await eventually('the reference server answers', healthy, LONGEST_START_MS);
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child) || child.pid === undefined) return;
  const exited = once(child, 'exit');
  process.kill(-child.pid, 'SIGKILL');
  await exited;
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;
