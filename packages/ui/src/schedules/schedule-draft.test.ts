import type { DeploymentSchedule } from '@prefect-ts/protocol';
import { describe, expect, it } from 'vitest';
import { draftOf, instantOf, newDraft, scheduleOf, splitSpan, wallTime } from './schedule-draft.ts';

const saved = (schedule: DeploymentSchedule['schedule']): DeploymentSchedule => ({
  id: '1',
  created: null,
  updated: null,
  deployment_id: null,
  schedule,
  active: false,
  slug: 'nightly',
  max_scheduled_runs: 7,
  parameters: { a: 1 },
});

describe('a schedule in its editor', () => {
  it.each<DeploymentSchedule['schedule']>([
    { cron: '0 6 * * *', day_or: false, timezone: 'Europe/Berlin' },
    { rrule: 'FREQ=DAILY', timezone: 'UTC' },
    { interval: 5400, anchor_date: '2026-07-01T06:00:00.000Z', timezone: 'Asia/Tokyo' },
  ])('is the same when it comes out of it: %j', (schedule) => {
    const draft = draftOf(saved(schedule));
    expect(scheduleOf(draft)).toEqual('interval' in schedule ? { ...schedule, interval: `PT${schedule.interval}S` } : schedule);
    expect(draft).toMatchObject({ active: false, slug: 'nightly', mostPlanned: 7, parameters: { a: 1 } });
  });

  it('is none while what it needs is missing', () => {
    expect(scheduleOf({ ...newDraft('UTC'), cron: ' ' })).toBeUndefined();
    expect(scheduleOf({ ...newDraft('UTC'), kind: 'interval', every: null })).toBeUndefined();
  });
});

it.each([
  [90, 90, 'seconds'],
  [3600, 1, 'hours'],
  [86_400, 1, 'days'],
  [1_209_600, 2, 'weeks'],
  [0.5, 0.5, 'seconds'],
])('a span of %d seconds is %d %s', (seconds, every, unit) => expect(splitSpan(seconds)).toEqual({ every, unit }));

it.each([
  ['2026-01-15T08:00', 'Europe/Berlin', '2026-01-15T07:00:00.000Z'],
  ['2026-07-15T08:00', 'Europe/Berlin', '2026-07-15T06:00:00.000Z'],
  ['2026-07-15T08:00', 'Asia/Kolkata', '2026-07-15T02:30:00.000Z'],
])('%s in %s is %s, and back', (wall, zone, instant) => {
  expect(instantOf(wall, zone)).toBe(instant);
  expect(wallTime(instant, zone)).toBe(wall);
});
