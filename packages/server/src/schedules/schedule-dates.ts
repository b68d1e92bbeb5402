import { type Micros, parseTimestamp, SECOND } from '@prefect-ts/protocol';
import { cronReadings } from './cron.ts';
import { parseCron } from './cron-expression.ts';
import { formatWall } from './format-wall.ts';
import { intervalDates } from './interval.ts';
import { recurrenceReadings } from './rrule.ts';
import { parseRecurrence } from './rrule-text.ts';
import type { Schedule } from './schedule.ts';
import { placeWallTimes } from './wall-times.ts';
import { type Zone, zoneOf } from './zone.ts';

export interface ScheduledDate {
  at: Micros;
  /** As idempotency keys write it: `2025-03-09 03:30:00-04:00`, at the offset of the schedule's zone. */
  text: string;
}

export interface DateRange {
  now: Micros;
  /** The first date is not before this; default now. */
  start?: Micros | undefined;
  /** The last date is not after this. */
  end?: Micros | undefined;
  /** How many dates at most; without it 1, or up to 1000 with an end. Never more than 1000. */
  n?: number | undefined;
}

const MOST_DATES = 1000;

/**
 * A schedule that was expected to give a date and will never give one, such as 31 February.
 */
export class ImpossibleScheduleError extends Error {
  override name = 'ImpossibleScheduleError';

  constructor(schedule: Schedule) {
    super(`The schedule ${JSON.stringify(schedule)} never comes due. Correct its days, or remove it.`);
  }
}

/**
 * The dates of a schedule, ascending, each once, computed as they are taken.
 *
 * @throws ImpossibleScheduleError at the first date when a cron schedule names a day that does not exist.
 */
export function* scheduleDates(
  schedule: Schedule,
  { now, start = now, end, n }: DateRange,
): Generator<ScheduledDate, void, undefined> {
  const zone = zoneOf(schedule.timezone);
  const most = Math.min(n ?? (end === undefined ? 1 : MOST_DATES), MOST_DATES);
  if (most <= 0) return;
  let count = 0;
  for (const at of datesFrom(schedule, zone, start)) {
    if ((end !== undefined && at > end) || at > LAST_DATE) return;
    yield { at, text: formatWall(at, zone.offsetAt(at), ' ', '+00:00') };
    if (++count >= most) return;
  }
  if (count === 0 && 'cron' in schedule) throw new ImpossibleScheduleError(schedule);
}

const LAST_DATE: Micros = Date.UTC(9999, 11, 31) * 1000;

function datesFrom(schedule: Schedule, zone: Zone, start: Micros): Iterable<Micros> {
  if ('interval' in schedule) {
    return intervalDates(zone, Math.round(schedule.interval * SECOND), parseTimestamp(schedule.anchor_date) ?? start, start);
  }
  if ('cron' in schedule) {
    const cron = parseCron(schedule.cron);
    return cron ? placeWallTimes(zone, start, (from) => cronReadings(cron, schedule.day_or, from)) : [];
  }
  const recurrence = parseRecurrence(schedule.rrule);
  return placeWallTimes(zone, start, (from) => recurrenceReadings(recurrence, from));
}
