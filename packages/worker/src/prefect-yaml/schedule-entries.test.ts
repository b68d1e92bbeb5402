import { describe, expect, test } from 'vitest';
import { readInterval, readSchedules, ScheduleEntryError } from './schedule-entries.ts';

describe('readSchedules', () => {
  test('tells "none" from "nothing said"', () => {
    expect(readSchedules({})).toBeUndefined();
    expect(readSchedules({ schedule: {} })).toBeUndefined();
    expect(readSchedules({ schedules: [] })).toEqual([]);
    expect(readSchedules({ schedules: null })).toEqual([]);
  });

  test('reads each kind', () => {
    const schedules = readSchedules({
      schedules: [
        { cron: '0 3 * * *', timezone: 'Europe/Madrid', active: 'false', slug: 'nightly' },
        { interval: 'PT15M', anchor_date: '2026-01-01T00:00:00Z' },
        { rrule: '{"rrule": "FREQ=DAILY", "timezone": "Asia/Tokyo"}' },
      ],
    });
    expect(schedules).toMatchObject([
      { schedule: { cron: '0 3 * * *', timezone: 'Europe/Madrid' }, active: false, slug: 'nightly' },
      { schedule: { interval: 900, anchor_date: '2026-01-01T00:00:00.000Z' } },
      { schedule: { rrule: 'FREQ=DAILY', timezone: 'Asia/Tokyo' } },
    ]);
  });
});

describe('readInterval', () => {
  test.each([
    [3600, 3600],
    ['90', 90],
    ['PT1H30M', 5400],
    ['P1DT1S', 86_401],
    ['01:30:00', 5400],
    ['2 days, 0:00:10', 172_810],
  ])('%s', (text, seconds) => {
    expect(readInterval(text)).toBe(seconds);
  });

  test('refuses other text', () => {
    expect(() => readInterval('soon')).toThrow(ScheduleEntryError);
  });
});
