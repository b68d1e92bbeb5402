import {
  formatTimestamp,
  type Micros,
  parseTimestamp,
  SECOND,
  type UiResolvedWindow,
  type UiTimeWindow,
} from '@prefect-ts/protocol';

const UNITS: Readonly<Record<string, Micros>> = { m: 60 * SECOND, h: 3600 * SECOND, d: 86_400 * SECOND };

/** A stretch of time as a page asks for it, in instants; an open end is null. */
export interface TimeWindow {
  readonly after: Micros | null;
  readonly before: Micros | null;
}

/** Turns a window into instants: `-7d` reaches from seven days ago to now, `+24h` from now to a day ahead. */
export function resolveWindow(window: UiTimeWindow | null | undefined, now: Micros): TimeWindow {
  const match = /^([+-])(\d+)([mhd])$/.exec(window?.relative ?? '');
  if (!match) return { after: instant(window?.after), before: instant(window?.before) };
  const [, sign, count, unit = ''] = match;
  const span = Number(count) * (UNITS[unit] ?? 0);
  return sign === '-' ? { after: now - span, before: now } : { after: now, before: now + span };
}

export function windowResponse({ after, before }: TimeWindow): UiResolvedWindow {
  return { after: after === null ? null : formatTimestamp(after), before: before === null ? null : formatTimestamp(before) };
}

function instant(text: string | null | undefined): Micros | null {
  return text ? (parseTimestamp(text) ?? null) : null;
}
