import type { DeploymentScheduleCreate } from '@prefect-ts/protocol';
import { type Duration, toSeconds } from '../durations.ts';
import { ConfigurationError } from '../errors.ts';

/** When a deployment runs: plain data, as the API takes it. */
export type Schedule = DeploymentScheduleCreate;

/** What every kind of schedule may say. */
export interface ScheduleOptions {
  /** Name of the time zone, for example `Europe/Madrid`. Default: the server's, UTC. */
  timezone?: string;
  /** Whether runs are made. Default true. */
  active?: boolean;
  /** Parameters of the runs of this schedule, over those of the deployment. */
  params?: Readonly<Record<string, unknown>>;
  /** A name that stays when the schedule changes. */
  slug?: string;
  /** The slug of the schedule whose place this one takes. */
  replaces?: string;
}

/**
 * Runs at the times of a cron expression.
 *
 * @param dayOr whether a day matches when the day of the month or that of the week does (default), or only when both do
 * @example cron('0 3 * * 1-5', { timezone: 'Europe/Madrid' })
 */
export function cron(expression: string, { dayOr = true, ...options }: ScheduleOptions & { dayOr?: boolean } = {}): Schedule {
  if (expression.trim() === '') throw new ConfigurationError('A cron schedule needs an expression, for example "0 3 * * *".');
  return toSchedule({ cron: expression, timezone: options.timezone ?? null, day_or: dayOr }, options);
}

/**
 * Runs once in a period.
 *
 * @param anchor a time that is one of the runs' times. Default: the time of the call
 * @example every('1h')
 */
export function every(period: Duration, { anchor, ...options }: ScheduleOptions & { anchor?: Date | string } = {}): Schedule {
  const seconds = toSeconds(period);
  if (seconds <= 0) throw new ConfigurationError('The period of a schedule must be longer than nothing.');
  const anchorDate = new Date(anchor ?? Date.now());
  if (Number.isNaN(anchorDate.getTime())) throw new ConfigurationError(`The anchor ${JSON.stringify(anchor)} is no time.`);
  // The wire carries a number of seconds, though the schema of the answer says text.
  const interval = seconds as unknown as string;
  return toSchedule({ interval, anchor_date: anchorDate.toISOString(), timezone: options.timezone ?? 'UTC' }, options);
}

/**
 * Runs at the times of a recurrence rule (RFC 5545).
 *
 * @example rrule('FREQ=MONTHLY;BYDAY=-1FR', { timezone: 'Europe/Madrid' })
 */
export function rrule(rule: string, options: ScheduleOptions = {}): Schedule {
  if (rule.trim() === '') throw new ConfigurationError('A recurrence schedule needs a rule, for example "FREQ=DAILY".');
  return toSchedule({ rrule: rule, timezone: options.timezone ?? 'UTC' }, options);
}

function toSchedule(schedule: Schedule['schedule'], options: ScheduleOptions): Schedule {
  return {
    schedule,
    active: options.active ?? true,
    max_scheduled_runs: null,
    parameters: { ...options.params },
    slug: options.slug ?? null,
    replaces: options.replaces ?? null,
  };
}
