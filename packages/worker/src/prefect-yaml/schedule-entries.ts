import { cron, every, rrule, type Schedule, type ScheduleOptions } from 'prefect-ts/schedules';
import type { DeploymentEntry, ScheduleEntry } from './project-file.ts';

/** A schedule of a project is written in a way that cannot be meant. */
export class ScheduleEntryError extends Error {
  override readonly name = 'ScheduleEntryError';
}

/** The schedules of a deployment; undefined when it says nothing about them. */
export function readSchedules(entry: Pick<DeploymentEntry, 'schedule' | 'schedules'>): Schedule[] | undefined {
  if (entry.schedules != null) return entry.schedules.map(readSchedule).filter((schedule) => schedule !== undefined);
  if ('schedules' in entry) return [];
  const single = entry.schedule == null ? undefined : readSchedule(entry.schedule);
  return single && [single];
}

function readSchedule(entry: ScheduleEntry): Schedule | undefined {
  const options: ScheduleOptions = {
    active: typeof entry.active === 'string' ? /^(1|t|true|y|yes|on)$/i.test(entry.active) : (entry.active ?? true),
    ...(entry.timezone == null ? {} : { timezone: entry.timezone }),
    ...(entry.parameters ? { params: entry.parameters } : {}),
    ...(entry.slug == null ? {} : { slug: entry.slug }),
    ...(entry.replaces == null ? {} : { replaces: entry.replaces }),
  };
  if (entry.cron != null) return cron(entry.cron, { ...options, dayOr: entry.day_or ?? true });
  if (entry.interval != null) {
    return every(readInterval(entry.interval), { ...options, ...(entry.anchor_date ? { anchor: entry.anchor_date } : {}) });
  }
  if (entry.rrule != null) return readRule(entry.rrule, options);
  return undefined;
}

/** Reads an interval as seconds: `3600`, `PT1H`, `01:00:00`. */
export function readInterval(interval: number | string): number {
  if (typeof interval === 'number') return interval;
  const text = interval.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const clock = /^(?:(\d+) days?, )?(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text);
  if (clock) return sum(clock, [86_400, 3600, 60, 1]);
  const iso = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  if (iso && text.length > 1) return sum(iso, [604_800, 86_400, 3600, 60, 1]);
  throw new ScheduleEntryError(`The interval '${interval}' is none: give seconds, or text such as 'PT1H' or '01:00:00'.`);
}

function sum(match: RegExpExecArray, weights: readonly number[]): number {
  return weights.reduce((total, weight, index) => total + weight * Number(match[index + 1] ?? 0), 0);
}

/** A rule may stand alone or as JSON together with its zone. */
function readRule(text: string, options: ScheduleOptions): Schedule {
  if (!text.trim().startsWith('{')) return rrule(text, options);
  const { rrule: rule, timezone }: { rrule?: string; timezone?: string } = JSON.parse(text);
  if (rule === undefined) throw new ScheduleEntryError(`The recurrence '${text}' names no 'rrule'.`);
  return rrule(rule, { ...options, ...(timezone ? { timezone } : {}) });
}
