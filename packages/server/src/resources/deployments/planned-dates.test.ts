import { parseTimestamp, SECOND } from '@prefect-ts/protocol';
import { expect, test } from 'vitest';
import { type HorizonWishes, horizonOf, plannedDates } from './planned-dates.ts';

const now = parseTimestamp('2026-01-01T00:00:00Z') ?? 0;
const settings = {
  enabled: true,
  loopSeconds: 60,
  recentLoopSeconds: 5,
  minRuns: 3,
  maxRuns: 100,
  minScheduledSeconds: 3600,
  maxScheduledSeconds: 100 * 86_400,
};

function countOf(seconds: number, wishes?: HorizonWishes): number {
  const schedule = { interval: seconds, anchor_date: '2026-01-01T00:00:00Z', timezone: 'UTC' };
  return plannedDates(schedule, horizonOf(settings, now, wishes)).length;
}

test.each([
  ['every ten minutes', 600, 7],
  ['hourly', 3600, 3],
  ['daily', 86_400, 3],
  ['every second', 1, 100],
  ['every 60 days', 60 * 86_400, 2],
])('a schedule that is due %s has %i-second steps and %i runs ahead', (_, seconds, runs) => {
  expect(countOf(seconds)).toBe(runs);
});

test.each([
  ['fewer by number', { maxRuns: 2 }, 2],
  ['more by number', { minRuns: 5 }, 5],
  ['more by time', { minTime: 5 * 3600 }, 6],
  ['up to an end', { end: now + 3600 * SECOND }, 2],
  ['from a time that is past', { start: now - 86_400 * SECOND, minRuns: 10 }, 10],
])('a request may ask for %s', (_, wishes, runs) => {
  expect(countOf(3600, wishes)).toBe(runs);
});
