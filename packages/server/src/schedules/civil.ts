import { SECOND } from '@prefect-ts/protocol';
import type { WallMicros } from './zone.ts';

/** A day of the Gregorian calendar, as the number of days since 1970-01-01. */
export type DayNumber = number;

export interface CivilDate {
  year: number;
  /** 1 to 12. */
  month: number;
  /** 1 to 31. */
  day: number;
}

const DAY_MILLIS = 86_400_000;

/** The number of a day; a month or day past its range carries over as usual. */
export function dayNumber(year: number, month: number, day: number): DayNumber {
  return Date.UTC(year, month - 1, day) / DAY_MILLIS;
}

export function civilDate(day: DayNumber): CivilDate {
  const date = new Date(day * DAY_MILLIS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** 0 is Monday. */
export function weekdayOf(day: DayNumber): number {
  return (((day + 3) % 7) + 7) % 7;
}

export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

export function daysInYear(year: number): number {
  return dayNumber(year + 1, 1, 1) - dayNumber(year, 1, 1);
}

/** @param second seconds since 1970-01-01T00:00 on the wall clock. */
export function dayOfSecond(second: number): DayNumber {
  return Math.floor(second / 86_400);
}

/** The first whole second that is not before a reading. */
export function ceilSecond(wall: WallMicros): number {
  return Math.ceil(wall / SECOND);
}
