import type { DeploymentScheduleCreate } from '@prefect-ts/protocol';
import { CommandError, UsageError } from '../errors.ts';

export interface ScheduleOptions {
  readonly interval: number | undefined;
  readonly anchorDate: string | undefined;
  readonly rrule: string | undefined;
  readonly cron: string | undefined;
  readonly dayOr?: string | undefined;
  readonly timezone: string | undefined;
}

/** The one schedule that options describe. */
export function readSchedule(options: ScheduleOptions): DeploymentScheduleCreate['schedule'] {
  const { interval, anchorDate, rrule, cron, dayOr, timezone } = options;
  if ([interval, rrule, cron].filter((kind) => kind !== undefined).length !== 1) {
    throw new CommandError('Exactly one of `--interval`, `--rrule`, or `--cron` must be provided.');
  }
  if (anchorDate !== undefined && interval === undefined) {
    throw new UsageError('An anchor date can only be provided with an interval schedule.');
  }
  const zone = timezone === undefined ? {} : { timezone };
  if (cron !== undefined) return { cron, day_or: !/^(off|false|no|0)$/i.test(dayOr ?? 'on'), ...zone };
  if (rrule !== undefined) return readRule(rrule, timezone);
  const anchor = anchorDate === undefined ? {} : { anchor_date: readDate(anchorDate) };
  return { interval: `PT${interval}S`, ...anchor, ...zone };
}

function readRule(text: string, timezone: string | undefined): DeploymentScheduleCreate['schedule'] {
  if (!text.trimStart().startsWith('{')) return { rrule: text, ...(timezone === undefined ? {} : { timezone }) };
  try {
    const rule: { rrule?: unknown; timezone?: unknown } = JSON.parse(text);
    const zone = timezone ?? rule.timezone;
    return { rrule: String(rule.rrule ?? ''), ...(typeof zone === 'string' ? { timezone: zone } : {}) };
  } catch {
    throw new UsageError(`'${text}' is neither a recurrence rule nor JSON with one.`);
  }
}

function readDate(text: string): string {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new UsageError('The anchor date must be a date, for example 2030-01-31T00:00:00Z.');
  return date.toISOString();
}
