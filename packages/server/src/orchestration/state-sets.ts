import { STATE_TYPES, TERMINAL_STATE_TYPES } from '@prefect-ts/protocol';
import type { MaybeType } from './transition.ts';

/** The nine types and no state. */
export const ALL: ReadonlySet<MaybeType> = new Set([...STATE_TYPES, null]);

export const TERMINAL: ReadonlySet<MaybeType> = new Set(TERMINAL_STATE_TYPES);

export function only(...types: MaybeType[]): ReadonlySet<MaybeType> {
  return new Set(types);
}

export function allBut(...types: MaybeType[]): ReadonlySet<MaybeType> {
  return new Set([...ALL].filter((type) => !types.includes(type)));
}
