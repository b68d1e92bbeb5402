/**
 * A parsed cron expression. Lists are sorted, and weekdays count from Sunday as 0.
 *
 * A day field is undefined, not restricted, only where it says `*` or `?`: `1-31` names every day and so matches every day.
 */
export interface CronExpression {
  seconds: number[];
  minutes: number[];
  hours: number[];
  months: number[];
  years: number[] | undefined;
  monthDays: { days: Set<number>; last: boolean } | undefined;
  weekdays: { days: Set<number>; nth: Map<number, Set<Nth>> } | undefined;
}

/** Which of a month's weekdays: 1, the first, to 5, or the last. */
export type Nth = number | 'last';

/** Reads a cron expression of 5 fields, of 6 (then seconds) or of 7 (then years), or an alias; undefined when it is invalid. */
export function parseCron(text: string): CronExpression | undefined {
  const lower = text.trim().toLowerCase();
  const fields = (ALIASES[lower] ?? lower).split(/\s+/);
  if (fields.length < 5 || fields.length > 7) return undefined;
  const [minute = '', hour = '', monthDay = '', month = '', weekday = '', second = '0', year = '*'] = fields;
  const seconds = parseNumbers(second, SECOND);
  const minutes = parseNumbers(minute, MINUTE);
  const hours = parseNumbers(hour, HOUR);
  const months = parseNumbers(month, MONTH);
  const years = parseNumbers(year, YEAR);
  const monthDays = parseMonthDays(monthDay);
  const weekdays = parseWeekdays(weekday);
  if (!seconds || !minutes || !hours || !months || !years || !monthDays || !weekdays) return undefined;
  return {
    seconds: listAll(seconds, SECOND),
    minutes: listAll(minutes, MINUTE),
    hours: listAll(hours, HOUR),
    months: listAll(months, MONTH),
    years: years === EVERY ? undefined : listAll(years, YEAR),
    monthDays: monthDays === EVERY ? undefined : monthDays,
    weekdays: weekdays === EVERY ? undefined : weekdays,
  };
}

const ALIASES: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

interface Field {
  min: number;
  max: number;
  names?: Record<string, number>;
  /** A second spelling of the lowest value: Sunday as 7. */
  wraps?: number;
}

const numbered = (names: string, from: number) => Object.fromEntries(names.split(' ').map((name, index) => [name, index + from]));

const SECOND: Field = { min: 0, max: 59 };
const MINUTE: Field = { min: 0, max: 59 };
const HOUR: Field = { min: 0, max: 23 };
const MONTH_DAY: Field = { min: 1, max: 31 };
const MONTH: Field = { min: 1, max: 12, names: numbered('jan feb mar apr may jun jul aug sep oct nov dec', 1) };
const WEEKDAY: Field = { min: 0, max: 6, names: numbered('sun mon tue wed thu fri sat', 0), wraps: 7 };
const YEAR: Field = { min: 1970, max: 2099 };

const EVERY = Symbol('every value');
type Values = Set<number> | typeof EVERY;

function listAll(values: Values, field: Field): number[] {
  if (values === EVERY) return Array.from({ length: field.max - field.min + 1 }, (_, index) => field.min + index);
  return [...values].sort((a, b) => a - b);
}

function parseNumbers(text: string, field: Field): Values | undefined {
  return collect(text.split(','), field);
}

function parseMonthDays(text: string): { days: Set<number>; last: boolean } | typeof EVERY | undefined {
  if (text === '?') return EVERY;
  const items = text.split(',');
  const plain = items.filter((item) => item !== 'l');
  const days = collect(plain, MONTH_DAY);
  return days instanceof Set ? { days, last: plain.length < items.length } : days;
}

const NTH_WEEKDAY = /^(?:l([0-7]|[a-z]{3})|([0-7]|[a-z]{3})#([1-5]))$/;

function parseWeekdays(text: string): { days: Set<number>; nth: Map<number, Set<Nth>> } | typeof EVERY | undefined {
  if (text === '?') return EVERY;
  const items = text.split(',');
  if (!items.some((item) => NTH_WEEKDAY.test(item))) {
    const days = collect(items, WEEKDAY);
    return days instanceof Set ? { days, nth: new Map() } : days;
  }
  const nth = new Map<number, Set<Nth>>();
  for (const item of items) {
    const match = NTH_WEEKDAY.exec(item);
    const weekday = match ? parseValue(match[1] ?? match[2] ?? '', WEEKDAY) : undefined;
    if (!match || weekday === undefined) return undefined;
    const which = nth.get(weekday) ?? new Set();
    nth.set(weekday, which.add(match[3] ? Number(match[3]) : 'last'));
  }
  return { days: new Set(), nth };
}

function collect(items: string[], field: Field): Values | undefined {
  const values = new Set<number>();
  let every = false;
  for (const item of items) {
    const found = parseItem(item, field);
    if (!found) return undefined;
    if (found === EVERY) every = true;
    else for (const value of found) values.add(value);
  }
  return every ? EVERY : values;
}

const ITEM = /^(?:(\*)|([0-9a-z]+)(?:-([0-9a-z]+))?)(?:\/(\d+))?$/;

/** One item of a list: `*`, `5`, `1-5`, each with a step or without; `5/2` runs from 5 to the end. */
function parseItem(item: string, field: Field): number[] | typeof EVERY | undefined {
  const match = ITEM.exec(item);
  if (!match) return undefined;
  const [, star, fromText, toText, stepText] = match;
  const step = stepText === undefined ? 1 : Number(stepText);
  if (step === 0) return undefined;
  if (star) return stepText === undefined ? EVERY : countUp(field.min, field.max, step);
  const from = parseValue(fromText ?? '', field);
  if (from === undefined) return undefined;
  if (toText === undefined && stepText === undefined) return [from];
  const to = toText === undefined ? field.max : parseValue(toText, field);
  if (to === undefined) return undefined;
  return parseRange(from, to, step, field);
}

function parseRange(from: number, to: number, step: number, field: Field): number[] {
  // A range from a value to itself goes once round, like `*`.
  if (from === to) return countUp(field.min, field.max, step);
  if (from < to) return countUp(from, to, step);
  // Past the end the count goes on at the lowest value when that is the very next step, else one later than plain counting gives.
  const left = (field.max - from) % step;
  const resume = left === step - 1 ? field.min : field.min + step - left;
  return [...countUp(from, field.max, step), ...countUp(resume, to, step)];
}

function countUp(from: number, to: number, step: number): number[] {
  const values: number[] = [];
  for (let value = from; value <= to; value += step) values.push(value);
  return values;
}

function parseValue(text: string, field: Field): number | undefined {
  const named = field.names?.[text];
  if (named !== undefined) return named;
  if (!/^\d+$/.test(text)) return undefined;
  const value = Number(text) === field.wraps ? field.min : Number(text);
  return value >= field.min && value <= field.max ? value : undefined;
}
