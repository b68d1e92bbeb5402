import { SECOND } from '@prefect-ts/protocol';
import { ceilSecond, civilDate, type DayNumber, dayNumber, dayOfSecond, daysInMonth, weekdayOf } from './civil.ts';
import type { CronExpression } from './cron-expression.ts';
import type { WallMicros } from './zone.ts';

/** Days that do not come within this many years are taken as days that never come; a given weekday on 29 February needs 40 at most. */
const SEARCH_YEARS = 50;

/**
 * The wall-clock readings that match a cron expression, ascending, from one on (inclusive).
 *
 * @param dayOr with days of the month and of the week both restricted: a day matches when either does (true) or both do (false).
 */
export function* cronReadings(cron: CronExpression, dayOr: boolean, from: WallMicros): Generator<WallMicros, void, undefined> {
  const firstSecond = ceilSecond(from);
  const firstDay = dayOfSecond(firstSecond);
  for (const day of matchingDays(cron, dayOr, firstDay)) {
    const base = day * 86_400;
    const earliest = day === firstDay ? firstSecond - base : 0;
    for (const second of secondsOfDay(cron, earliest)) yield (base + second) * SECOND;
  }
}

function* secondsOfDay(cron: CronExpression, earliest: number): Generator<number, void, undefined> {
  for (const hour of cron.hours) {
    if (hour * 3600 + 3599 < earliest) continue;
    for (const minute of cron.minutes) {
      const base = hour * 3600 + minute * 60;
      if (base + 59 < earliest) continue;
      for (const second of cron.seconds) if (base + second >= earliest) yield base + second;
    }
  }
}

function* matchingDays(cron: CronExpression, dayOr: boolean, firstDay: DayNumber): Generator<DayNumber, void, undefined> {
  const first = civilDate(firstDay);
  let lastFound = first.year;
  for (let year = first.year; year <= lastFound + SEARCH_YEARS; year++) {
    if (cron.years && !cron.years.includes(year)) continue;
    for (const month of cron.months) {
      if (year === first.year && month < first.month) continue;
      const base = dayNumber(year, month, 1);
      const length = daysInMonth(year, month);
      for (let day = 1; day <= length; day++) {
        if (base + day - 1 < firstDay || !matchesDay(cron, dayOr, base, day, length)) continue;
        lastFound = year;
        yield base + day - 1;
      }
    }
  }
}

function matchesDay(cron: CronExpression, dayOr: boolean, monthStart: DayNumber, day: number, monthLength: number): boolean {
  const { monthDays, weekdays } = cron;
  const byMonthDay = !monthDays || monthDays.days.has(day) || (monthDays.last && day === monthLength);
  if (!weekdays) return byMonthDay;
  const weekday = (weekdayOf(monthStart + day - 1) + 1) % 7;
  const nth = weekdays.nth.get(weekday);
  const isNth = nth !== undefined && (nth.has(Math.ceil(day / 7)) || (nth.has('last') && day + 7 > monthLength));
  const byWeekday = weekdays.days.has(weekday) || isNth;
  return monthDays && dayOr ? byMonthDay || byWeekday : byMonthDay && byWeekday;
}
