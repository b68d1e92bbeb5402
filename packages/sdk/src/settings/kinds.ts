/** How a setting's value is read from a source; a source gives text (environment, `.env`, profile) or a TOML value. */
export interface Kind<T> {
  /** The word for it in tables and messages, for example `seconds`. */
  readonly name: string;
  /** @returns the value, or `undefined` when the input is none of this kind. */
  parse(input: unknown): T | undefined;
}

const TRUE = new Set(['1', 'true', 't', 'yes', 'y', 'on']);
const FALSE = new Set(['0', 'false', 'f', 'no', 'n', 'off']);

export const bool: Kind<boolean> = {
  name: 'bool',
  parse(input) {
    const word = String(input).trim().toLowerCase();
    if (TRUE.has(word)) return true;
    return FALSE.has(word) ? false : undefined;
  },
};

export const int: Kind<number> = {
  name: 'int',
  parse: (input) => numberMatching(input, /^[+-]?\d+$/),
};

export const float: Kind<number> = {
  name: 'number',
  parse: (input) => numberMatching(input, /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i),
};

export const text: Kind<string> = {
  name: 'text',
  parse: (input) => (typeof input === 'object' ? undefined : String(input)),
};

/** One of the five levels of logs, in capitals. */
export const level: Kind<'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL'> = oneOf(
  'DEBUG',
  'INFO',
  'WARNING',
  'ERROR',
  'CRITICAL',
);

/** A length of time in seconds, written as a number, as `HH:MM:SS` or as an ISO 8601 duration. */
export const seconds: Kind<number> = {
  name: 'seconds',
  parse: (input) => float.parse(input) ?? clockSeconds(String(input)) ?? isoSeconds(String(input)),
};

/** Several words, comma-separated or a JSON list. */
export const list: Kind<readonly string[]> = {
  name: 'list',
  parse(input) {
    if (Array.isArray(input)) return input.map(String);
    if (typeof input === 'object') return undefined;
    const parsed = json.parse(input);
    if (Array.isArray(parsed)) return parsed.map(String);
    return String(input)
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '');
  },
};

/** A number of seconds, or one number for each attempt. */
export const delays: Kind<number | readonly number[]> = {
  name: 'seconds or list of seconds',
  parse(input) {
    const single = float.parse(input);
    if (single !== undefined) return single;
    const each = list.parse(input)?.map((item) => float.parse(item));
    return each?.every((delay) => delay !== undefined) ? each : undefined;
  },
};

/** Any JSON value; a TOML value is taken as it is. */
export const json: Kind<unknown> = {
  name: 'JSON',
  parse(input) {
    if (typeof input !== 'string') return input;
    try {
      return JSON.parse(input);
    } catch {
      return undefined;
    }
  },
};

/** A JSON object whose values are text. */
export const textByName: Kind<Readonly<Record<string, string>>> = {
  name: 'JSON object',
  parse(input) {
    const value = json.parse(input);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)]));
  },
};

/** What the clean-up service removes: a list of its parts, or on and off. */
export const boolOrList: Kind<boolean | readonly string[]> = {
  name: 'bool or list',
  parse: (input) => (Array.isArray(input) ? list.parse(input) : (bool.parse(input) ?? list.parse(input))),
};

/** Adds `none` (or nothing at all) as a way to say that there is no value. */
export function orNone<T>(kind: Kind<T>): Kind<T | null> {
  return {
    name: `${kind.name} or none`,
    parse: (input) => (/^(none|null|)$/i.test(String(input).trim()) ? null : kind.parse(input)),
  };
}

export function oneOf<const W extends string>(...words: readonly W[]): Kind<W> {
  return {
    name: words.join('|'),
    parse: (input) => words.find((word) => word.toLowerCase() === String(input).trim().toLowerCase()),
  };
}

function numberMatching(input: unknown, pattern: RegExp): number | undefined {
  if (typeof input === 'bigint') return Number(input);
  const digits = typeof input === 'number' ? String(input) : typeof input === 'string' ? input.trim().replaceAll('_', '') : '';
  return pattern.test(digits) ? Number(digits) : undefined;
}

function clockSeconds(input: string): number | undefined {
  const match = /^(?:(\d+) days?,? )?(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(input.trim());
  if (!match) return undefined;
  const [, days = '0', hours, minutes, rest] = match;
  return Number(days) * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60 + Number(rest);
}

function isoSeconds(input: string): number | undefined {
  const match = /^(-)?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i.exec(input.trim());
  if (!match || input.trim().length < 3) return undefined;
  const [, sign, weeks = '0', days = '0', hours = '0', minutes = '0', rest = '0'] = match;
  const total = Number(weeks) * 604_800 + Number(days) * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60 + Number(rest);
  return sign ? -total : total;
}
