/** Microseconds since the Unix epoch: the precision of every timestamp on the wire, exact in a JavaScript number until the year 2255. */
export type Micros = number;

export const SECOND: Micros = 1_000_000;

/** Most timestamps of a moment lie in the same second, so its text is kept. */
let formattedSecond = Number.NaN;
let secondText = '';

/** Writes a timestamp as the API does: UTC, suffix `Z`, six fractional digits unless the fraction is zero. */
export function formatTimestamp(time: Micros): string {
  const second = Math.floor(time / SECOND);
  if (second !== formattedSecond) {
    secondText = new Date(second * 1000).toISOString().slice(0, 19);
    formattedSecond = second;
  }
  const fraction = time - second * SECOND;
  return fraction === 0 ? `${secondText}Z` : `${secondText}.${String(SECOND + fraction).slice(1)}Z`;
}

/** Writes a timestamp as event labels do: like {@link formatTimestamp}, with `+00:00` in place of `Z`. */
export function formatLabelTimestamp(time: Micros): string {
  return `${formatTimestamp(time).slice(0, -1)}+00:00`;
}

const TIMESTAMP = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|z|[+-]\d\d:?\d\d|[+-]\d\d)?$/;

/**
 * Reads an ISO 8601 timestamp with any offset; one without an offset is UTC.
 *
 * @returns the time, or `undefined` when the text is no timestamp or names a day that does not exist.
 */
export function parseTimestamp(text: string): Micros | undefined {
  return parseCommonForm(text) ?? parseAnyForm(text);
}

/** Writes a timestamp of any spelling as {@link formatTimestamp} does; `undefined` when the text is none. */
export function normalizeTimestamp(text: string): string | undefined {
  const common = parseCommonForm(text);
  if (common !== undefined && text.length === 27 && common % SECOND !== 0) return text;
  const time = common ?? parseAnyForm(text);
  return time === undefined ? undefined : formatTimestamp(time);
}

const [COLON, DOT, T, Z] = [0x3a, 0x2e, 0x54, 0x5a];
let readDay = '';
let readDayStart: Micros | undefined;

/** As we and most clients write it, `2026-11-23T11:52:55.298305Z`, with or without fraction: by far the most frequent, and cheap to read. */
function parseCommonForm(text: string): Micros | undefined {
  const end = text.length - 1;
  if (end < 19 || end > 26 || text.charCodeAt(end) !== Z || text.charCodeAt(10) !== T) return undefined;
  if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return undefined;
  if (end > 19 && (text.charCodeAt(19) !== DOT || end === 20)) return undefined;
  const day = text.slice(0, 10);
  if (day !== readDay) {
    readDayStart = parseAnyForm(day);
    readDay = day;
  }
  const [hours, minutes, seconds] = [digits(text, 11, 13), digits(text, 14, 16), digits(text, 17, 19)];
  const fraction = end > 19 ? digits(text, 20, end) * 10 ** (26 - end) : 0;
  if (readDayStart === undefined || Number.isNaN(hours + minutes + seconds + fraction)) return undefined;
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  return readDayStart + ((hours * 60 + minutes) * 60 + seconds) * SECOND + fraction;
}

/** The number that the characters between two places write; not a number when one of them is no digit. */
function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let index = from; index < to; index += 1) {
    const digit = text.charCodeAt(index) - 0x30;
    number = digit >= 0 && digit <= 9 ? number * 10 + digit : Number.NaN;
  }
  return number;
}

function parseAnyForm(text: string): Micros | undefined {
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
