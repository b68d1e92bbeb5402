import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkPoolResponse } from '@prefect-ts/protocol';
import { PrefectHTTPStatusError } from 'prefect-ts/client';
import {
  consoleLogger,
  isPassing,
  type Logger,
  type PollLoop,
  type RunEvents,
  startPollLoop,
  watchCancellations,
} from 'prefect-ts/runner';
import type { BaseWorker, WorkerClass } from './base-worker.ts';
import { type Adoption, adoptRuns } from './life-cycle/adopt-runs.ts';
import { type HealthServer, startHealthServer } from './life-cycle/health-server.ts';
import { cancelPendingRuns } from './life-cycle/pending-cancellation.ts';
import { createRunDispatcher, type RunDispatcher } from './life-cycle/run-dispatcher.ts';
import { submitFlowRun } from './life-cycle/submit-flow-run.ts';
import { syncWithPool } from './life-cycle/sync-with-pool.ts';
import { openWakeChannel, type WakeChannel } from './life-cycle/wake-channel.ts';
import { relatedPool, type WorkerEvents, workerEvents } from './life-cycle/worker-events.ts';
import type { RunningWorker, WorkerOptions } from './worker-options.ts';

/** A worker was given a name that ids and URLs cannot carry. */
export class InvalidWorkerNameError extends Error {
  override readonly name = 'InvalidWorkerNameError';
}

const UNHEALTHY_AFTER_POLLS = 30;
/** Runs get 30 s to end, and their ends some time to be told. */
const LAST_RUNS_MS = 45_000;
const FAREWELL_MS = 3000;

/** Starts a worker of some type on a pool; it works until it is stopped, whatever the server does. */
export async function startWorker(workerClass: WorkerClass, options: WorkerOptions): Promise<RunningWorker> {
  const name = options.name ?? `${workerClass.name} ${randomUUID()}`;
  if (/[/%]/.test(name)) throw new InvalidWorkerNameError(`The worker name '${name}' must not contain '/' or '%'.`);
  const session = new WorkerSession(workerClass, name, options);
  await session.start();
  return session;
}

class WorkerSession implements RunningWorker {
  readonly name: string;
  readonly #class: WorkerClass;
  readonly #options: WorkerOptions;
  readonly #log: Logger;
  readonly #stopping = new AbortController();
  readonly #killing = new AbortController();
  readonly #events: WorkerEvents;
  readonly #cancellations: ReturnType<typeof watchCancellations>;
  readonly #worker: BaseWorker;
  readonly #dispatcher: RunDispatcher;
  readonly #adoption: Adoption;
  readonly #ended = Promise.withResolvers<void>();
  #pool: WorkPoolResponse | undefined;
  #started: string | undefined;
  #health: HealthServer | undefined;
  #wakeChannel: WakeChannel | undefined;
  #pendingCancellation: RunEvents | undefined;
  #syncing: PollLoop | undefined;
  #polling: PollLoop | undefined;
  #finishing: Promise<void> | undefined;

  constructor(workerClass: WorkerClass, name: string, options: WorkerOptions) {
    const { client } = options;
    this.name = name;
    this.#class = workerClass;
    this.#options = options;
    this.#log = options.log ?? consoleLogger('prefect.flow_runs.worker');
    this.#events = workerEvents({ client, log: this.#log, workerName: name, workerType: workerClass.type });
    this.#cancellations = watchCancellations(client);
    this.#worker = new workerClass({
      client,
      log: this.#log,
      workerName: name,
      cancellations: this.#cancellations,
      killSignal: this.#killing.signal,
      ...(options.graceSeconds === undefined ? {} : { graceSeconds: options.graceSeconds }),
      // What runs once has no second run to prepare for.
      warmProcesses: options.runOnce ? 0 : (options.warmProcesses ?? 0),
    });
    this.#dispatcher = createRunDispatcher({
      client,
      pool: options.pool,
      queues: options.queues ?? [],
      prefetchSeconds: options.prefetchSeconds ?? 10,
      limit: options.limit,
      signal: this.#stopping.signal,
      submit: (flowRun, onAccepted) => this.#submit(flowRun, onAccepted),
      onError: (flowRun, error) => this.#log.error(`Flow run '${flowRun.name}' was lost from sight: ${messageOf(error)}`),
      onMorePossible: () => this.wake(),
    });
    this.#adoption = adoptRuns({
      client,
      log: this.#log,
      worker: this.#worker,
      workerName: name,
      pool: () => this.#pool,
      settings: this.#settings,
      signal: this.#stopping.signal,
      take: (flowRun, follow) => this.#dispatcher.adopt(flowRun, follow),
    });
    // Whoever awaits `ended` sees the error; nobody has to.
    this.#ended.promise.catch(() => undefined);
  }

  get healthPort(): number | undefined {
    return this.#health?.port;
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  get #settings(): Readonly<Record<string, string>> {
    const { client, settings } = this.#options;
    return settings ?? { PREFECT_API_URL: client.apiUrl };
  }

  async start(): Promise<void> {
    await this.#setUp();
    const { health, runOnce, heartbeatSeconds = 30, querySeconds = 10 } = this.#options;
    const startedAt = Date.now();
    if (health) {
      const patience = UNHEALTHY_AFTER_POLLS * querySeconds * 1000;
      this.#health = await startHealthServer({
        ...health,
        isHealthy: () => Date.now() - (this.#polling?.lastPollAt ?? startedAt) <= patience,
        unhealthyMessage: 'Worker may be unresponsive at this time',
      });
    }
    if (runOnce) {
      void this.#runOnce();
      return;
    }
    this.#syncing = this.#loop('heartbeat', heartbeatSeconds, () => this.#sync());
    this.#polling = this.#loop('poll', querySeconds, () => this.#poll());
  }

  async #setUp(): Promise<void> {
    try {
      await this.#worker.setUp?.();
    } catch (error) {
      this.#cancellations.close();
      throw error;
    }
  }

  wake(): void {
    this.#polling?.wake();
  }

  stop(): Promise<void> {
    return this.#finish();
  }

  kill(): Promise<void> {
    this.#killing.abort();
    return this.#finish();
  }

  async #runOnce(): Promise<void> {
    try {
      await this.#sync();
      await this.#poll();
      await this.#dispatcher.drained();
      await this.#finish();
    } catch (error) {
      await this.#finish(error);
    }
  }

  #loop(what: string, everySeconds: number, poll: () => Promise<void>): PollLoop {
    const loop = startPollLoop({
      poll,
      everySeconds,
      isFatal: isRefusal,
      onTrouble: (error, failures, seconds) => {
        const say = failures === 1 || failures % 10 === 0 ? this.#log.warning : this.#log.debug;
        say(`The ${what} failed (${failures} in a row), next try in ${seconds.toFixed(1)} s: ${messageOf(error)}`);
      },
      onRecovery: (failures) => this.#log.info(`The ${what} works again after ${failures} failures.`),
    });
    loop.ended.catch((error: unknown) => this.#finish(error));
    return loop;
  }

  async #sync(): Promise<void> {
    const { client, pool, heartbeatSeconds = 30, listed = true, createPool = true, jobTemplate } = this.#options;
    const found = await syncWithPool({
      client,
      log: this.#log,
      worker: this.#class,
      workerName: this.name,
      pool,
      heartbeatSeconds,
      listed,
      createPool,
      jobTemplate,
      signal: this.#stopping.signal,
    });
    const first = this.#pool === undefined;
    this.#pool = found;
    if (found && first) this.#onPoolKnown(found);
    if (found && !this.#options.runOnce) await this.#adoptRuns();
  }

  async #adoptRuns(): Promise<void> {
    try {
      await this.#adoption.look();
    } catch (error) {
      // The next heartbeat looks again.
      this.#log.debug(`Runs of workers that are gone were not looked for: ${messageOf(error)}`);
    }
  }

  #onPoolKnown(pool: WorkPoolResponse): void {
    const { client } = this.#options;
    if (pool.type !== this.#class.type) {
      this.#log.warning(
        `Worker type mismatch! This worker is of type '${this.#class.type}', the work pool '${pool.name}' is of type '${pool.type}'.`,
      );
    }
    this.#started ??= this.#events.emit('prefect.worker.started', [relatedPool(pool)]);
    if (this.#options.runOnce || this.#stopping.signal.aborted) return;
    this.#wakeChannel ??= openWakeChannel({
      client,
      pool,
      workerName: this.name,
      queues: this.#options.queues ?? [],
      prefetchSeconds: this.#options.prefetchSeconds ?? 10,
      onWake: () => this.wake(),
    });
    if (this.#options.cancelPending) {
      this.#pendingCancellation ??= cancelPendingRuns({
        client,
        log: this.#log,
        worker: this.#worker,
        workerClass: this.#class,
        pool,
        isUnderWay: (id) => this.#dispatcher.has(id),
      });
    }
    this.wake();
  }

  async #poll(): Promise<void> {
    if (this.#pool) await this.#dispatcher.poll();
  }

  #submit(flowRun: Parameters<typeof submitFlowRun>[1], onAccepted: () => void): Promise<void> {
    const { client } = this.#options;
    if (!this.#pool) return Promise.resolve();
    return submitFlowRun(
      {
        client,
        log: this.#log,
        worker: this.#worker,
        workerName: this.name,
        workerType: this.#class.type,
        pool: this.#pool,
        settings: this.#settings,
        events: this.#events,
        signal: this.#stopping.signal,
        onAccepted,
      },
      flowRun,
    );
  }

  #finish(error?: unknown): Promise<void> {
    this.#finishing ??= this.#windDown().then(() => {
      if (error === undefined) this.#ended.resolve();
      else this.#ended.reject(error);
    });
    return this.#finishing;
  }

  async #windDown(): Promise<void> {
    this.#stopping.abort();
    this.#wakeChannel?.close();
    this.#pendingCancellation?.close();
    await Promise.all([this.#polling?.stop(), this.#syncing?.stop()]);
    await Promise.race([this.#dispatcher.drained(), sleep(LAST_RUNS_MS, undefined, { ref: false })]);
    if (this.#pool) this.#events.emit('prefect.worker.stopped', [relatedPool(this.#pool)], this.#started);
    await Promise.race([this.#events.flush(), sleep(FAREWELL_MS, undefined, { ref: false })]);
    this.#cancellations.close();
    await Promise.all([this.#health?.close(), this.#worker.close?.()]);
  }
}

/** Trying again with the same credentials cannot help. */
function isRefusal(error: unknown): boolean {
  return error instanceof PrefectHTTPStatusError && !isPassing(error) && (error.status === 401 || error.status === 403);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
