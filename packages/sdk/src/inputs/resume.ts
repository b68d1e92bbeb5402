import { uuid4 } from '@prefect-ts/protocol';
import { type Duration, toSeconds } from '../durations.ts';
import { proposeState, RunAborted } from '../engine/propose.ts';
import { FlowPauseTimeout, NotPausedError, PauseRefused } from '../errors.ts';
import { currentSession } from '../session/session.ts';
import { State } from '../states/state.ts';
import { pausedState } from './pause.ts';

/** Lets a paused or suspended run go on. See `resume` of the package's root. */
export async function resumeRun(flowRunId: string, input: Readonly<Record<string, unknown>> | undefined): Promise<void> {
  const { client } = currentSession();
  const body = input === undefined ? {} : { run_input: { ...input } };
  const { status, state, details } = await client.call('POST /flow_runs/{id}/resume', { path: { id: flowRunId }, body });
  if (status === 'ACCEPT') return;
  const reason = ('reason' in details && details.reason) || 'the server gave no reason';
  if (state?.type === 'FAILED') throw new FlowPauseTimeout(`Flow run ${flowRunId} can no longer be resumed: ${reason}`);
  if (!state) throw new NotPausedError(`Flow run ${flowRunId} cannot be resumed: ${reason}`);
  throw new PauseRefused(`Flow run ${flowRunId} cannot be resumed: ${reason}`);
}

/** Suspends another run of a deployment: its process ends at its next task. */
export async function suspendOther(flowRunId: string, timeout: Duration | undefined): Promise<void> {
  const seconds = timeout === undefined ? undefined : toSeconds(timeout);
  const state = pausedState({ name: 'Suspended', pauseKey: uuid4(), seconds, reschedule: true, keyset: undefined });
  try {
    const entered = await proposeState(currentSession(), flowRunId, new State(state));
    if (!entered.isPaused()) throw new PauseRefused(`Flow run ${flowRunId} cannot be suspended: it is ${entered}.`);
  } catch (error) {
    if (!(error instanceof RunAborted)) throw error;
    throw new PauseRefused(`Flow run ${flowRunId} cannot be suspended: ${error.message}`, { cause: error });
  }
}
