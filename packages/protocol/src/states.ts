import type { StateType } from './generated/api.ts';

export const STATE_TYPES = [
  'SCHEDULED',
  'PENDING',
  'RUNNING',
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'CRASHED',
  'PAUSED',
  'CANCELLING',
] as const satisfies readonly StateType[];

export const TERMINAL_STATE_TYPES = ['COMPLETED', 'CANCELLED', 'FAILED', 'CRASHED'] as const satisfies readonly StateType[];

/** Tells whether a run in a state of this type is over. */
export function isTerminal(type: StateType | null | undefined): boolean {
  return (TERMINAL_STATE_TYPES as readonly unknown[]).includes(type);
}

/** The name of a state that was given none: the type in title case, for example `Running`. */
export function defaultStateName(type: StateType): string {
  return type
    .split('_')
    .map((word) => word[0] + word.slice(1).toLowerCase())
    .join(' ');
}
