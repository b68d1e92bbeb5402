import { hostname } from 'node:os';
import type { TaskRun } from '@prefect-ts/protocol';
import { CachePolicy } from '../cache/policies.ts';
import { Pool } from '../engine/pool.ts';
import { takeOverSignals } from '../engine/process-guard.ts';
import { executeTaskRun } from '../engine/task-engine.ts';
import { ConfigurationError } from '../errors.ts';
import { openLastingSocket } from '../runner/lasting-socket.ts';
import { currentSession, type Session } from '../session/session.ts';
import type { TaskDefinition } from '../tasks/definition.ts';
import { readInput } from './parameters.ts';
import { serveStatus, type WorkerStatus } from './status-server.ts';

/** How tasks are served. */
export interface ServeTasksOptions {
  /** Runs at once; null: no bound. Default 10. */
  readonly limit?: number | null | undefined;
  /** Port of this machine on which `GET /status` tells what goes on. Default: none. */
  readonly statusPort?: number | undefined;
  /** Ends the serving when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

const COME_BACK_SECONDS = 0.5;

/** Serves tasks until the process is told to end, or the signal aborts. See `serveTasks` of the package's root. */
export async function serveDefinitions(tasks: readonly TaskDefinition[], options: ServeTasksOptions = {}): Promise<void> {
  if (tasks.length === 0) throw new ConfigurationError('There is no task to serve.');
  const session = currentSession();
  const worker = new TaskWorker(session, tasks, options.limit === null ? undefined : (options.limit ?? 10));
  const status = options.statusPort === undefined ? undefined : await serveStatus(options.statusPort, () => worker.status);
  const handBack = takeOverSignals();
  try {
    const signal = await untilTold(options.signal);
    const stopped = worker.stop();
    if (signal) await inPeace(stopped, signal, handBack);
    await stopped;
  } finally {
    handBack();
    await status?.close();
    await session.flush();
  }
}

const GRACE_MS = Number(process.env.PREFECT_TS_SHUTDOWN_GRACE ?? 10) * 1000;

/** Runs have some time to end when the process is told to; then they crash, as runs do whose process is told to end. */
async function inPeace(stopped: Promise<void>, signal: NodeJS.Signals, handBack: () => void): Promise<void> {
  const timer = setTimeout(() => {
    handBack();
    process.kill(process.pid, signal);
  }, GRACE_MS);
  await stopped;
  clearTimeout(timer);
}

/** Receives task runs, acknowledges each at once, and runs them. */
class TaskWorker {
  readonly #session: Session;
  readonly #tasks: ReadonlyMap<string, TaskDefinition>;
  readonly #pool: Pool | undefined;
  readonly #inFlight = new Map<string, Promise<void>>();
  readonly #clientId = `${hostname()}-${process.pid}`;
  readonly #startedAt = new Date();
  readonly #limit: number | undefined;
  readonly #socket: { close(): void };
  #finished = 0;
  #stopping = false;

  constructor(session: Session, tasks: readonly TaskDefinition[], limit: number | undefined) {
    this.#session = session;
    this.#limit = limit;
    this.#tasks = new Map(tasks.map((task) => [task.key, served(task)]));
    this.#pool = limit === undefined ? undefined : new Pool(limit);
    let send: (message: unknown) => void = () => {};
    this.#socket = openLastingSocket({
      client: session.client,
      path: '/task_runs/subscriptions/scheduled',
      retryAfter: () => COME_BACK_SECONDS,
      onReady: (write) => {
        send = write;
        write({ type: 'subscribe', keys: [...this.#tasks.keys()], client_id: this.#clientId });
      },
      onMessage: (message) => {
        if (this.#stopping) return;
        send({ type: 'ack' });
        this.#take(message as unknown as TaskRun);
      },
    });
  }

  get status(): WorkerStatus {
    const current = this.#inFlight.size;
    return {
      client_id: this.#clientId,
      started_at: this.#startedAt.toISOString(),
      stopping: this.#stopping,
      limit: this.#limit ?? null,
      current,
      available: this.#limit === undefined ? null : Math.max(0, this.#limit - current),
      tasks: [...this.#tasks.keys()],
      finished: this.#finished,
      in_flight: [...this.#inFlight.keys()],
    };
  }

  /** Takes no more runs, and waits for those under way. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#socket.close();
    await Promise.all(this.#inFlight.values());
  }

  #take(run: TaskRun): void {
    // The server may send a run again that it was not sure about.
    if (this.#inFlight.has(run.id)) return;
    const done = this.#run(run)
      .catch((error: unknown) => warn(`Task run '${run.name}' could not be run: ${error}`))
      .finally(() => {
        this.#inFlight.delete(run.id);
        this.#finished++;
      });
    this.#inFlight.set(run.id, done);
  }

  async #run(run: TaskRun): Promise<void> {
    // A process that is being ended leaves what it had not begun to others.
    if (this.#session.node.aborted) return;
    const leave = await this.#pool?.enter(this.#session.node);
    try {
      const task = this.#tasks.get(run.task_key);
      if (!task) return await this.#discard(run, `the task ${run.task_key} is not served here`);
      const id = run.state?.state_details.task_parameters_id;
      const found = id ? await readInput(this.#session.results, id) : { input: undefined };
      if (!found) return await this.#discard(run, `its input ${id} is not in ${this.#session.results.recordedKey('parameters')}`);
      await executeTaskRun(task, run, found.input, this.#session);
    } catch (error) {
      if (this.#session.node.aborted) return;
      await this.#discard(run, error instanceof Error ? error.message : String(error));
    } finally {
      leave?.();
    }
  }

  async #discard(run: TaskRun, reason: string): Promise<void> {
    warn(`Task run '${run.name}' cannot be run: ${reason}`);
    if (!this.#session.settings.get('PREFECT_TASKS_SCHEDULING_DELETE_FAILED_SUBMISSIONS')) return;
    await this.#session.client.call('DELETE /task_runs/{id}', { path: { id: run.id } });
  }
}

/** Whoever submitted the run finds its result only in the storage. */
function served(task: TaskDefinition): TaskDefinition {
  const cachePolicy = task.cachePolicy?.caches === false ? CachePolicy.default : task.cachePolicy;
  return { ...task, persist: true, cachePolicy };
}

/** Resolves with the signal that ends the process, or with nothing when the caller ends the serving. */
function untilTold(caller: AbortSignal | undefined): Promise<NodeJS.Signals | undefined> {
  return new Promise((resolve) => {
    const stop = (signal?: NodeJS.Signals) => {
      process.off('SIGTERM', stop).off('SIGINT', stop);
      resolve(signal);
    };
    if (caller?.aborted) return stop();
    caller?.addEventListener('abort', () => stop(), { once: true });
    process.once('SIGTERM', stop).once('SIGINT', stop);
  });
}

function warn(message: string): void {
  process.stderr.write(`${message}\n`);
}
