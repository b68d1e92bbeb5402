import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aServerProcess } from '../server-process.ts';
import { flows, programs } from './python.ts';
import { aReferenceServer } from './reference-server.ts';

const folder = fileURLToPath(new URL('parity', import.meta.url));
const LONGEST_PROGRAM_MS = 300_000;

/** What both servers are told, so that what they do by time is done soon. */
const serverEnvironment = {
  PREFECT_SERVER_TASKS_TAG_CONCURRENCY_SLOT_WAIT_SECONDS: '1',
  PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS: '1',
  PREFECT_SERVER_CONCURRENCY_MAXIMUM_CONCURRENCY_SLOT_WAIT_SECONDS: '1',
  PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS: '1',
  PREFECT_SERVER_SERVICES_LATE_RUNS_LOOP_SECONDS: '1',
  PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_LOOP_SECONDS: '1',
};

const clientEnvironment = {
  PREFECT_SERVER_ANALYTICS_ENABLED: 'false',
  PREFECT_LOGGING_COLORS: 'false',
  PREFECT_RUNNER_POLL_FREQUENCY: '1',
  PREFECT_WORKER_QUERY_SECONDS: '1',
  PREFECT_WORKER_HEARTBEAT_SECONDS: '5',
  NO_COLOR: '1',
  COLUMNS: '200',
  DO_NOT_TRACK: '1',
  PYTHONPATH: folder,
};

/** What a scenario told, or why it could not. */
interface Told {
  readonly facts?: unknown;
  readonly error?: string;
}

/**
 * Tests that programs of the folder `parity` tell the same facts of our server as of the reference's.
 *
 * `tables` names the scenarios of each program.
 */
export function itIsTheSameAsTheReference(tables: Readonly<Record<string, readonly string[]>>): void {
  const servers: { apiUrl: string; remove(): Promise<void> }[] = [];
  beforeAll(async () => {
    const ours = await aServerProcess({ environment: serverEnvironment });
    const starts = [aReferenceServer(serverEnvironment), ours.start().then(() => ours)];
    servers.push(...(await Promise.all(starts)));
  });
  afterAll(async () => {
    for (const server of servers) await server.remove();
  });

  describe.each(Object.entries(tables))('%s', (program, scenarios) => {
    let reference: Map<string, Told>;
    let ours: Map<string, Told>;
    beforeAll(async () => {
      const told = await Promise.all(servers.map(({ apiUrl }) => run(program, apiUrl)));
      [reference = new Map(), ours = new Map()] = told;
    }, LONGEST_PROGRAM_MS);

    it.each(scenarios)('%s', (scenario) => {
      const expected = reference.get(scenario);
      expect(expected?.error).toBeUndefined();
      expect(expected?.facts).toBeDefined();
      expect(ours.get(scenario)).toEqual(expected);
    });

    it('has no scenario beside these', () => {
      expect([...ours.keys()]).toEqual(scenarios);
    });
  });
}

/** Runs a program against a server and gives what each of its scenarios told. */
async function run(program: string, apiUrl: string): Promise<Map<string, Told>> {
  const home = await mkdtemp(join(tmpdir(), 'prefect-parity-'));
  try {
    const facts = join(home, 'facts');
    const environment = { ...clientEnvironment, PREFECT_HOME: home, PREFECT_API_URL: apiUrl, PARITY_FACTS: facts };
    await runToItsEnd(join(folder, `${program}.py`), environment);
    const lines = plain(await readFile(facts, 'utf8'), home, apiUrl)
      .trim()
      .split('\n');
    return new Map(lines.map((line) => JSON.parse(line)).map(({ scenario, facts, error }) => [scenario, { facts, error }]));
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Without what differs from run to run: ids, times, names made at random, places. */
function plain(text: string, home: string, apiUrl: string): string {
  return text
    .replaceAll(home, '<home>')
    .replaceAll(new URL(apiUrl).host, '<server>')
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<id>')
    .replaceAll(/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?/g, '<time>');
}

/** Runs a program; what it started ends with it. */
function runToItsEnd(program: string, environment: Readonly<Record<string, string>>): Promise<void> {
  const child = spawn(join(programs, 'python'), [program], {
    cwd: flows,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const endAll = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // All of them have ended.
    }
  };
  const tooLong = setTimeout(endAll, LONGEST_PROGRAM_MS - 10_000);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(tooLong);
      endAll();
      code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}:\n${output}`));
    });
  });
}
