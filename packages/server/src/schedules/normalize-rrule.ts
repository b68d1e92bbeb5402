import { type Micros, SECOND } from '@prefect-ts/protocol';
import { formatWall } from './format-wall.ts';
import { clockUnit, DEFAULT_START, parseRecurrence, RRuleSyntaxError } from './rrule-text.ts';
import type { Schedule } from './schedule.ts';
import { zoneOf } from './zone.ts';

/**
 * Gives a recurrence that is about to be stored its start, so that it means the same ever after; other schedules stay as they are.
 *
 * Rules by the minute or second start near now, on the grid that begins in 2020; all others start in 2020 (contract 1.4).
 */
export function normalizeSchedule(schedule: Schedule, now: Micros): Schedule {
  if (!('rrule' in schedule) || /DTSTART/i.test(schedule.rrule)) return schedule;
  const start = formatWall(startOf(schedule.rrule, schedule.timezone, now) * SECOND, 0, 'T', 'Z');
  return { ...schedule, rrule: `DTSTART:${start.slice(0, 19).replaceAll(/[-:]/g, '')}\n${schedule.rrule}` };
}

function startOf(rrule: string, timezone: string | null, now: Micros): number {
  const rule = soleFastRule(rrule);
  if (!rule) return DEFAULT_START;
  const wallNow = (now + zoneOf(timezone).offsetAt(now)) / SECOND;
  return DEFAULT_START + Math.floor((wallNow - DEFAULT_START) / rule.period) * rule.period;
}

function soleFastRule(rrule: string): { period: number } | undefined {
  try {
    const { rules, dates, excludedRules, excludedDates } = parseRecurrence(rrule);
    const [rule, ...more] = rules;
    if (!rule || more.length + dates.length + excludedRules.length + excludedDates.size > 0 || rule.count !== undefined)
      return undefined;
    const unit = clockUnit(rule.frequency);
    return unit === undefined || unit > 60 ? undefined : { period: unit * rule.interval };
  } catch (error) {
    if (error instanceof RRuleSyntaxError) return undefined;
    throw error;
  }
}
