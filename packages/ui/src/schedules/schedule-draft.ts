import type { DeploymentSchedule, DeploymentScheduleCreate } from '@prefect-ts/protocol';

export type ScheduleKind = 'cron' | 'interval' | 'rrule';

export const UNITS = { seconds: 1, minutes: 60, hours: 3600, days: 86_400, weeks: 604_800 } as const;
export type Unit = keyof typeof UNITS;

/** A schedule as it stands in the fields of its editor; what belongs to other kinds is kept while one tries them. */
export interface ScheduleDraft {
  kind: ScheduleKind;
  cron: string;
  dayOr: boolean;
  every: number | null;
  unit: Unit;
  /** Local to no zone: `2026-01-31T08:00`, read in the zone of the schedule; empty for now. */
  anchor: string;
  rrule: string;
  timezone: string;
  active: boolean;
  slug: string;
  mostPlanned: number | null;
  parameters: Record<string, unknown>;
}

type AnySchedule = DeploymentSchedule['schedule'];
type WrittenSchedule = DeploymentScheduleCreate['schedule'];

/** A draft to begin with: every morning, where the reader is. */
export function newDraft(timezone: string): ScheduleDraft {
  return {
    kind: 'cron',
    cron: '0 6 * * *',
    dayOr: true,
    every: 1,
    unit: 'hours',
    anchor: '',
    rrule: 'FREQ=WEEKLY;BYDAY=MO,WE,FR;BYHOUR=9;BYMINUTE=0;BYSECOND=0',
    timezone,
    active: true,
    slug: '',
    mostPlanned: null,
    parameters: {},
  };
}

/** The draft of a schedule that is there. */
export function draftOf(saved: DeploymentSchedule): ScheduleDraft {
  const { schedule } = saved;
  return {
    ...newDraft(schedule.timezone ?? 'UTC'),
    active: saved.active,
    slug: saved.slug ?? '',
    mostPlanned: saved.max_scheduled_runs,
    parameters: saved.parameters,
    ...fieldsOf(schedule),
  };
}

function fieldsOf(schedule: AnySchedule): Partial<ScheduleDraft> {
  if ('cron' in schedule) return { kind: 'cron', cron: schedule.cron, dayOr: schedule.day_or };
  if ('rrule' in schedule) return { kind: 'rrule', rrule: schedule.rrule };
  return {
    kind: 'interval',
    ...splitSpan(schedule.interval),
    anchor: wallTime(schedule.anchor_date, schedule.timezone ?? 'UTC'),
  };
}

/** The schedule that a draft stands for; nothing while a field that it needs is empty. */
export function scheduleOf(draft: ScheduleDraft): WrittenSchedule | undefined {
  const timezone = draft.timezone.trim() || 'UTC';
  switch (draft.kind) {
    case 'cron':
      return draft.cron.trim() ? { cron: draft.cron.trim(), day_or: draft.dayOr, timezone } : undefined;
    case 'rrule':
      return draft.rrule.trim() ? { rrule: draft.rrule.trim(), timezone } : undefined;
    case 'interval': {
      if (draft.every === null) return undefined;
      const interval = `PT${draft.every * UNITS[draft.unit]}S`;
      return draft.anchor === ''
        ? { interval, timezone }
        : { interval, anchor_date: instantOf(draft.anchor, timezone), timezone };
    }
  }
}

/** A span in the largest unit in which it is a whole number. */
export function splitSpan(seconds: number): { every: number; unit: Unit } {
  const units = (Object.keys(UNITS) as Unit[]).reverse();
  const unit = units.find((candidate) => seconds >= UNITS[candidate] && seconds % UNITS[candidate] === 0) ?? 'seconds';
  return { every: seconds / UNITS[unit], unit };
}

/** What the clocks of a zone show at an instant, as an input of date and time takes it. */
export function wallTime(instant: string, timeZone: string): string {
  const at = Date.parse(instant);
  return Number.isNaN(at) ? '' : new Date(at + offsetAt(at, timeZone)).toISOString().slice(0, 16);
}

/** The instant at which the clocks of a zone show a time. */
export function instantOf(wall: string, timeZone: string): string {
  const asUtc = Date.parse(`${wall}Z`);
  if (Number.isNaN(asUtc)) return wall;
  const guess = asUtc - offsetAt(asUtc, timeZone);
  return new Date(asUtc - offsetAt(guess, timeZone)).toISOString();
}

/** Milliseconds by which a zone is ahead of UTC; none for a zone that nobody knows. */
function offsetAt(at: number, timeZone: string): number {
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    }).formatToParts(at);
    const part = (type: string) => Number(parts.find((found) => found.type === type)?.value);
    const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
    return wall - Math.floor(at / 1000) * 1000;
  } catch {
    return 0;
  }
}
