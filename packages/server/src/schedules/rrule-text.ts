import { dayNumber, daysInMonth, weekdayOf } from './civil.ts';

/** Seconds since 1970-01-01T00:00 on the wall clock; recurrence rules know neither zones nor fractions. */
export type WallSecond = number;

/** From the slowest to the fastest; the position orders them. */
const FREQUENCIES = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY', 'SECONDLY'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** One RRULE or EXRULE, with what it takes from its start filled in. Weekdays count from Monday as 0. */
export interface Rule {
  start: WallSecond;
  frequency: Frequency;
  interval: number;
  count: number | undefined;
  until: WallSecond;
  weekStart: number;
  /** Whether the rule has no BY part, so that each period holds exactly its start's counterpart. */
  isPlain: boolean;
  positions: number[];
  months: number[] | undefined;
  monthDays: number[] | undefined;
  yearDays: number[] | undefined;
  weeks: number[] | undefined;
  easterDays: number[] | undefined;
  weekdays: { weekday: number; nth: number | undefined }[] | undefined;
  hours: number[] | undefined;
  minutes: number[] | undefined;
  seconds: number[] | undefined;
}

/** What an rrule text says: dates of the rules and single dates, less the excluded ones. */
export interface RecurrenceSet {
  rules: Rule[];
  dates: WallSecond[];
  excludedRules: Rule[];
  excludedDates: Set<WallSecond>;
}

/** A recurrence text that cannot be read; the message is the reason alone. */
export class RRuleSyntaxError extends Error {
  override name = 'RRuleSyntaxError';
}

/** Where a rule without DTSTART begins. */
export const DEFAULT_START: WallSecond = dayNumber(2020, 1, 1) * 86_400;

/**
 * Reads a recurrence: a bare `FREQ=…`, or lines of DTSTART, RRULE, EXRULE, RDATE and EXDATE (RFC 5545).
 *
 * Zones in the text are dropped: each time is a reading of the schedule's own clock (contract 1.4).
 *
 * @throws RRuleSyntaxError
 */
export function parseRecurrence(text: string): RecurrenceSet {
  const lines = text.toUpperCase().split(/\s+/).filter(Boolean);
  if (lines.length === 0) throw new RRuleSyntaxError('empty string');
  const values: Record<string, string[]> = { DTSTART: [], RRULE: [], EXRULE: [], RDATE: [], EXDATE: [] };
  for (const line of lines) {
    const colon = line.indexOf(':');
    const [name = '', ...options] = colon < 0 ? ['RRULE'] : line.slice(0, colon).split(';');
    const list = values[name];
    if (!list) throw new RRuleSyntaxError(`unsupported property: ${name}`);
    const refused = options.find((option) => name.endsWith('RULE') || !/^(TZID=|VALUE=DATE(-TIME)?$)/.test(option));
    if (refused !== undefined) throw new RRuleSyntaxError(`unsupported ${name} parm: ${refused}`);
    list.push(line.slice(colon + 1));
  }
  const { DTSTART = [], RRULE = [], EXRULE = [], RDATE = [], EXDATE = [] } = values;
  if (RRULE.length === 0 && RDATE.length === 0) throw new RRuleSyntaxError('neither RRULE nor RDATE given');
  const startText = DTSTART.at(-1);
  const start = startText === undefined ? DEFAULT_START : parseDate(startText);
  const dates = (lists: string[]) => lists.flatMap((list) => list.split(',')).map(parseDate);
  return {
    rules: RRULE.map((rule) => parseRule(rule, start)),
    dates: dates(RDATE).sort((a, b) => a - b),
    excludedRules: EXRULE.map((rule) => parseRule(rule, start)),
    excludedDates: new Set(dates(EXDATE)),
  };
}

const DATE = /^(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?$/;

function parseDate(text: string): WallSecond {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (DATE.exec(text) ?? [])
    .slice(1)
    .map((part) => Number(part ?? 0));
  const valid =
    month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month) && hour < 24 && minute < 60 && second < 60;
  if (!valid) throw new RRuleSyntaxError(`invalid date: ${text}`);
  return dayNumber(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
}

const PARAMETERS = new Set(
  'FREQ INTERVAL COUNT UNTIL WKST BYSETPOS BYMONTH BYMONTHDAY BYYEARDAY BYWEEKNO BYEASTER BYDAY BYWEEKDAY BYHOUR BYMINUTE BYSECOND'.split(
    ' ',
  ),
);

function parseRule(text: string, start: WallSecond): Rule {
  const parts = new Map<string, string>();
  for (const part of text.split(';')) {
    const equals = part.indexOf('=');
    if (equals < 0) throw new RRuleSyntaxError(`a part of a rule is NAME=VALUE, this is not: '${part}'`);
    const name = part.slice(0, equals);
    if (!PARAMETERS.has(name)) throw new RRuleSyntaxError(`unknown parameter '${name}'`);
    parts.set(name === 'BYWEEKDAY' ? 'BYDAY' : name, part.slice(equals + 1));
  }
  const frequency = FREQUENCIES.find((known) => known === parts.get('FREQ'));
  if (!frequency) throw new RRuleSyntaxError(parts.has('FREQ') ? `invalid 'FREQ': ${parts.get('FREQ')}` : 'FREQ is missing');
  const until = parts.get('UNTIL');
  const read = (name: string, low: number, high: number) => readNumbers(parts, name, low, high);
  const rule: Rule = {
    start,
    frequency,
    interval: read('INTERVAL', 1, Number.MAX_SAFE_INTEGER)?.[0] ?? 1,
    count: read('COUNT', 0, Number.MAX_SAFE_INTEGER)?.[0],
    until: until === undefined ? Number.POSITIVE_INFINITY : parseDate(until),
    weekStart: parts.has('WKST') ? readWeekday(parts.get('WKST') ?? '', 'WKST').weekday : 0,
    isPlain: ![...parts.keys()].some((name) => name.startsWith('BY')),
    positions: read('BYSETPOS', -366, 366) ?? [],
    months: read('BYMONTH', 0, 99),
    monthDays: read('BYMONTHDAY', -999, 999),
    yearDays: read('BYYEARDAY', -999, 999),
    weeks: read('BYWEEKNO', -99, 99),
    easterDays: read('BYEASTER', -366, 366),
    weekdays: parts
      .get('BYDAY')
      ?.split(',')
      .map((day) => readWeekday(day, 'BYDAY')),
    hours: read('BYHOUR', 0, 23),
    minutes: read('BYMINUTE', 0, 59),
    seconds: read('BYSECOND', 0, 59),
  };
  if (rule.positions.includes(0)) throw new RRuleSyntaxError('bysetpos must be between 1 and 366, or between -366 and -1');
  takeFromStart(rule);
  refuseEmptyClock(rule);
  return rule;
}

function readNumbers(parts: Map<string, string>, name: string, low: number, high: number): number[] | undefined {
  const text = parts.get(name);
  if (text === undefined) return undefined;
  const numbers = text.split(',').map((item) => (/^[+-]?\d+$/.test(item) ? Number(item) : Number.NaN));
  if (numbers.some((value) => !(value >= low && value <= high))) throw new RRuleSyntaxError(`invalid '${name}': ${text}`);
  return [...new Set(numbers)].sort((a, b) => a - b);
}

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

function readWeekday(text: string, name: string): { weekday: number; nth: number | undefined } {
  const match = /^([+-]?\d+)?(MO|TU|WE|TH|FR|SA|SU)(?:\(([+-]?\d+)\))?$/.exec(text);
  const nthText = match?.[1] ?? match?.[3];
  const nth = nthText === undefined ? undefined : Number(nthText);
  if (!match || nth === 0) throw new RRuleSyntaxError(`invalid '${name}': ${text}`);
  return { weekday: WEEKDAYS.indexOf(match[2] ?? ''), nth };
}

/** A rule without days of its own takes its start's day, and its time of day down to its frequency. */
function takeFromStart(rule: Rule): void {
  const day = Math.floor(rule.start / 86_400);
  const rank = FREQUENCIES.indexOf(rule.frequency);
  const date = new Date(rule.start * 1000);
  if (!rule.weeks && !rule.yearDays && !rule.monthDays && !rule.weekdays && !rule.easterDays) {
    if (rule.frequency === 'YEARLY') rule.months ??= [date.getUTCMonth() + 1];
    if (rule.frequency === 'YEARLY' || rule.frequency === 'MONTHLY') rule.monthDays = [date.getUTCDate()];
    if (rule.frequency === 'WEEKLY') rule.weekdays = [{ weekday: weekdayOf(day), nth: undefined }];
  }
  if (rank < FREQUENCIES.indexOf('HOURLY')) rule.hours ??= [date.getUTCHours()];
  if (rank < FREQUENCIES.indexOf('MINUTELY')) rule.minutes ??= [date.getUTCMinutes()];
  if (rank < FREQUENCIES.indexOf('SECONDLY')) rule.seconds ??= [date.getUTCSeconds()];
}

/** The length of a period shorter than a day, in seconds; undefined for the longer ones. */
export function clockUnit(frequency: Frequency): number | undefined {
  return { HOURLY: 3600, MINUTELY: 60, SECONDLY: 1, DAILY: undefined, WEEKLY: undefined, MONTHLY: undefined, YEARLY: undefined }[
    frequency
  ];
}

/** Steps of a fixed length meet the same times of day over and over; a rule that allows none of them would be searched for ever. */
function refuseEmptyClock(rule: Rule): void {
  const unit = clockUnit(rule.frequency);
  if (unit === undefined || (!rule.hours && (unit > 60 || !rule.minutes) && (unit > 1 || !rule.seconds))) return;
  const round = greatestCommonDivisor(rule.interval * unit, 86_400);
  const first = (rule.start - (rule.start % unit)) % round;
  for (let time = ((first % round) + round) % round; time < 86_400; time += round) if (allowsTime(rule, unit, time)) return;
  throw new RRuleSyntaxError('the steps of this rule never meet its times of day');
}

function allowsTime(rule: Rule, unit: number, time: number): boolean {
  if (rule.hours && !rule.hours.includes(Math.floor(time / 3600))) return false;
  if (unit <= 60 && rule.minutes && !rule.minutes.includes(Math.floor(time / 60) % 60)) return false;
  return unit > 1 || !rule.seconds || rule.seconds.includes(time % 60);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
