import { isTerminal, type State } from '@prefect-ts/protocol';
import type { ApiClient } from '../client/client.ts';
import type { CancellationWatch } from './cancellation-watch.ts';
import type { ControlLink } from './control-channel.ts';
import { processCrashMessage } from './exit-status.ts';
import type { LateHook } from './late-hooks.ts';
import type { Logger } from './logger.ts';
import { outlastDowntime } from './outlast-downtime.ts';
import { proposeState } from './propose-state.ts';
import { announceCancelledRun, type SupervisedRun } from './run-resources.ts';
import type { RunningProcess } from './start-process.ts';

/**
 * What becomes of a run whose supervisor shuts down: it crashed (a worker), it is cancelled (`serve`), it is scheduled anew, or nothing is
 * told because the infrastructure starts it again.
 */
export type OnShutdown = 'crash' | 'cancel' | 'reschedule' | 'relinquish';

export interface SuperviseOptions {
  client: ApiClient;
  flowRun: SupervisedRun;
  /** Who supervises, as events name it. Default `standalone`. */
  runnerName?: string;
  process: RunningProcess;
  control: ControlLink;
  cancellations: CancellationWatch;
  /** Aborted when the supervisor shuts down. */
  signal: AbortSignal;
  /** Aborted when there is no time for grace any more. */
  killSignal?: AbortSignal;
  onShutdown: OnShutdown;
  /** Runs hooks that the process of the run did not get to; without it they are left out. */
  runHooks?: ((hook: LateHook) => Promise<void>) | undefined;
  log: Logger;
  /** Seconds between asking a process to end and ending it. Default 30. */
  graceSeconds?: number;
}

/** How the process of a run ended. */
export interface SupervisedEnd {
  /** The exit status; 0 when the run's outcome is known for sure. */
  status: number;
  ending: 'finished' | 'crashed' | 'cancelled' | 'stopped' | 'rescheduled' | 'relinquished';
}

const GRACE_SECONDS = 30;
const SHUTDOWN_PATIENCE_SECONDS = 5;

/**
 * Stays with the process of a run until it is gone: ends it when the run is cancelled or the supervisor shuts down, and tells the server
 * at once when the process died without a word (contract, SDK 23.1 and 23.2).
 */
export async function superviseFlowRun(options: SuperviseOptions): Promise<SupervisedEnd> {
  const { flowRun, process: child, control, graceSeconds = GRACE_SECONDS } = options;
  let request: 'cancel' | OnShutdown | undefined;
  let ending: Promise<unknown> = Promise.resolve();

  function end(reason: 'cancel' | OnShutdown): void {
    if (request) return;
    request = reason;
    ending = endProcess(reason);
  }

  async function endProcess(reason: 'cancel' | OnShutdown): Promise<void> {
    if (control.receipt) return;
    if (reason !== 'crash') await control.send(reason);
    if (reason === 'reschedule') await reschedule(options);
    await child.terminate(graceSeconds);
  }

  const unwatch = options.cancellations.watch(flowRun.id, () => end('cancel'));
  const onAbort = (): void => end(options.onShutdown);
  const onKill = (): void => child.kill();
  options.signal.addEventListener('abort', onAbort, { once: true });
  options.killSignal?.addEventListener('abort', onKill, { once: true });
  if (options.signal.aborted) onAbort();
  const status = await child.exited;
  unwatch();
  options.signal.removeEventListener('abort', onAbort);
  options.killSignal?.removeEventListener('abort', onKill);
  await ending;
  control.close();
  return conclude(options, request, status);
}

async function conclude(
  options: SuperviseOptions,
  request: 'cancel' | OnShutdown | undefined,
  status: number,
): Promise<SupervisedEnd> {
  const { control, flowRun, log, signal } = options;
  if (control.receipt) return { status: 0, ending: 'finished' };
  if (request === 'cancel') {
    return reportCancelled(options, signal.aborted ? 'Runner is shutting down.' : 'Flow run was cancelled successfully.');
  }
  if (request === 'reschedule') return { status: 0, ending: 'rescheduled' };
  if (request === 'relinquish') return { status: 1, ending: 'relinquished' };
  if (status === 0 && !(await wasAbandoned(options))) return { status, ending: 'finished' };
  log.error(`The process of flow run '${flowRun.name}' exited with status code ${status}`);
  const message = processCrashMessage(status);
  const patienceSeconds = patienceOf(options);
  const crashed = { type: 'CRASHED', name: 'Crashed', message } as const;
  const { accepted } = await proposeState(options.client, flowRun.id, crashed, { patienceSeconds });
  if (accepted) await runHooks(options, 'crashed');
  return { status, ending: request === 'crash' ? 'stopped' : 'crashed' };
}

/** Code that ends its own process leaves a run that runs for ever, unless someone looks. */
async function wasAbandoned(options: SuperviseOptions): Promise<boolean> {
  if (!options.control.tellsOutcomes) return false;
  return (await readState(options))?.type === 'RUNNING';
}

async function reschedule(options: SuperviseOptions): Promise<void> {
  const { client, flowRun, log } = options;
  const now = { scheduled_time: new Date().toISOString() };
  const found = await readState(options);
  const isOver = isTerminal(found?.type) && found?.type !== 'CRASHED';
  const state = { type: 'SCHEDULED', name: 'AwaitingRetry', state_details: now } as const;
  const accepted = !isOver && (await proposeState(client, flowRun.id, state, { patienceSeconds: patienceOf(options) })).accepted;
  log.info(accepted ? 'Flow run successfully rescheduled.' : 'Flow run was not rescheduled.');
}

function readState(options: SuperviseOptions): Promise<State | null> {
  const { client, flowRun } = options;
  const read = async () => (await client.call('GET /flow_runs/{id}', { path: { id: flowRun.id } })).state;
  return outlastDowntime(read, patienceOf(options));
}

/** An engine that heard of the cancellation has reported it itself; otherwise it is reported here. */
async function reportCancelled(options: SuperviseOptions, message: string): Promise<SupervisedEnd> {
  const { client, flowRun } = options;
  const patienceSeconds = patienceOf(options);
  const state = await readState(options);
  if (!isTerminal(state?.type)) {
    await runHooks(options, 'cancellation');
    await proposeState(client, flowRun.id, { type: 'CANCELLED', name: 'Cancelled', message }, { force: true, patienceSeconds });
  }
  await announceCancelledRun(client, options.runnerName ?? 'standalone', flowRun);
  return { status: 0, ending: 'cancelled' };
}

/** A supervisor that shuts down cannot wait long for a server that is away. */
function patienceOf({ signal }: SuperviseOptions): number | undefined {
  return signal.aborted ? SHUTDOWN_PATIENCE_SECONDS : undefined;
}

async function runHooks({ runHooks: run, log, flowRun }: SuperviseOptions, hook: LateHook): Promise<void> {
  try {
    await run?.(hook);
  } catch (error) {
    log.error(`The ${hook} hooks of flow run '${flowRun.name}' could not be run: ${error}`);
  }
}
