import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../errors.ts';
import { cron, every, rrule } from './schedules.ts';

const plain = { active: true, max_scheduled_runs: null, parameters: {}, slug: null, replaces: null };

describe('schedule builders', () => {
  test('cron carries its expression, its zone and how days combine', () => {
    expect(cron('0 3 * * *', { timezone: 'Europe/Madrid' })).toEqual({
      ...plain,
      schedule: { cron: '0 3 * * *', timezone: 'Europe/Madrid', day_or: true },
    });
    expect(cron('0 3 1 * 1', { dayOr: false }).schedule).toEqual({ cron: '0 3 1 * 1', timezone: null, day_or: false });
  });

  test('every turns a duration into seconds from its anchor', () => {
    expect(every('90m', { anchor: '2026-01-01T00:00:00Z' }).schedule).toEqual({
      interval: 5400,
      anchor_date: '2026-01-01T00:00:00.000Z',
      timezone: 'UTC',
    });
  });

  test('rrule carries its rule', () => {
    expect(rrule('FREQ=DAILY').schedule).toEqual({ rrule: 'FREQ=DAILY', timezone: 'UTC' });
  });

  test('what a schedule adds to its deployment stands beside it', () => {
    expect(every(60, { active: false, params: { n: 1 }, slug: 'minutely', replaces: 'old' })).toMatchObject({
      active: false,
      parameters: { n: 1 },
      slug: 'minutely',
      replaces: 'old',
    });
  });

  test.each([() => cron(' '), () => every(0), () => every('1h', { anchor: 'yesterday' }), () => rrule('')])(
    'a schedule that cannot be meant is refused',
    (build) => {
      expect(build).toThrow(ConfigurationError);
    },
  );
});
