/** Words for spans and instants. All spans are in milliseconds. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span as two units at most: `850 ms`, `4.2 s`, `3 m 12 s`, `2 h 5 m`, `3 d 4 h`. */
export function formatSpan(millis: number): string {
  if (millis < 0) return `-${formatSpan(-millis)}`;
  if (millis < SECOND) return `${Math.round(millis)} ms`;
  if (millis < 10 * SECOND) return `${(Math.floor(millis / 100) / 10).toFixed(1)} s`;
  if (millis < MINUTE) return `${Math.floor(millis / SECOND)} s`;
  if (millis < HOUR) return twoUnits(millis, MINUTE, 'm', SECOND, 's');
  if (millis < DAY) return twoUnits(millis, HOUR, 'h', MINUTE, 'm');
  return twoUnits(millis, DAY, 'd', HOUR, 'h');
}

function twoUnits(millis: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.floor((millis % large) / small);
  return `${Math.floor(millis / large)} ${largeName}${rest > 0 ? ` ${rest} ${smallName}` : ''}`;
}

/** An instant as seen from `now`: `just now`, `12 s ago`, `in 3 min`, `2 h ago`, `5 d ago`. */
export function formatRelative(instant: number, now: number): string {
  const distance = Math.abs(instant - now);
  if (distance < 5 * SECOND) return instant > now ? 'in a moment' : 'just now';
  const words = roundSpan(distance);
  return instant > now ? `in ${words}` : `${words} ago`;
}

function roundSpan(millis: number): string {
  if (millis < MINUTE) return `${Math.floor(millis / SECOND)} s`;
  if (millis < HOUR) return `${Math.floor(millis / MINUTE)} min`;
  if (millis < DAY) return `${Math.floor(millis / HOUR)} h`;
  return `${Math.floor(millis / DAY)} d`;
}

/** An instant in full, with its zone, for tooltips and details. */
export function formatInstant(instant: number, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'medium',
    ...(timeZone ? { timeZone } : {}),
  }).format(instant);
}

/** The time of day with milliseconds, as in a log line. */
export function formatClock(instant: number): string {
  const time = new Date(instant);
  const pad = (value: number, width: number) => String(value).padStart(width, '0');
  return `${pad(time.getHours(), 2)}:${pad(time.getMinutes(), 2)}:${pad(time.getSeconds(), 2)}.${pad(time.getMilliseconds(), 3)}`;
}

/** Milliseconds since 1970 of a timestamp on the wire; `undefined` for null. */
export function millisOf(timestamp: string | null | undefined): number | undefined {
  if (!timestamp) return undefined;
  const millis = Date.parse(timestamp);
  return Number.isNaN(millis) ? undefined : millis;
}
