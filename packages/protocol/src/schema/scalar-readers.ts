import { formatTimestamp, normalizeTimestamp } from '../time.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Reader, Reading } from './reading.ts';

export const readNull: Reader = (value, reading) => {
  if (value === null) return null;
  return reading.report('none_required', 'Input should be None', value);
};

export const readBoolean: Reader = (value, reading, strict) => {
  if (typeof value === 'boolean') return value;
  if (!strict) {
    const known = BOOLEANS.get(typeof value === 'string' ? value.toLowerCase() : value);
    if (known !== undefined) return known;
  }
  const parsing = !strict && (typeof value === 'string' || typeof value === 'number');
  return reading.report(
    parsing ? 'bool_parsing' : 'bool_type',
    parsing ? 'Input should be a valid boolean, unable to interpret input' : 'Input should be a valid boolean',
    value,
  );
};

const BOOLEANS = new Map<unknown, boolean>([
  [1, true],
  [0, false],
  ...['1', 'true', 't', 'yes', 'y', 'on'].map((text): [string, boolean] => [text, true]),
  ...['0', 'false', 'f', 'no', 'n', 'off'].map((text): [string, boolean] => [text, false]),
]);

export const readInteger: Reader = (value, reading, strict) => {
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return value;
    if (Number.isInteger(value)) return tooLarge(value, reading);
    return reading.report('int_from_float', 'Input should be a valid integer, got a number with a fractional part', value);
  }
  if (!strict && typeof value === 'boolean') return value ? 1 : 0;
  if (!strict && typeof value === 'string') {
    if (/^\s*[+-]?\d+(\.0*)?\s*$/.test(value))
      return Number.isSafeInteger(Number(value)) ? Number(value) : tooLarge(value, reading);
    return reading.report('int_parsing', 'Input should be a valid integer, unable to parse string as an integer', value);
  }
  return reading.report('int_type', 'Input should be a valid integer', value);
};

/** No database could keep it, or nobody could read it back. */
function tooLarge(value: unknown, reading: Reading): undefined {
  return reading.report('int_parsing_size', 'Unable to parse input string as an integer, exceeded maximum size', value);
}

export const readNumber: Reader = (value, reading, strict) => {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (!strict && typeof value === 'boolean') return value ? 1 : 0;
  if (!strict && typeof value === 'string') {
    if (value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
    return reading.report('float_parsing', 'Input should be a valid number, unable to parse string as a number', value);
  }
  return reading.report('float_type', 'Input should be a valid number', value);
};

/** Makes the reader for a string schema, by its format. */
export function stringReader(schema: JsonSchema): Reader {
  if (schema.format === 'uuid') return readUuid;
  if (schema.format === 'date-time') return schema['x-keeps-offset'] ? readWrittenTimestamp : readTimestamp;
  if (schema.format === 'duration') return readDuration;
  const { minLength, maxLength } = schema;
  const pattern = schema.pattern === undefined ? undefined : new RegExp(schema.pattern, 'u');
  return (value, reading) => {
    if (typeof value !== 'string') {
      return reading.report('string_type', 'Input should be a valid string', value);
    }
    if (maxLength !== undefined && value.length > maxLength)
      reading.report('string_too_long', `String should have at most ${maxLength} character${maxLength === 1 ? '' : 's'}`, value, {
        max_length: maxLength,
      });
    if (minLength !== undefined && value.length < minLength)
      reading.report(
        'string_too_short',
        `String should have at least ${minLength} character${minLength === 1 ? '' : 's'}`,
        value,
        { min_length: minLength },
      );
    if (pattern && !pattern.test(value))
      reading.report('string_pattern_mismatch', `String should match pattern '${schema.pattern}'`, value, {
        pattern: schema.pattern,
      });
    return value;
  };
}

const CANONICAL_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ANY_UUID = /^(?:urn:uuid:)?\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$/i;

const readUuid: Reader = (value, reading) => {
  if (typeof value === 'string') {
    if (CANONICAL_UUID.test(value)) return value;
    const match = ANY_UUID.exec(value);
    if (match) return match.slice(1).join('-').toLowerCase();
    return reading.report('uuid_parsing', 'Input should be a valid UUID, unable to parse the text as one', value, {
      error: 'not a UUID',
    });
  }
  return reading.report('uuid_type', 'UUID input should be a string, bytes or UUID object', value);
};

const readTimestamp: Reader = (value, reading, strict) => {
  if (typeof value === 'string') {
    const canonical = normalizeTimestamp(value);
    if (canonical !== undefined) return canonical;
    return reading.report(
      'datetime_from_date_parsing',
      'Input should be a valid datetime or date, the text is no ISO 8601 timestamp',
      value,
      { error: 'not a timestamp' },
    );
  }
  // Seconds, or milliseconds when too large for seconds, since the epoch.
  if (!strict && typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 2e14)
    return formatTimestamp(Math.round(value * (Math.abs(value) > 2e10 ? 1e3 : 1e6)));
  return reading.report('datetime_type', 'Input should be a valid datetime', value);
};

/** A text that is a timestamp stays what it is: whoever keeps it also keeps its offset. */
const readWrittenTimestamp: Reader = (value, reading, strict) => {
  const read = readTimestamp(value, reading, strict);
  return read !== undefined && typeof value === 'string' ? value : read;
};

const DURATION =
  /^([+-])?P(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Durations are seconds on the wire; a request may also spell them as ISO 8601. */
const readDuration: Reader = (value, reading) => {
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
    return reading.report(
      'time_delta_parsing',
      'Input should be a valid timedelta, neither seconds nor an ISO 8601 duration',
      value,
      { error: 'not a duration' },
    );
  }
  return reading.report('time_delta_type', 'Input should be a valid timedelta', value);
};
