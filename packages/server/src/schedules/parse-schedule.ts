import { type Micros, parseTimestamp, SECOND } from '@prefect-ts/protocol';
import { parseCron } from './cron-expression.ts';
import { formatWall } from './format-wall.ts';
import { parseDuration } from './interval.ts';
import { parseRecurrence, RRuleSyntaxError } from './rrule-text.ts';
import { InvalidScheduleError, type Schedule } from './schedule.ts';
import { DAY, isZoneName } from './zone.ts';

/**
 * Reads a schedule from a request, filling in what it left out. The keys decide the kind: `interval`, `cron` or `rrule`.
 *
 * @param now the anchor of an interval that names none.
 * @throws InvalidScheduleError
 */
export function parseSchedule(value: unknown, now: Micros): Schedule {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidScheduleError('Input should be a valid dictionary', undefined, 'model_type');
  }
  const body: Record<string, unknown> = { ...value };
  if ('interval' in body) return parseInterval(body, now);
  if ('cron' in body) return parseCronSchedule(body);
  if ('rrule' in body) return parseRRule(body);
  throw new InvalidScheduleError('Field required', 'interval', 'missing');
}

function parseInterval(body: Record<string, unknown>, now: Micros): Schedule {
  refuseOtherKeys(body, ['interval', 'anchor_date', 'timezone']);
  const interval = readInterval(body.interval);
  if (interval <= 0) throw new InvalidScheduleError('interval must be positive', 'interval');
  const anchor = 'anchor_date' in body ? readAnchor(body.anchor_date) : formatWall(now, 0, 'T', 'Z');
  return { interval: interval / SECOND, anchor_date: anchor, timezone: readZone(body.timezone) ?? 'UTC' };
}

const LONGEST_INTERVAL: Micros = 999_999_999 * DAY;

function readInterval(value: unknown): Micros {
  const micros =
    typeof value === 'string' ? parseDuration(value) : typeof value === 'number' ? Math.round(value * SECOND) : undefined;
  if (micros !== undefined && Math.abs(micros) <= LONGEST_INTERVAL) return micros;
  const isText = typeof value === 'string' || micros !== undefined;
  throw new InvalidScheduleError(
    'Input should be a valid timedelta',
    'interval',
    isText ? 'time_delta_parsing' : 'time_delta_type',
  );
}

/** Numbers past this are milliseconds. */
const LARGEST_UNIX_SECONDS = 2e10;

function readAnchor(value: unknown): string {
  const number = typeof value === 'string' && /^-?\d{5,}(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) {
    const micros = Math.round(number * (Math.abs(number) > LARGEST_UNIX_SECONDS ? 1000 : SECOND));
    if (Math.abs(micros) < 250_000 * 366 * DAY) return formatWall(micros, 0, 'T', 'Z');
  }
  const instant = typeof value === 'string' ? parseTimestamp(value) : undefined;
  if (typeof value !== 'string' || instant === undefined) {
    throw new InvalidScheduleError('value is not a valid datetime', 'anchor_date');
  }
  const utc = parseTimestamp(value.replace(/(?<=:.*|T.*)(Z|[+-]\d\d:?\d\d|[+-]\d\d)$/i, 'Z')) ?? instant;
  return formatWall(instant, utc - instant, 'T', 'Z');
}

function parseCronSchedule(body: Record<string, unknown>): Schedule {
  refuseOtherKeys(body, ['cron', 'timezone', 'day_or']);
  const cron = readText(body.cron, 'cron');
  if (!parseCron(withoutRandomFields(cron))) throw new InvalidScheduleError(`Invalid cron string: "${cron}"`, 'cron');
  if (cron !== withoutRandomFields(cron)) {
    throw new InvalidScheduleError(`Random and Hashed expressions are unsupported, received: "${cron}"`, 'cron');
  }
  return { cron, timezone: readZone(body.timezone), day_or: readBoolean(body.day_or ?? true, 'day_or') };
}

/** A random field is well formed, only not supported; a hashed one is not even well formed. */
function withoutRandomFields(cron: string): string {
  return cron.replace(/(?<=^|\s)r(?=\s|$)/gi, '*');
}

const LONGEST_RRULE = 6500;

function parseRRule(body: Record<string, unknown>): Schedule {
  refuseOtherKeys(body, ['rrule', 'timezone']);
  const rrule = readText(body.rrule, 'rrule');
  const timezone = 'timezone' in body ? readZone(body.timezone) : 'UTC';
  if (timezone === '') throw invalidZone(timezone);
  try {
    parseRecurrence(rrule);
  } catch (error) {
    if (!(error instanceof RRuleSyntaxError)) throw error;
    throw new InvalidScheduleError(`Invalid RRule string "${rrule}": ${error.message}`, 'rrule');
  }
  if (rrule.length > LONGEST_RRULE) {
    const message = `Invalid RRule string "${rrule.slice(0, 40)}..."\nMax length is ${LONGEST_RRULE}, got ${rrule.length}`;
    throw new InvalidScheduleError(message, 'rrule');
  }
  return { rrule, timezone };
}

function refuseOtherKeys(body: Record<string, unknown>, known: string[]): void {
  const other = Object.keys(body).find((key) => !known.includes(key));
  if (other !== undefined) throw new InvalidScheduleError('Extra inputs are not permitted', other, 'extra_forbidden');
}

function readText(value: unknown, field: string): string {
  if (typeof value !== 'string') throw new InvalidScheduleError('Input should be a valid string', field, 'string_type');
  return value;
}

const BOOLEAN_WORDS = new Map([
  ...['true', 't', 'yes', 'y', 'on', '1'].map((word) => [word, true] as const),
  ...['false', 'f', 'no', 'n', 'off', '0'].map((word) => [word, false] as const),
]);

function readBoolean(value: unknown, field: string): boolean {
  const read = ['string', 'number', 'boolean'].includes(typeof value)
    ? BOOLEAN_WORDS.get(String(value).toLowerCase())
    : undefined;
  if (read === undefined) throw new InvalidScheduleError('Input should be a valid boolean', field, 'bool_type');
  return read;
}

function readZone(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const name = readText(value, 'timezone');
  if (name !== '' && !isZoneName(name)) throw invalidZone(name);
  return name;
}

function invalidZone(name: string): InvalidScheduleError {
  const message = `Invalid timezone: "${name}" (specify in IANA tzdata format, for example, America/New_York)`;
  return new InvalidScheduleError(message, 'timezone');
}
