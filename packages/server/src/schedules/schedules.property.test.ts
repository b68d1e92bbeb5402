import type { Micros } from '@prefect-ts/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSchedule, type Schedule, scheduleDates, zoneOf } from './index.ts';
import { DAY } from './zone.ts';

const ZONES = [
  'UTC',
  'America/New_York',
  'Europe/London',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'Pacific/Apia',
  'America/St_Johns',
];
const zones = fc.constantFrom(...ZONES);
const instants = fc
  .integer({ min: Date.UTC(2024, 0, 1) / 1000, max: Date.UTC(2028, 0, 1) / 1000 })
  .map((second) => second * 1_000_000);

const wallSchedules = fc.oneof(
  fc.record({
    cron: fc
      .tuple(
        fc.constantFrom('0', '30', '*/20', '5,35', '50-10/5'),
        fc.constantFrom('*', '2', '1-3', '*/6'),
        fc.constantFrom('*', '1,15', 'L'),
        fc.constantFrom('*', '*', '3,10,11'),
        fc.constantFrom('*', 'MON-FRI', '0#1', 'L0'),
      )
      .map((fields) => fields.join(' ')),
    timezone: zones,
  }),
  fc.record({
    rrule: fc
      .tuple(
        fc.constantFrom('DTSTART:20230115T023000\n', 'DTSTART:20231001T013000\n', ''),
        fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'HOURLY', 'MINUTELY'),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom('', ';BYDAY=SU', ';BYHOUR=0,1,2,3,4,5,6,7,8', ';BYMONTH=3,10,11'),
      )
      .map(([start, frequency, interval, by]) => `${start}FREQ=${frequency};INTERVAL=${interval}${by}`),
    timezone: zones,
  }),
);

const intervals = fc.record({
  interval: fc.constantFrom(60, 3600, 5400, 86_400, 129_600, 604_800),
  anchor_date: fc.constantFrom('2024-06-01T09:30:00Z', '2026-01-01T00:00:00-05:00'),
  timezone: zones,
});

function datesOf(schedule: Schedule, start: Micros, n: number): Micros[] {
  return [...scheduleDates(schedule, { now: start, start, n })].map(({ at }) => at);
}

test('dates ascend, come once each, and none is before the start', () => {
  fc.assert(
    fc.property(fc.oneof(wallSchedules, intervals), instants, (body, start) => {
      const dates = datesOf(parseSchedule(body, start), start, 40);
      expect(dates.every((at, index) => at >= (index === 0 ? start : (dates[index - 1] ?? 0) + 1))).toBe(true);
    }),
    { numRuns: 150 },
  );
});

test('where one looks from does not change which dates a cron or recurrence has', () => {
  fc.assert(
    fc.property(wallSchedules, instants, fc.integer({ min: 0, max: 3 * DAY }), (body, start, later) => {
      const schedule = parseSchedule(body, start);
      const dates = datesOf(schedule, start, 200);
      const seen = dates.filter((at) => at >= start + later);
      expect(datesOf(schedule, start + later, seen.length)).toEqual(seen);
    }),
    { numRuns: 150 },
  );
});

test('a date text names its instant', () => {
  fc.assert(
    fc.property(fc.oneof(wallSchedules, intervals), instants, (body, start) => {
      for (const { at, text } of scheduleDates(parseSchedule(body, start), { now: start, n: 10 })) {
        expect(Date.parse(text.replace(' ', 'T')) * 1000).toBe(at);
      }
    }),
    { numRuns: 100 },
  );
});

test('a clock reading is found again at its instant, or moved forward where the clock skips it', () => {
  fc.assert(
    fc.property(zones, instants, (name, instant) => {
      const zone = zoneOf(name);
      const wall = instant + zone.offsetAt(instant);
      const found = zone.instantOf(wall);
      expect(found).toBeLessThanOrEqual(instant);
      expect(found + zone.offsetAt(found)).toBe(wall);
      const any = zone.instantOf(instant);
      expect(any + zone.offsetAt(any)).toBeGreaterThanOrEqual(instant);
    }),
    { numRuns: 500 },
  );
});
