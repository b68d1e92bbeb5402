import type { DeploymentSchedule } from '@prefect-ts/protocol';
import { formatSpan } from '../widgets/time-text.ts';

/** A schedule in a few words: what it says, and in which zone. */
export function scheduleText({ schedule }: Pick<DeploymentSchedule, 'schedule'>): string {
  if ('cron' in schedule) return `cron ${schedule.cron}${zoneSuffix(schedule.timezone)}`;
  if ('interval' in schedule) return `every ${formatSpan(schedule.interval * 1000)}`;
  return `${schedule.rrule.replace(/^DTSTART[^\n]*\n/, '').replace(/^RRULE:/, '')}${zoneSuffix(schedule.timezone)}`;
}

function zoneSuffix(zone: string | null | undefined): string {
  return zone && zone !== 'UTC' ? ` (${zone})` : '';
}
