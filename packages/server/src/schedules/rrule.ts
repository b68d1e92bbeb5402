import { SECOND } from '@prefect-ts/protocol';
import { ceilSecond, civilDate, type DayNumber, dayNumber, dayOfSecond, daysInMonth, daysInYear, weekdayOf } from './civil.ts';
import { matchesDay } from './rrule-days.ts';
import { clockUnit, type RecurrenceSet, type Rule, type WallSecond } from './rrule-text.ts';
import type { WallMicros } from './zone.ts';

/** The wall-clock readings of a recurrence, ascending, each once, from one on (inclusive). */
export function* recurrenceReadings(set: RecurrenceSet, from: WallMicros): Generator<WallMicros, void, undefined> {
  const first = ceilSecond(from);
  const dates = set.dates.filter((date) => date >= first);
  const included = mergeAscending([...set.rules.map((rule) => ruleSeconds(rule, first)), dates]);
  const excluded = mergeAscending(set.excludedRules.map((rule) => ruleSeconds(rule, first)));
  let nextExcluded = excluded.next();
  for (const second of included) {
    while (!nextExcluded.done && nextExcluded.value < second) nextExcluded = excluded.next();
    if (set.excludedDates.has(second) || (!nextExcluded.done && nextExcluded.value === second)) continue;
    yield second * SECOND;
  }
}

function* mergeAscending(sources: Iterable<number>[]): Generator<number, void, undefined> {
  const open = sources.map((source) => {
    const iterator = source[Symbol.iterator]();
    return { iterator, head: iterator.next() };
  });
  for (;;) {
    let lowest: number | undefined;
    for (const { head } of open) if (!head.done && (lowest === undefined || head.value < lowest)) lowest = head.value;
    if (lowest === undefined) return;
    yield lowest;
    for (const source of open) while (!source.head.done && source.head.value === lowest) source.head = source.iterator.next();
  }
}

/** A rule that gives nothing for so long gives nothing more. */
const SEARCH_SECONDS = 100 * 366 * 86_400;

function* ruleSeconds(rule: Rule, from: WallSecond): Generator<WallSecond, void, undefined> {
  // A count runs from the rule's start, so only a rule whose periods hold one date each may jump over the dates before `from`.
  const jump = rule.count === undefined || (rule.isPlain && holdsOneDate(rule));
  const firstPeriod = jump && from > rule.start ? periodOf(rule, from) : 0;
  let left = rule.count === undefined ? Number.POSITIVE_INFINITY : rule.count - firstPeriod;
  let searchEnd = Math.max(from, rule.start) + SEARCH_SECONDS;
  for (const candidates of periods(rule, firstPeriod, () => searchEnd)) {
    for (const second of choosePositions(candidates, rule.positions)) {
      if (second < rule.start) continue;
      if (second > rule.until || left-- <= 0) return;
      if (second < from) continue;
      searchEnd = second + SEARCH_SECONDS;
      yield second;
    }
  }
}

function holdsOneDate(rule: Rule): boolean {
  return rule.frequency !== 'YEARLY' && rule.frequency !== 'MONTHLY';
}

function choosePositions(candidates: WallSecond[], positions: number[]): WallSecond[] {
  if (positions.length === 0) return candidates;
  const chosen = new Set<WallSecond>();
  for (const position of positions) {
    const candidate = candidates.at(position > 0 ? position - 1 : position);
    if (candidate !== undefined) chosen.add(candidate);
  }
  return [...chosen].sort((a, b) => a - b);
}

/** The candidates of each period from one on; ends when a period begins after the search's end. */
function* periods(rule: Rule, first: number, searchEnd: () => WallSecond): Generator<WallSecond[], void, undefined> {
  const unit = clockUnit(rule.frequency);
  if (unit !== undefined) yield* clockPeriods(rule, unit, first, searchEnd);
  else yield* dayPeriods(rule, first, searchEnd);
}

/** Years, months, weeks or days: the matching days of the period, each at every time of day. */
function* dayPeriods(rule: Rule, first: number, searchEnd: () => WallSecond): Generator<WallSecond[], void, undefined> {
  const times = clockTimes(rule.hours, rule.minutes, rule.seconds);
  for (let index = first; ; index++) {
    const { firstDay, lastDay } = periodDays(rule, index);
    // Past a limit either way: the search is over, or the calendar is.
    if (!(firstDay * 86_400 <= Math.min(searchEnd(), LAST_SECOND, rule.until))) return;
    const candidates: WallSecond[] = [];
    for (let day = firstDay; day <= lastDay; day++) {
      if (matchesDay(rule, day)) for (const time of times) candidates.push(day * 86_400 + time);
    }
    yield candidates;
  }
}

const LAST_SECOND: WallSecond = dayNumber(9999, 12, 31) * 86_400;

function periodDays(rule: Rule, index: number): { firstDay: DayNumber; lastDay: DayNumber } {
  const startDay = dayOfSecond(rule.start);
  const { year, month } = civilDate(startDay);
  const steps = index * rule.interval;
  switch (rule.frequency) {
    case 'YEARLY': {
      const firstDay = dayNumber(year + steps, 1, 1);
      return { firstDay, lastDay: firstDay + daysInYear(year + steps) - 1 };
    }
    case 'MONTHLY': {
      const firstDay = dayNumber(year, month + steps, 1);
      const date = civilDate(firstDay);
      return { firstDay, lastDay: firstDay + daysInMonth(date.year, date.month) - 1 };
    }
    case 'WEEKLY': {
      const weekStart = startOfWeek(startDay, rule.weekStart) + steps * 7;
      // BYSETPOS counts in the first week from the start on.
      return { firstDay: index === 0 ? startDay : weekStart, lastDay: weekStart + 6 };
    }
    default:
      return { firstDay: startDay + steps, lastDay: startDay + steps };
  }
}

function startOfWeek(day: DayNumber, weekStart: number): DayNumber {
  return day - ((weekdayOf(day) - weekStart + 7) % 7);
}

/** Hours, minutes or seconds. A day, hour or minute that the rule leaves out is passed in one step. */
function* clockPeriods(
  rule: Rule,
  unit: number,
  first: number,
  searchEnd: () => WallSecond,
): Generator<WallSecond[], void, undefined> {
  const step = rule.interval * unit;
  const origin = rule.start - (((rule.start % unit) + unit) % unit);
  const times = clockTimes([0], unit === 3600 ? rule.minutes : [0], unit >= 60 ? rule.seconds : [0]);
  for (let index = first; ; ) {
    const at = origin + index * step;
    if (at > Math.min(searchEnd(), LAST_SECOND, rule.until)) return;
    const next = nextAllowed(rule, unit, at);
    if (next > at) {
      index = Math.max(index + 1, Math.ceil((next - origin) / step));
      continue;
    }
    yield times.map((time) => at + time);
    index++;
  }
}

/** The same time where the rule allows it, else the beginning of the next day, hour, minute or second. */
function nextAllowed(rule: Rule, unit: number, at: WallSecond): WallSecond {
  const day = dayOfSecond(at);
  if (!matchesDay(rule, day)) return (day + 1) * 86_400;
  const time = at - day * 86_400;
  if (rule.hours && !rule.hours.includes(Math.floor(time / 3600))) return at - (time % 3600) + 3600;
  if (unit <= 60 && rule.minutes && !rule.minutes.includes(Math.floor(time / 60) % 60)) return at - (time % 60) + 60;
  if (unit === 1 && rule.seconds && !rule.seconds.includes(time % 60)) return at + 1;
  return at;
}

function clockTimes(hours: number[] = [], minutes: number[] = [], seconds: number[] = []): number[] {
  return hours.flatMap((hour) => minutes.flatMap((minute) => seconds.map((second) => hour * 3600 + minute * 60 + second)));
}

/** Which period a time falls in, counted from the rule's start in steps of its interval. */
function periodOf(rule: Rule, at: WallSecond): number {
  const unit = clockUnit(rule.frequency);
  if (unit !== undefined) return Math.floor((at - (rule.start - (((rule.start % unit) + unit) % unit))) / (rule.interval * unit));
  const startDay = dayOfSecond(rule.start);
  const day = dayOfSecond(at);
  const start = civilDate(startDay);
  const date = civilDate(day);
  const passed = {
    YEARLY: date.year - start.year,
    MONTHLY: (date.year - start.year) * 12 + date.month - start.month,
    WEEKLY: (startOfWeek(day, rule.weekStart) - startOfWeek(startDay, rule.weekStart)) / 7,
  }[rule.frequency as string];
  return Math.floor((passed ?? day - startDay) / rule.interval);
}
