import { currentContext } from '../context/context.ts';
import type { StateInit } from '../states/state.ts';
import { deserializeResult, JSON_SERIALIZER, serializeResult } from './serializer.ts';

/**
 * In a test: the value of a run as another process would read it. A value that cannot be written fails there, and not for the first time
 * in production.
 */
export function throughStorage(ended: StateInit): StateInit {
  if (!currentContext().testing?.roundTrip || ended.outcome?.kind !== 'value') return ended;
  const { value } = ended.outcome;
  return { ...ended, outcome: { kind: 'value', value: deserializeResult(serializeResult(value), JSON_SERIALIZER) } };
}
