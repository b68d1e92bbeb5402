import { aggregateStates } from '../states/aggregate.ts';
import { isState, type State, type StateInit } from '../states/state.ts';
import { isFuture } from '../tasks/future.ts';
import { resolveReturned } from '../tasks/resolve.ts';

/** The state that a run ends in when its body returned this (contract, SDK 5.6). Runs that were returned are waited for. */
export async function finalStateOf(returned: unknown): Promise<StateInit> {
  if (typeof returned !== 'object' || returned === null) return completed(returned);
  if (isState(returned) && !belongsToRun(returned)) return returned;
  if (isRun(returned)) return aggregateStates([await stateOf(returned)], true);
  const list = Array.isArray(returned) ? returned : returned instanceof Set ? [...returned] : [];
  if (list.length > 0 && list.every(isRun)) return aggregateStates(await Promise.all(list.map(stateOf)));
  return completed(await resolveReturned(returned));
}

function completed(value: unknown): StateInit {
  return { type: 'COMPLETED', outcome: { kind: 'value', value } };
}

function isRun(value: unknown): boolean {
  return isFuture(value) || isState(value);
}

async function stateOf(run: unknown): Promise<State> {
  return isFuture(run) ? run.watch() : (run as State);
}

function belongsToRun({ details }: State): boolean {
  return Boolean(details.task_run_id ?? details.flow_run_id);
}
