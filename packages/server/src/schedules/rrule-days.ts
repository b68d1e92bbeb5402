import { civilDate, type DayNumber, dayNumber, daysInMonth, daysInYear, weekdayOf } from './civil.ts';
import type { Rule } from './rrule-text.ts';

/** Whether a day passes every BY part of a rule that speaks of days. */
export function matchesDay(rule: Rule, day: DayNumber): boolean {
  const { year, month, day: monthDay } = civilDate(day);
  if (rule.months && !rule.months.includes(month)) return false;
  if (rule.monthDays && !includesFromEitherEnd(rule.monthDays, monthDay, daysInMonth(year, month))) return false;
  if (rule.weekdays && !matchesWeekday(rule, day)) return false;
  if (rule.yearDays && !includesFromEitherEnd(rule.yearDays, day - dayNumber(year, 1, 1) + 1, daysInYear(year))) return false;
  if (rule.weeks && !matchesWeek(rule.weeks, rule.weekStart, day, year)) return false;
  return !rule.easterDays || rule.easterDays.includes(day - easterSunday(year));
}

/** Counts from 1 at the beginning, or from -1 at the end. */
function includesFromEitherEnd(wanted: number[], position: number, length: number): boolean {
  return wanted.includes(position) || wanted.includes(position - length - 1);
}

function matchesWeekday(rule: Rule, day: DayNumber): boolean {
  const weekday = weekdayOf(day);
  const counts = rule.frequency === 'YEARLY' || rule.frequency === 'MONTHLY';
  return (rule.weekdays ?? []).some(
    (wanted) => wanted.weekday === weekday && (wanted.nth === undefined || !counts || isNth(rule, day, wanted.nth)),
  );
}

/** Counts in the month, or in the year for a yearly rule without BYMONTH. */
function isNth(rule: Rule, day: DayNumber, nth: number): boolean {
  const date = civilDate(day);
  const inYear = rule.frequency === 'YEARLY' && !rule.months;
  const before = inYear ? day - dayNumber(date.year, 1, 1) : date.day - 1;
  const length = inYear ? daysInYear(date.year) : daysInMonth(date.year, date.month);
  return nth > 0 ? Math.floor(before / 7) === nth - 1 : Math.floor((length - 1 - before) / 7) === -nth - 1;
}

/** A week belongs to the year that holds at least four of its days. */
function matchesWeek(wanted: number[], weekStart: number, day: DayNumber, year: number): boolean {
  let first = firstWeek(year, weekStart);
  let next = firstWeek(year + 1, weekStart);
  if (day < first) [first, next] = [firstWeek(year - 1, weekStart), first];
  else if (day >= next) [first, next] = [next, firstWeek(year + 2, weekStart)];
  return includesFromEitherEnd(wanted, Math.floor((day - first) / 7) + 1, (next - first) / 7);
}

function firstWeek(year: number, weekStart: number): DayNumber {
  const fourth = dayNumber(year, 1, 4);
  return fourth - ((weekdayOf(fourth) - weekStart + 7) % 7);
}

/** Western Easter, by the Gregorian computus. */
function easterSunday(year: number): DayNumber {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const epact = (century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25) + 19 * golden + 15) % 30;
  const fullMoon =
    epact - Math.floor(epact / 28) * (1 - Math.floor(epact / 28) * Math.floor(29 / (epact + 1)) * Math.floor((21 - golden) / 11));
  const weekday = (year + Math.floor(year / 4) + fullMoon + 2 - century + Math.floor(century / 4)) % 7;
  return dayNumber(year, 3, 28 + fullMoon - weekday);
}
