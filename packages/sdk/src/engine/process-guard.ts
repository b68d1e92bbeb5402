import { processNode, RunCancelled, Shutdown } from '../context/abort.ts';
import { writeWaitingLines } from '../logging/console.ts';
import { flushAll } from '../session/session.ts';
import type { Intent } from './control-client.ts';
import { asError, describeError } from './failure-text.ts';

const MESSAGES = {
  SIGINT: 'Execution was aborted by an interrupt signal.',
  SIGTERM: 'Execution was aborted by a termination signal.',
} as const;

export interface GuardOptions {
  /** What a supervisor said before it sent SIGTERM. */
  readonly intent?: () => Intent | undefined;
}

let askIntent: () => Intent | undefined = () => undefined;

const active = new Set<Promise<unknown>>();

/**
 * Watches over the process while a run goes on: a signal, or an error that nobody caught, stops the runs, which then report that they
 * crashed, before the process ends as it would have without us.
 */
export async function guarded<T>(work: () => Promise<T>, options: GuardOptions = {}): Promise<T> {
  if (active.size === 0) install();
  askIntent = options.intent ?? askIntent;
  const running = work();
  active.add(running);
  try {
    return await running;
  } finally {
    active.delete(running);
    // The process is about to end as the signal says: nobody shall go on, or exit in another way, before that.
    if (processNode.aborted) await new Promise(() => {});
    if (active.size === 0) uninstall();
  }
}

function install(): void {
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  process.on('uncaughtException', onUncaught).on('unhandledRejection', onUncaught);
}

function uninstall(): void {
  process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  process.off('uncaughtException', onUncaught).off('unhandledRejection', onUncaught);
}

/** How many programs decide themselves what a signal means for the runs of this process. */
let signalsElsewhere = 0;

/** Leaves signals to the caller, who wants runs to end in peace. @returns how to hand them back */
export function takeOverSignals(): () => void {
  let taken = true;
  signalsElsewhere++;
  return () => {
    if (taken) signalsElsewhere--;
    taken = false;
  };
}

function onSignal(signal: NodeJS.Signals): void {
  if (processNode.aborted || signalsElsewhere > 0) return;
  const intent = signal === 'SIGTERM' ? askIntent() : undefined;
  if (intent === 'cancel') {
    processNode.abort(new RunCancelled('Flow run was cancelled.'));
    void settleRuns().then(() => process.exit(0));
    return;
  }
  if (intent !== undefined) {
    // Somebody else takes the run over: not a word about it from here.
    void flushAll().then(() => process.exit(0));
    return;
  }
  processNode.abort(new Shutdown(MESSAGES[signal as keyof typeof MESSAGES]));
  void settleRuns().then(() => {
    uninstall();
    process.kill(process.pid, signal);
  });
}

function onUncaught(thrown: unknown): void {
  if (processNode.aborted) return;
  const error = asError(thrown);
  process.stderr.write(`${error.stack ?? describeError(error)}\n`);
  processNode.abort(
    new Shutdown(`Execution was interrupted by an unexpected exception: ${describeError(error)}`, { cause: error }),
  );
  void settleRuns().then(() => process.exit(1));
}

/** Gives the runs time to report their end. */
async function settleRuns(): Promise<void> {
  const ended = Promise.allSettled(active).then(flushAll);
  const graceMs = Number(process.env.PREFECT_TS_SHUTDOWN_GRACE ?? 10) * 1000;
  const late = new Promise<void>((resolve) => setTimeout(resolve, graceMs).unref());
  await Promise.race([ended, late]);
  writeWaitingLines();
}
