import { randomUUID } from 'node:crypto';
import type { FlowRunResponse } from '@prefect-ts/protocol';
import type { ApiClient } from '../client/client.ts';
import { PrefectHTTPStatusError } from '../client/errors.ts';
import { type CancellationWatch, watchCancellations } from './cancellation-watch.ts';
import { ControlChannel } from './control-channel.ts';
import { engineCommand, entrypointLanguage } from './engine-command.ts';
import { runLateHooks } from './late-hooks.ts';
import { consoleLogger, type Logger } from './logger.ts';
import { outlastDowntime } from './outlast-downtime.ts';
import { type PollLoop, startPollLoop } from './poll-loop.ts';
import { proposeState } from './propose-state.ts';
import { type RunEvents, subscribeToRunEvents } from './run-events.ts';
import { type RunningProcess, type StartProcess, startProcess } from './start-process.ts';
import { superviseFlowRun } from './supervise-flow-run.ts';

/** A deployment whose runs a runner starts. */
export interface ServedDeployment {
  id: string;
  name: string;
  /** Where the flow is: `path:export`, the path absolute or relative to `directory`. */
  entrypoint: string;
  /** The folder that runs execute in. */
  directory: string;
}

export interface RunnerOptions {
  client: ApiClient;
  deployments: readonly ServedDeployment[];
  /** Default: `runner-` and a random id. */
  name?: string | undefined;
  /** How many runs may be under way at once; null: no limit. Default 5. */
  limit?: number | null | undefined;
  /** Seconds between polls. Default 10. */
  querySeconds?: number | undefined;
  /** How long before its time a run is taken. Default 10. */
  prefetchSeconds?: number | undefined;
  /** Whether schedules rest while nobody serves. Default true. */
  pauseOnShutdown?: boolean | undefined;
  /** Polls once, waits for the runs it got, and ends. */
  runOnce?: boolean | undefined;
  /** Prefect settings that the runs share, as environment variables. Default: the API's address. */
  settings?: Readonly<Record<string, string>> | undefined;
  /** How a run's process is started. Default: a new process for each. */
  startProcess?: StartProcess | undefined;
  log?: Logger | undefined;
}

/** A runner at work. */
export interface RunningRunner {
  readonly name: string;
  /** The number of runs under way. */
  readonly running: number;
  /** When the last poll ended well, in milliseconds since the epoch. */
  readonly lastPollAt: number;
  /** Settles when the runner has ended. */
  readonly ended: Promise<void>;
  /** Polls now. */
  wake(): void;
  /** Cancels the runs under way, pauses the deployments, and ends. */
  stop(): Promise<void>;
  /** Like {@link stop}, and ends the runs by force. */
  kill(): Promise<void>;
}

/** Starts what `serve` is: a loop that takes due runs of some deployments and executes each in a process of its own. */
export async function startRunner(options: RunnerOptions): Promise<RunningRunner> {
  const runner = new Runner(options, await ControlChannel.open());
  runner.start();
  return runner;
}

class Runner implements RunningRunner {
  readonly name: string;
  readonly #options: RunnerOptions;
  readonly #log: Logger;
  readonly #control: ControlChannel;
  readonly #cancellations: CancellationWatch;
  readonly #limit: number;
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #killing = new AbortController();
  readonly #ended = Promise.withResolvers<void>();
  #polling: PollLoop | undefined;
  #newRuns: RunEvents | undefined;
  #finishing: Promise<void> | undefined;

  constructor(options: RunnerOptions, control: ControlChannel) {
    this.name = options.name ?? `runner-${randomUUID()}`;
    this.#options = options;
    this.#log = options.log ?? consoleLogger('prefect.runner');
    this.#control = control;
    this.#cancellations = watchCancellations(options.client);
    this.#limit = options.limit === null ? Number.POSITIVE_INFINITY : (options.limit ?? 5);
    // Whoever awaits `ended` sees the error; nobody has to.
    this.#ended.promise.catch(() => undefined);
  }

  get running(): number {
    return this.#underWay.size;
  }

  get lastPollAt(): number {
    return this.#polling?.lastPollAt ?? Date.now();
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  start(): void {
    const { client, deployments, runOnce, querySeconds = 10 } = this.#options;
    if (runOnce) {
      void this.#runOnce();
      return;
    }
    this.#polling = startPollLoop({
      poll: () => this.#poll(),
      everySeconds: querySeconds,
      isFatal: (error) => error instanceof PrefectHTTPStatusError && (error.status === 401 || error.status === 403),
      onTrouble: (error, failures, seconds) => {
        const say = failures === 1 || failures % 10 === 0 ? this.#log.warning : this.#log.debug;
        say(`The poll failed (${failures} in a row), next try in ${seconds.toFixed(1)} s: ${messageOf(error)}`);
      },
      onRecovery: (failures) => this.#log.info(`The poll works again after ${failures} failures.`),
    });
    this.#polling.ended.catch((error: unknown) => this.#finish(error));
    this.#newRuns = subscribeToRunEvents({
      client,
      events: ['prefect.flow-run.Scheduled'],
      relatedTo: deployments.map(({ id }) => `prefect.deployment.${id}`),
      onEvent: () => this.wake(),
      onReady: () => this.wake(),
    });
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
      await this.#poll();
      await Promise.all(this.#underWay.values());
      await this.#finish();
    } catch (error) {
      await this.#finish(error);
    }
  }

  async #poll(): Promise<void> {
    if (this.#underWay.size >= this.#limit) return;
    const { client, deployments, prefetchSeconds = 10 } = this.#options;
    const body = {
      deployment_ids: deployments.map(({ id }) => id),
      scheduled_before: new Date(Date.now() + prefetchSeconds * 1000).toISOString(),
    };
    const due = await client.call('POST /deployments/get_scheduled_flow_runs', { body, signal: this.#stopping.signal });
    due.sort((a, b) => Date.parse(a.next_scheduled_start_time ?? '') - Date.parse(b.next_scheduled_start_time ?? ''));
    const waiting = due.filter(({ id }) => !this.#underWay.has(id));
    const taken = waiting.slice(0, Math.max(0, this.#limit - this.#underWay.size));
    for (const flowRun of taken) this.#take(flowRun);
    const skipped = waiting.length - taken.length;
    if (skipped > 0) this.#log.info(`${skipped} scheduled runs skipped (at capacity)`);
  }

  #take(flowRun: FlowRunResponse): void {
    const wasFull = (): boolean => this.#underWay.size + 1 >= this.#limit;
    const run = this.#execute(flowRun)
      .catch((error: unknown) => this.#log.error(`Flow run '${flowRun.name}': ${messageOf(error)}`))
      .finally(() => {
        this.#underWay.delete(flowRun.id);
        if (wasFull()) this.wake();
      });
    this.#underWay.set(flowRun.id, run);
  }

  async #execute(flowRun: FlowRunResponse): Promise<void> {
    const { client, deployments } = this.#options;
    const deployment = deployments.find(({ id }) => id === flowRun.deployment_id);
    if (!deployment) return;
    const { accepted, state, reason } = await proposeState(client, flowRun.id, { type: 'PENDING', name: 'Pending' });
    if (state?.type === 'CANCELLING') {
      const message = 'Flow run was cancelled before execution started.';
      await proposeState(client, flowRun.id, { type: 'CANCELLED', name: 'Cancelled', message }, { force: true });
    }
    if (!accepted) return this.#log.info(`Flow run '${flowRun.name}' is not started now${reason ? `: ${reason}` : ''}`);
    // May come after the run's own Running; the server then refuses it, which is fine.
    proposeState(client, flowRun.id, { type: 'PENDING', name: 'Submitting' }).catch(() => undefined);
    await this.#runProcess(flowRun, deployment);
  }

  async #runProcess(flowRun: FlowRunResponse, deployment: ServedDeployment): Promise<void> {
    const { client } = this.#options;
    const start = this.#options.startProcess ?? startProcess;
    const control = this.#control.admit();
    const env = {
      // The runner has compared versions with the server; its runs need not.
      PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED: 'false',
      ...process.env,
      ...(this.#options.settings ?? { PREFECT_API_URL: client.apiUrl }),
      ...control.env,
      PREFECT__FLOW_RUN_ID: flowRun.id,
      PREFECT__DEPLOYMENT_NAME: deployment.name,
      PREFECT__FLOW_ENTRYPOINT: deployment.entrypoint,
    };
    const language = entrypointLanguage(deployment.entrypoint);
    const place = { cwd: deployment.directory, env, showOutput: true };
    let child: RunningProcess;
    try {
      child = await start({ ...engineCommand(language, env), ...place });
    } catch (error) {
      control.close();
      const message = `Flow run could not start: ${messageOf(error)}`;
      await proposeState(client, flowRun.id, { type: 'CRASHED', name: 'Crashed', message });
      return;
    }
    await superviseFlowRun({
      client,
      flowRun,
      process: child,
      control,
      cancellations: this.#cancellations,
      signal: this.#stopping.signal,
      killSignal: this.#killing.signal,
      onShutdown: 'cancel',
      runHooks: language === 'typescript' ? (hook) => runLateHooks(hook, place, this.#killing.signal, start) : undefined,
      runnerName: this.name,
      log: this.#log,
    });
  }

  #finish(error?: unknown): Promise<void> {
    this.#finishing ??= this.#windDown().then(() => {
      if (error === undefined) this.#ended.resolve();
      else this.#ended.reject(error);
    });
    return this.#finishing;
  }

  async #windDown(): Promise<void> {
    const { pauseOnShutdown = true, runOnce } = this.#options;
    this.#stopping.abort();
    this.#newRuns?.close();
    await this.#polling?.stop();
    if (pauseOnShutdown && !runOnce) await this.#pauseDeployments();
    await Promise.all(this.#underWay.values());
    this.#cancellations.close();
    this.#control.close();
  }

  async #pauseDeployments(): Promise<void> {
    const { client, deployments } = this.#options;
    this.#log.info('Pausing all deployments...');
    const pause = (id: string) => client.call('PATCH /deployments/{id}', { path: { id }, body: { paused: true } });
    try {
      await Promise.all(deployments.map(({ id }) => outlastDowntime(() => pause(id), 5)));
      this.#log.info('All deployments have been paused!');
    } catch (error) {
      this.#log.warning(`Not all deployments could be paused: ${messageOf(error)}`);
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
