import type { StateType } from '@prefect-ts/protocol';
import type { Output } from './output.ts';

type Paint = (colors: Output['colors']) => (text: string) => string;

const PAINT: Readonly<Record<StateType, Paint>> = {
  SCHEDULED: ({ yellow }) => yellow,
  PENDING: ({ gray }) => gray,
  RUNNING: ({ blue }) => blue,
  COMPLETED: ({ green }) => green,
  FAILED: ({ red }) => red,
  CANCELLED: ({ gray }) => gray,
  CANCELLING: ({ gray }) => gray,
  CRASHED: ({ magenta }) => magenta,
  PAUSED: ({ gray }) => gray,
};

/** Colours a text by the type of the state it tells of. */
export function paintState({ colors }: Output, type: StateType | null | undefined, text: string): string {
  return type ? PAINT[type](colors)(text) : text;
}
