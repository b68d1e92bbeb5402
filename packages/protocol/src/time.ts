/** Microseconds since the Unix epoch: the precision of every timestamp on the wire, exact in a JavaScript number until the year 2255. */
export type Micros = number;

export const SECOND: Micros = 1_000_000;

/** Writes a timestamp as the API does: UTC, suffix `Z`, six fractional digits unless the fraction is zero. */
export function formatTimestamp(time: Micros): string {
  const millis = Math.floor(time / 1000);
  const iso = new Date(millis).toISOString();
  const fraction = time - Math.floor(time / SECOND) * SECOND;
  return fraction === 0 ? `${iso.slice(0, 19)}Z` : `${iso.slice(0, 20)}${String(fraction).padStart(6, '0')}Z`;
}

/** Writes a timestamp as event labels do: like {@link formatTimestamp}, with `+00:00` in place of `Z`. */
export function formatLabelTimestamp(time: Micros): string {
  return `${formatTimestamp(time).slice(0, -1)}+00:00`;
}

const [Z, T, DOT] = [0x5a, 0x54, 0x2e];

const TIMESTAMP = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|z|[+-]\d\d:?\d\d|[+-]\d\d)?$/;

/**
 * Reads an ISO 8601 timestamp with any offset; one without an offset is UTC.
 *
 * @returns the time, or `undefined` when the text is no timestamp or names a day that does not exist.
 */
export function parseTimestamp(text: string): Micros | undefined {
  // As we and most clients write it: cheaper to read, and by far the most frequent.
  if (text.length === 27 && text.charCodeAt(26) === Z && text.charCodeAt(10) === T && text.charCodeAt(19) === DOT) {
    const millis = Date.parse(`${text.slice(0, 23)}Z`);
    const rest = Number(text.slice(23, 26));
    if (!Number.isNaN(millis) && !Number.isNaN(rest) && Number(text.slice(8, 10)) <= 28) return millis * 1000 + rest;
  }
  const match = TIMESTAMP.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', offset] = match;
  const millis = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(millis) || new Date(millis).getUTCDate() !== Number(day)) return undefined;
  return millis * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6)) - offsetMicros(offset);
}

function offsetMicros(offset: string | undefined): Micros {
  if (offset === undefined || offset === 'Z' || offset === 'z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3).replace(':', '') || 0);
  return (offset.startsWith('-') ? -minutes : minutes) * 60 * SECOND;
}

let lastNow = 0;
let origin = 0;
let originReadAt = Number.NEGATIVE_INFINITY;

/** The current time; two calls in one process never give the same value, so timestamps made in order sort in order. */
export function nowMicros(): Micros {
  const elapsed = performance.now();
  // The fine clock does not follow corrections of the machine's time, so it is set anew each second.
  if (elapsed - originReadAt > 1000) {
    origin = Date.now() - elapsed;
    originReadAt = elapsed;
  }
  lastNow = Math.max(Math.round((origin + elapsed) * 1000), lastNow + 1);
  return lastNow;
}
