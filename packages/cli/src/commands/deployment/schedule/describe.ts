import type { DeploymentSchedule } from '@prefect-ts/protocol';

/** A schedule in one line, for example `cron: 0 * * * * (Europe/Paris)`. */
export function describeSchedule({ schedule }: DeploymentSchedule): string {
  const zone = schedule.timezone && schedule.timezone !== 'UTC' ? ` (${schedule.timezone})` : '';
  if ('cron' in schedule) return `cron: ${schedule.cron}${zone}`;
  if ('rrule' in schedule) return `rrule: ${schedule.rrule}${zone}`;
  return `interval: ${describeSeconds(Number(schedule.interval))}${zone}`;
}

function describeSeconds(seconds: number): string {
  const units = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const;
  const [name, size] = units.find(([, size]) => seconds >= size && seconds % size === 0) ?? ['second', 1];
  const count = seconds / size;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
