import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FlowRun } from '@prefect-ts/protocol';
import type { ApiClient } from 'prefect-ts/client';
import { type Logger, outlastDowntime } from 'prefect-ts/runner';
import type { RunResult } from './base-worker.ts';
import {
  type Infrastructure,
  type InfrastructureEnd,
  InfrastructureNotAvailableError,
  InfrastructureNotFoundError,
} from './infrastructure.ts';
import type { JobConfiguration } from './job-template/job-configuration.ts';
import { reportAbandoned, reportCancelled } from './life-cycle/report-end.ts';

export interface FollowOptions<Config extends JobConfiguration> {
  readonly client: ApiClient;
  readonly log: Logger;
  readonly infrastructure: Infrastructure<Config>;
  readonly flowRun: FlowRun;
  readonly config: Config;
  readonly id: string;
  /** Aborted when the worker shuts down. */
  readonly signal: AbortSignal;
  /** Aborted when the run is cancelled. */
  readonly cancelled: AbortSignal;
  readonly graceSeconds: number;
}

/** What comes on top of the grace that a run's own supervisor gives its process before it ends that by force. */
const SUPERVISOR_SECONDS = 15;

/** Stays with the infrastructure of a run to its end, and ends it when the run is cancelled. A worker that shuts down leaves it running. */
export async function followInfrastructure<Config extends JobConfiguration>(options: FollowOptions<Config>): Promise<RunResult> {
  const { client, log, infrastructure, flowRun, config, id, signal, cancelled } = options;
  const watch = infrastructure.watch(id, config, { log, signal });
  const over = new AbortController();
  const cancellation = cancelWhenAsked(options, over.signal);
  let end: InfrastructureEnd;
  try {
    end = await Promise.race([watch, rejectedBy(signal, over.signal)]);
  } catch (error) {
    if (signal.aborted) {
      log.info(`Flow run '${flowRun.name}' goes on as ${id} without this worker.`);
      return { id, exitCode: 0, unwatched: true };
    }
    if (!(error instanceof InfrastructureNotFoundError)) throw error;
    end = { exitCode: -1, reason: `its infrastructure ${id} is not there any more` };
  } finally {
    over.abort();
    watch.catch(() => undefined);
  }
  const { message } = await cancellation;
  if (cancelled.aborted) {
    await reportCancelled(client, flowRun, message);
    return { id, ...end, crashReported: true };
  }
  const crashReported = end.exitCode === 0 && !end.unwatched && (await reportAbandoned(client, flowRun, id));
  return { id, ...end, crashReported };
}

/** Rejects when `signal` is aborted; stops listening when `over` is. */
async function rejectedBy(signal: AbortSignal, over: AbortSignal): Promise<never> {
  signal.throwIfAborted();
  await once(signal, 'abort', { signal: over });
  throw signal.reason;
}

interface Cancellation {
  /** What the Cancelled state says. */
  readonly message: string;
}

/** Waits until the run is cancelled, and ends it then; gives up when its infrastructure is over. */
async function cancelWhenAsked<Config extends JobConfiguration>(
  options: FollowOptions<Config>,
  over: AbortSignal,
): Promise<Cancellation> {
  const { client, log, flowRun, config, cancelled, graceSeconds } = options;
  let message = 'Flow run was cancelled successfully.';
  try {
    if (!cancelled.aborted) await once(cancelled, 'abort', { signal: over });
    const { start_time } = await outlastDowntime(() => client.call('GET /flow_runs/{id}', { path: { id: flowRun.id } }));
    if (start_time === null) message = 'Flow run cancelled by worker while pending.';
    else if (supervisesItself(config.command)) {
      await sleep((graceSeconds + SUPERVISOR_SECONDS) * 1000, undefined, { signal: over });
      log.warning(`Flow run '${flowRun.name}' did not end by itself when it was cancelled.`);
    }
    if (!over.aborted) await end(options);
  } catch (error) {
    if (!over.aborted) log.error(`Flow run '${flowRun.name}' could not be cancelled: ${error}`);
  }
  return { message };
}

/** The command that workers give by themselves watches over its run from inside, and runs its hooks when it is cancelled. */
function supervisesItself(command: string | null): boolean {
  return command === null || /\bflow-run execute\b/.test(command);
}

async function end<Config extends JobConfiguration>(options: FollowOptions<Config>): Promise<void> {
  const { log, infrastructure, flowRun, config, id, graceSeconds } = options;
  try {
    await infrastructure.kill(id, graceSeconds, config);
  } catch (error) {
    if (error instanceof InfrastructureNotFoundError) return;
    if (!(error instanceof InfrastructureNotAvailableError)) throw error;
    log.warning(`Flow run '${flowRun.name}' cannot be ended from here: ${error.message}`);
  }
}
