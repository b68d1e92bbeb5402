import { type Micros, SECOND } from '@prefect-ts/protocol';
import { type Schedule, type ScheduledDate, scheduleDates } from '../../schedules/index.ts';
import type { ServerSettings } from '../../settings.ts';

/** How far ahead runs are made: at least `minRuns` and up to `minUntil`, never more than `maxRuns` or beyond `end`. */
export interface Horizon {
  readonly now: Micros;
  readonly start: Micros;
  readonly end: Micros;
  readonly minUntil: Micros;
  readonly minRuns: number;
  readonly maxRuns: number;
}

/** What a request may say about how far to schedule, in place of the settings. */
export interface HorizonWishes {
  readonly start?: Micros | undefined;
  readonly end?: Micros | undefined;
  /** Seconds. */
  readonly minTime?: number | undefined;
  readonly minRuns?: number | undefined;
  readonly maxRuns?: number | undefined;
}

export function horizonOf(settings: ServerSettings['scheduler'], now: Micros, wishes: HorizonWishes = {}): Horizon {
  const start = wishes.start ?? now;
  return {
    now,
    start,
    end: wishes.end ?? start + settings.maxScheduledSeconds * SECOND,
    minUntil: start + (wishes.minTime ?? settings.minScheduledSeconds) * SECOND,
    minRuns: wishes.minRuns ?? settings.minRuns,
    maxRuns: wishes.maxRuns ?? settings.maxRuns,
  };
}

/** The dates for which a schedule needs runs now. Contract: deployments-and-workers 2.3. */
export function plannedDates(schedule: Schedule, { now, start, end, minUntil, minRuns, maxRuns }: Horizon): ScheduledDate[] {
  const dates: ScheduledDate[] = [];
  for (const date of scheduleDates(schedule, { now, start, end, n: maxRuns })) {
    dates.push(date);
    if (dates.length >= minRuns && date.at >= minUntil) break;
  }
  return dates;
}
