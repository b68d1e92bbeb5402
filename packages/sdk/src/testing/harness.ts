import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '../client/get-client.ts';
import { openClient } from '../client/get-client.ts';
import { currentContext, runInContext } from '../context/context.ts';
import type { Flow } from '../flows/flow.ts';
import { type Session, sessionFor } from '../session/session.ts';
import { loadSettings } from '../settings/load.ts';
import type { InputArguments } from '../tasks/resolvable.ts';
import type { Task } from '../tasks/task.ts';
import { type Mock, mocksByKey } from './mock.ts';
import { startServerInMemory } from './server.ts';
import { readRun, type TestedRun } from './tested-run.ts';

/** How a harness is made. */
export interface HarnessOptions {
  /** Settings (`PREFECT_…`) of the flows under test, besides those that the harness needs. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  /** Settings of the server. */
  readonly server?: Readonly<Record<string, string>> | undefined;
  /** Whether values of runs are written and read again, as they are between processes. Default true. */
  readonly roundTrip?: boolean | undefined;
}

/** How one run under test differs from a real one. */
export interface RunOptions {
  /** Tasks whose body is replaced: `[[load, async ({ url }) => 'page']]`. */
  readonly mocks?: readonly Mock[] | undefined;
}

/** A server of one test, and a way to run flows and tasks against it. */
export interface Harness extends AsyncDisposable {
  readonly apiUrl: string;
  /** A folder that goes with the harness; results lie in it. */
  readonly home: string;
  /** What tells another process of the server. */
  readonly environment: Readonly<Record<string, string>>;
  /** Every operation of the API. */
  readonly client: Client;
  /** Runs a flow to its end and gives what the server then knows. Does not reject when the run fails. */
  run<I, O>(flow: Flow<I, O>, ...input: InputArguments<I, [options?: RunOptions]>): Promise<TestedRun<O>>;
  /** Runs a task outside any flow. */
  runTask<I, O>(task: Task<I, O>, ...input: InputArguments<I, [options?: RunOptions]>): Promise<O>;
  /** Runs any code whose flows, tasks and calls of the API go to this server. */
  within<T>(work: () => T, options?: RunOptions): T;
  /** Waits until the server has every event and log that was sent. */
  flush(): Promise<void>;
}

/**
 * A real server in memory for one test: nothing is shared, so tests may run side by side.
 *
 * @example
 * await using h = await harness();
 * const run = await h.run(crawl, { seeds: ['https://x.test'] }, { mocks: [[load, async () => 'page']] });
 * expect(run.states).toEqual(['Pending', 'Running', 'Completed']);
 */
export async function harness(options: HarnessOptions = {}): Promise<Harness> {
  const home = await mkdtemp(join(tmpdir(), 'prefect-ts-harness-'));
  const server = await startServerInMemory({ PREFECT_HOME: home, ...options.server });
  const environment = {
    PREFECT_HOME: home,
    PREFECT_API_URL: server.apiUrl,
    PREFECT_RESULTS_LOCAL_STORAGE_PATH: join(home, 'storage'),
    PREFECT_TESTING_TEST_MODE: 'true',
    PREFECT_LOGGING_LEVEL: 'CRITICAL',
    ...options.settings,
  };
  const session = sessionFor(loadSettings({ env: environment }));
  const roundTrip = options.roundTrip ?? true;
  const within = <T>(work: () => T, { mocks = [] }: RunOptions = {}): T => {
    const testing = { mocks: mocksByKey(mocks), roundTrip };
    return runInContext({ ...currentContext(), session, testing }, work);
  };
  return {
    apiUrl: server.apiUrl,
    home,
    environment,
    client: within(openClient),
    within,
    flush: () => session.flush(),
    run: (flow, ...[input, runOptions]: unknown[]) =>
      within(async () => readRun(session, await stateOf(flow, input)), runOptions as RunOptions | undefined),
    runTask: (task, ...[input, runOptions]: unknown[]) =>
      within(() => (task as Task<unknown, never>)(input), runOptions as RunOptions | undefined),
    [Symbol.asyncDispose]: () => end(session, server, home),
  };
}

function stateOf<O>(flow: { state: unknown }, input: unknown) {
  return (flow as Flow<unknown, O>).state(input);
}

async function end(session: Session, server: { stop(): Promise<void> }, home: string): Promise<void> {
  await session.close();
  await server.stop();
  await rm(home, { recursive: true, force: true });
}
