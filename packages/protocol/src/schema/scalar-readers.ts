import { formatTimestamp, parseTimestamp } from '../time.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Location, ValidationIssue } from './validation-error.ts';

/** Checks one value, reports what is wrong with it, and returns its canonical form. `strict` forbids coercion. */
export type Reader = (value: unknown, loc: Location, issues: ValidationIssue[], strict: boolean) => unknown;

export const readNull: Reader = (value, loc, issues) => {
  if (value === null) return null;
  issues.push({ type: 'none_required', loc, msg: 'Input should be None', input: value });
  return undefined;
};

export const readBoolean: Reader = (value, loc, issues, strict) => {
  if (typeof value === 'boolean') return value;
  if (!strict) {
    const known = BOOLEANS.get(typeof value === 'string' ? value.toLowerCase() : value);
    if (known !== undefined) return known;
  }
  const parsing = !strict && (typeof value === 'string' || typeof value === 'number');
  issues.push({
    type: parsing ? 'bool_parsing' : 'bool_type',
    loc,
    msg: parsing ? 'Input should be a valid boolean, unable to interpret input' : 'Input should be a valid boolean',
    input: value,
  });
  return undefined;
};

const BOOLEANS = new Map<unknown, boolean>([
  [1, true],
  [0, false],
  ...['1', 'true', 't', 'yes', 'y', 'on'].map((text): [string, boolean] => [text, true]),
  ...['0', 'false', 'f', 'no', 'n', 'off'].map((text): [string, boolean] => [text, false]),
]);

export const readInteger: Reader = (value, loc, issues, strict) => {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return value;
    if (Number.isInteger(value)) return tooLarge(value, loc, issues);
    issues.push({
      type: 'int_from_float',
      loc,
      msg: 'Input should be a valid integer, got a number with a fractional part',
      input: value,
    });
    return undefined;
  }
  if (!strict && typeof value === 'boolean') return value ? 1 : 0;
  if (!strict && typeof value === 'string') {
    if (/^\s*[+-]?\d+(\.0*)?\s*$/.test(value))
      return Number.isSafeInteger(Number(value)) ? Number(value) : tooLarge(value, loc, issues);
    issues.push({
      type: 'int_parsing',
      loc,
      msg: 'Input should be a valid integer, unable to parse string as an integer',
      input: value,
    });
    return undefined;
  }
  issues.push({ type: 'int_type', loc, msg: 'Input should be a valid integer', input: value });
  return undefined;
};

/** No database could keep it, or nobody could read it back. */
function tooLarge(value: unknown, loc: Location, issues: ValidationIssue[]): undefined {
  issues.push({
    type: 'int_parsing_size',
    loc,
    msg: 'Unable to parse input string as an integer, exceeded maximum size',
    input: value,
  });
  return undefined;
}

export const readNumber: Reader = (value, loc, issues, strict) => {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (!strict && typeof value === 'boolean') return value ? 1 : 0;
  if (!strict && typeof value === 'string') {
    if (value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
    issues.push({
      type: 'float_parsing',
      loc,
      msg: 'Input should be a valid number, unable to parse string as a number',
      input: value,
    });
    return undefined;
  }
  issues.push({ type: 'float_type', loc, msg: 'Input should be a valid number', input: value });
  return undefined;
};

/** Makes the reader for a string schema, by its format. */
export function stringReader(schema: JsonSchema): Reader {
  if (schema.format === 'uuid') return readUuid;
  if (schema.format === 'date-time') return readTimestamp;
  if (schema.format === 'duration') return readDuration;
  const { minLength, maxLength } = schema;
  const pattern = schema.pattern === undefined ? undefined : new RegExp(schema.pattern, 'u');
  return (value, loc, issues) => {
    if (typeof value !== 'string') {
      issues.push({ type: 'string_type', loc, msg: 'Input should be a valid string', input: value });
      return undefined;
    }
    if (maxLength !== undefined && value.length > maxLength)
      issues.push({
        type: 'string_too_long',
        loc,
        msg: `String should have at most ${maxLength} character${maxLength === 1 ? '' : 's'}`,
        input: value,
        ctx: { max_length: maxLength },
      });
    if (minLength !== undefined && value.length < minLength)
      issues.push({
        type: 'string_too_short',
        loc,
        msg: `String should have at least ${minLength} character${minLength === 1 ? '' : 's'}`,
        input: value,
        ctx: { min_length: minLength },
      });
    if (pattern && !pattern.test(value))
      issues.push({
        type: 'string_pattern_mismatch',
        loc,
        msg: `String should match pattern '${schema.pattern}'`,
        input: value,
        ctx: { pattern: schema.pattern },
      });
    return value;
  };
}

const CANONICAL_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ANY_UUID = /^(?:urn:uuid:)?\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$/i;

const readUuid: Reader = (value, loc, issues) => {
  if (typeof value === 'string') {
    if (CANONICAL_UUID.test(value)) return value;
    const match = ANY_UUID.exec(value);
    if (match) return match.slice(1).join('-').toLowerCase();
    issues.push({
      type: 'uuid_parsing',
      loc,
      msg: 'Input should be a valid UUID, unable to parse the text as one',
      input: value,
      ctx: { error: 'not a UUID' },
    });
    return undefined;
  }
  issues.push({ type: 'uuid_type', loc, msg: 'UUID input should be a string, bytes or UUID object', input: value });
  return undefined;
};

const readTimestamp: Reader = (value, loc, issues, strict) => {
  if (typeof value === 'string') {
    const time = parseTimestamp(value);
    if (time !== undefined) return formatTimestamp(time);
    issues.push({
      type: 'datetime_from_date_parsing',
      loc,
      msg: 'Input should be a valid datetime or date, the text is no ISO 8601 timestamp',
      input: value,
      ctx: { error: 'not a timestamp' },
    });
    return undefined;
  }
  // Seconds, or milliseconds when too large for seconds, since the epoch.
  if (!strict && typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 2e14)
    return formatTimestamp(Math.round(value * (Math.abs(value) > 2e10 ? 1e3 : 1e6)));
  issues.push({ type: 'datetime_type', loc, msg: 'Input should be a valid datetime', input: value });
  return undefined;
};

const DURATION =
  /^([+-])?P(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Durations are seconds on the wire; a request may also spell them as ISO 8601. */
const readDuration: Reader = (value, loc, issues) => {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string') {
    const match = DURATION.exec(value);
    if (match) {
      const [, sign, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match;
      const total =
        Number(weeks) * 604_800 + Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
      return sign === '-' ? -total : total;
    }
    if (value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
    issues.push({
      type: 'time_delta_parsing',
      loc,
      msg: 'Input should be a valid timedelta, neither seconds nor an ISO 8601 duration',
      input: value,
      ctx: { error: 'not a duration' },
    });
    return undefined;
  }
  issues.push({ type: 'time_delta_type', loc, msg: 'Input should be a valid timedelta', input: value });
  return undefined;
};
