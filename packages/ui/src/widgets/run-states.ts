import type { StateType } from '@prefect-ts/protocol';
import { Ban, Check, CircleDashed, CircleSlash, Clock, type LucideIcon, Pause, Play, Timer, X, Zap } from 'lucide-react';

/** How a state looks. Class names are written out, so that the style sheet holds them. */
export interface StateLook {
  Glyph: LucideIcon;
  badge: string;
  text: string;
  solid: string;
  /** The CSS variable of the solid colour, for canvas and SVG. */
  variable: string;
}

const LOOKS = {
  SCHEDULED: look(Clock, 'scheduled', 'bg-scheduled-bg text-scheduled-fg', 'text-scheduled-fg', 'bg-scheduled-solid'),
  PENDING: look(CircleDashed, 'pending', 'bg-pending-bg text-pending-fg', 'text-pending-fg', 'bg-pending-solid'),
  RUNNING: look(Play, 'running', 'bg-running-bg text-running-fg', 'text-running-fg', 'bg-running-solid'),
  COMPLETED: look(Check, 'completed', 'bg-completed-bg text-completed-fg', 'text-completed-fg', 'bg-completed-solid'),
  FAILED: look(X, 'failed', 'bg-failed-bg text-failed-fg', 'text-failed-fg', 'bg-failed-solid'),
  CRASHED: look(Zap, 'crashed', 'bg-crashed-bg text-crashed-fg', 'text-crashed-fg', 'bg-crashed-solid'),
  CANCELLED: look(Ban, 'cancelled', 'bg-cancelled-bg text-cancelled-fg', 'text-cancelled-fg', 'bg-cancelled-solid'),
  CANCELLING: look(CircleSlash, 'cancelled', 'bg-cancelled-bg text-cancelled-fg', 'text-cancelled-fg', 'bg-cancelled-solid'),
  PAUSED: look(Pause, 'paused', 'bg-paused-bg text-paused-fg', 'text-paused-fg', 'bg-paused-solid'),
} satisfies Record<StateType, StateLook>;

function look(Glyph: LucideIcon, token: string, badge: string, text: string, solid: string): StateLook {
  return { Glyph, badge, text, solid, variable: `--state-${token}-solid` };
}

/** The look of a state; a scheduled run that is late has the glyph of a stop-watch. */
export function stateLook(type: StateType | null, name?: string | null): StateLook {
  const found = LOOKS[type ?? 'PENDING'];
  return name === 'Late' ? { ...found, Glyph: Timer } : found;
}
