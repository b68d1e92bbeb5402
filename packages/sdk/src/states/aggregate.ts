import type { State, StateInit } from './state.ts';

/** The state that a run ends in when it returned the states of other runs (contract, SDK 5.6). */
export function aggregateStates(states: readonly State[], single = false): StateInit {
  const total = states.length;
  const count = (...types: string[]) => states.filter((state) => types.includes(state.type)).length;
  const outcome = { kind: 'states', states, single } as const;
  if (count('COMPLETED') === total) return { type: 'COMPLETED', message: 'All states completed.', outcome };
  if (count('CANCELLED') > 0) return { type: 'CANCELLED', message: `${count('CANCELLED')}/${total} states cancelled.`, outcome };
  if (count('PAUSED') > 0) return { type: 'PAUSED', message: `${count('PAUSED')}/${total} states paused.`, outcome };
  return { type: 'FAILED', message: failureMessage(states, count('FAILED', 'CRASHED')), outcome };
}

function failureMessage(states: readonly State[], failed: number): string {
  if (failed > 0) return `${failed}/${states.length} states failed.`;
  const unfinished = states.filter((state) => !state.isFinal()).length;
  return `${unfinished}/${states.length} states are not final.`;
}
