import { CancelledRun, CrashedRun, FailedRun, MissingResult, PausedRun, UnfinishedRun } from '../errors.ts';
import type { State } from './state.ts';

/** The value of a run in this state, from memory or from where it was kept; throws what the run threw. */
export async function resultOfState<T>(state: State<T>): Promise<T> {
  if (state.type === 'PAUSED') throw new PausedRun('The run is paused, so it has no result yet.');
  if (!state.isFinal()) throw new UnfinishedRun(`Run is in ${state.type} state, its result is not available.`);
  if (state.type !== 'COMPLETED') throw await errorOfState(state);
  if (state.outcome?.kind === 'value') return state.outcome.value;
  if (state.outcome?.kind === 'error') return state.outcome.error as T;
  if (state.outcome?.kind === 'states') {
    const values = await Promise.all(state.outcome.states.map((each) => each.result()));
    return (state.outcome.single ? values[0] : values) as T;
  }
  if (state.metadata) return (await readKept(state)) as T;
  throw new MissingResult('The run completed, but its result was not kept.', {
    hint: 'Set `persist: true` on the flow or task to read its result later.',
  });
}

/** What a failed, crashed or cancelled run threw; made from the message where the error itself is not there. */
export async function errorOfState(state: State): Promise<unknown> {
  const { outcome } = state;
  if (outcome?.kind === 'error') return outcome.error;
  if (outcome?.kind === 'states') {
    const failed = outcome.states.find((each) => ['FAILED', 'CRASHED', 'CANCELLED'].includes(each.type));
    if (failed) return errorOfState(failed);
  }
  if (state.metadata) {
    // The record may lie on another machine; the message then has to do.
    const kept = await readKept(state).catch(() => undefined);
    if (kept instanceof Error) return kept;
  }
  if (state.type === 'CRASHED') return new CrashedRun(state.message ?? 'Run crashed.');
  if (state.type === 'CANCELLED') return new CancelledRun(state.message ?? 'Run cancelled.');
  return new FailedRun(state.message ?? 'Run failed.');
}

async function readKept(state: State): Promise<unknown> {
  if (state.outcome?.kind === 'kept') return state.outcome.read();
  const { readResult } = await import('../results/read.ts');
  return state.metadata ? readResult(state.metadata) : undefined;
}
