import { type Micros, parseTimestamp } from '@prefect-ts/protocol';
import { describe, expect, it, test } from 'vitest';
import {
  ImpossibleScheduleError,
  InvalidScheduleError,
  normalizeSchedule,
  parseSchedule,
  scheduleDates,
  scheduleKind,
} from './index.ts';

const time = (text: string): Micros => parseTimestamp(text) ?? Number.NaN;
const NOW = time('2026-11-23T14:24:31Z');

function texts(schedule: unknown, start: string, n: number, end?: string): string[] {
  const range = { now: NOW, start: time(start), n, end: end === undefined ? undefined : time(end) };
  return [...scheduleDates(parseSchedule(schedule, NOW), range)].map(({ text }) => text);
}

const NEW_YORK = 'America/New_York';

describe('interval', () => {
  it.each([
    [
      { interval: 3600, anchor_date: '2025-01-01T00:00:00Z', timezone: NEW_YORK },
      '2025-11-02T03:00:00Z',
      5,
      '2025-11-01 23:00:00-04:00|2025-11-02 00:00:00-04:00|2025-11-02 01:00:00-04:00|2025-11-02 01:00:00-05:00|2025-11-02 02:00:00-05:00',
    ],
    [
      { interval: 129_600, anchor_date: '2025-03-08T14:00:00Z', timezone: NEW_YORK },
      '2025-03-08T14:00:00Z',
      4,
      '2025-03-08 09:00:00-05:00|2025-03-09 21:00:00-04:00|2025-03-11 09:00:00-04:00|2025-03-12 21:00:00-04:00',
    ],
    [
      { interval: 86_400, anchor_date: '2025-01-01T14:00:00Z', timezone: NEW_YORK },
      '2025-11-10T00:00:00Z',
      2,
      '2025-11-10 09:00:00-05:00|2025-11-11 09:00:00-05:00',
    ],
    [
      { interval: 86_400, anchor_date: '2025-01-01T14:00:00Z', timezone: NEW_YORK },
      '2025-11-01T00:00:00Z',
      2,
      '2025-11-01 10:00:00-04:00|2025-11-02 10:00:00-05:00',
    ],
    [
      { interval: 60, anchor_date: '2030-01-01T00:00:30.25Z' },
      '2026-01-01T00:00:00Z',
      2,
      '2026-01-01 00:00:30.250000+00:00|2026-01-01 00:01:30.250000+00:00',
    ],
    [
      { interval: 'PT36H', anchor_date: '2025-01-01T00:00:00' },
      '2025-01-01T00:00:00Z',
      2,
      '2025-01-01 00:00:00+00:00|2025-01-02 12:00:00+00:00',
    ],
  ])('%j from %s', (schedule, start, n, expected) => {
    expect(texts(schedule, start, n).join('|')).toBe(expected);
  });
});

describe('cron', () => {
  it.each([
    [
      '0 * * * *',
      NEW_YORK,
      '2025-11-02T03:00:00Z',
      5,
      '11-01 23:00-04|11-02 00:00-04|11-02 01:00-04|11-02 02:00-05|11-02 03:00-05',
    ],
    ['30 2 * * *', NEW_YORK, '2025-03-08T12:00:00Z', 2, '03-09 03:30-04|03-10 02:30-04'],
    ['0,30 * * * *', NEW_YORK, '2025-03-09T06:30:00Z', 3, '03-09 01:30-05|03-09 03:00-04|03-09 03:30-04'],
    ['30 1 * * *', NEW_YORK, '2025-11-01T12:00:00Z', 2, '11-02 01:30-04|11-03 01:30-05'],
    ['30 2 * * *', NEW_YORK, '2025-03-09T07:10:00Z', 1, '03-09 03:30-04'],
    ['0 0 l * *', null, '2025-01-31T00:00:00Z', 3, '01-31 00:00+00|02-28 00:00+00|03-31 00:00+00'],
    ['0 0 * * 1#2', null, '2025-01-01T00:00:00Z', 3, '01-13 00:00+00|02-10 00:00+00|03-10 00:00+00'],
    ['0 0 * * L5', null, '2025-01-01T00:00:00Z', 2, '01-31 00:00+00|02-28 00:00+00'],
    ['0 0 15 * 1', null, '2025-01-01T00:00:00Z', 4, '01-06 00:00+00|01-13 00:00+00|01-15 00:00+00|01-20 00:00+00'],
    ['5/15 3 * JAN-MAR fri-mon', null, '2025-01-03T03:06:00Z', 3, '01-03 03:20+00|01-03 03:35+00|01-03 03:50+00'],
    ['@weekly', null, '2025-01-01T00:00:00Z', 1, '01-05 00:00+00'],
    ['0 0 1-31 * 1', null, '2025-01-01T00:00:00Z', 2, '01-01 00:00+00|01-02 00:00+00'],
    ['0 0 ? * 7', null, '2025-01-01T00:00:00Z', 1, '01-05 00:00+00'],
    ['0 0 29 2 * 0 2028-2090', null, '2025-01-01T00:00:00Z', 1, '02-29 00:00+00'],
    ['57-4/2 0 1 1 *', null, '2026-01-01T00:00:00Z', 4, '01-01 00:02+00|01-01 00:04+00|01-01 00:57+00|01-01 00:59+00'],
  ])('%s in %s from %s', (cron, timezone, start, n, expected) => {
    const short = texts({ cron, timezone }, start, n).map((text) => text.replace(/^\d{4}-(.*):00([+-]\d\d):00$/, '$1$2'));
    expect(short.join('|')).toBe(expected);
  });

  it('needs both days to match when day_or is false', () => {
    expect(texts({ cron: '0 0 13 * 5', day_or: false }, '2025-01-01T00:00:00Z', 2)).toEqual([
      '2025-06-13 00:00:00+00:00',
      '2026-02-13 00:00:00+00:00',
    ]);
  });

  it('counts seconds in a sixth field', () => {
    expect(texts({ cron: '* * * * * */20' }, '2025-01-01T00:00:00.5Z', 2)).toEqual([
      '2025-01-01 00:00:20+00:00',
      '2025-01-01 00:00:40+00:00',
    ]);
  });

  it('is an error at the first date when the day does not exist', () => {
    expect(() => texts({ cron: '0 0 31 2 *' }, '2025-01-01T00:00:00Z', 1)).toThrow(ImpossibleScheduleError);
  });

  it.each([
    '',
    '* * * *',
    '@reboot',
    'H * * * *',
    '60 * * * *',
    '0 24 * * *',
    '0 0 0 * *',
    '0 0 15W * *',
    '0 0 * * 5L',
    '0 0 * * 5#L',
    '0 0 * * 1#6',
    '0 0 * * 1#2,3',
    '*/0 * * * *',
    '1,,2 * * * *',
    'L * * * *',
    '? * * * *',
    '0 0 * * * * 1969',
    '* * * * * * * *',
  ])('refuses %j', (cron) => {
    expect(() => parseSchedule({ cron }, NOW)).toThrow(`Invalid cron string: "${cron}"`);
  });
});

describe('rrule', () => {
  it.each([
    ['FREQ=DAILY', NEW_YORK, '2025-03-08T12:00:00Z', '2025-03-09 00:00:00-05:00|2025-03-10 00:00:00-04:00'],
    [
      'DTSTART:20250301T090000Z\nRRULE:FREQ=DAILY',
      NEW_YORK,
      '2025-03-08T20:00:00Z',
      '2025-03-09 09:00:00-04:00|2025-03-10 09:00:00-04:00',
    ],
    [
      'DTSTART:20250301T023000\nFREQ=DAILY',
      NEW_YORK,
      '2025-03-09T00:00:00Z',
      '2025-03-09 03:30:00-04:00|2025-03-10 02:30:00-04:00',
    ],
    ['FREQ=MONTHLY;BYDAY=-1FR', 'UTC', '2025-01-01T00:00:00Z', '2025-01-31 00:00:00+00:00|2025-02-28 00:00:00+00:00'],
    [
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
      'UTC',
      '2025-05-01T00:00:00Z',
      '2025-05-30 00:00:00+00:00|2025-06-30 00:00:00+00:00',
    ],
    ['FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', 'UTC', '2025-01-01T00:00:00Z', '2025-05-12 00:00:00+00:00|2026-05-11 00:00:00+00:00'],
    ['FREQ=YEARLY;BYEASTER=0', 'UTC', '2025-01-01T00:00:00Z', '2025-04-20 00:00:00+00:00|2026-04-05 00:00:00+00:00'],
    [
      'DTSTART:20250105T000000\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU',
      'UTC',
      '2025-01-06T12:00:00Z',
      '2025-01-19 00:00:00+00:00|2025-01-20 00:00:00+00:00',
    ],
    [
      'DTSTART:20250101T000000\nRRULE:FREQ=DAILY\nEXDATE:20250103T000000\nRDATE:20250103T120000',
      'UTC',
      '2025-01-03T00:00:00Z',
      '2025-01-03 12:00:00+00:00|2025-01-04 00:00:00+00:00',
    ],
    [
      'DTSTART:20250101T000000\nRRULE:FREQ=DAILY\nEXRULE:FREQ=DAILY;INTERVAL=2',
      'UTC',
      '2025-01-01T00:00:00Z',
      '2025-01-02 00:00:00+00:00|2025-01-04 00:00:00+00:00',
    ],
    [
      'FREQ=SECONDLY;INTERVAL=7;BYHOUR=9;BYMONTH=2',
      'UTC',
      '2025-03-01T00:00:00Z',
      '2026-02-01 09:00:00+00:00|2026-02-01 09:00:07+00:00',
    ],
  ])('%s in %s', (rrule, timezone, start, expected) => {
    expect(texts({ rrule, timezone }, start, 2).join('|')).toBe(expected);
  });

  it('counts COUNT from the start of the rule', () => {
    expect(texts({ rrule: 'DTSTART:20250101T000000\nFREQ=DAILY;COUNT=3' }, '2025-01-03T00:00:00Z', 5)).toEqual([
      '2025-01-03 00:00:00+00:00',
    ]);
    expect(texts({ rrule: 'DTSTART:20250101T000000\nFREQ=DAILY;COUNT=4;BYHOUR=0,12' }, '2025-01-02T00:00:00Z', 5)).toHaveLength(
      2,
    );
  });

  it('ends with UNTIL, read on the wall clock', () => {
    expect(texts({ rrule: 'FREQ=DAILY;UNTIL=20250110T000000Z', timezone: NEW_YORK }, '2025-01-09T12:00:00Z', 5)).toEqual([
      '2025-01-10 00:00:00-05:00',
    ]);
  });

  it.each([
    ['', 'empty string'],
    ['FREQ=X', "invalid 'FREQ': X"],
    ['FREQ=DAILY;FOO=1', "unknown parameter 'FOO'"],
    ['A:B', 'unsupported property: A'],
    ['FREQ=DAILY;BYHOUR=25', "invalid 'BYHOUR': 25"],
    ['FREQ=DAILY;INTERVAL=0', "invalid 'INTERVAL': 0"],
    ['INTERVAL=2', 'FREQ is missing'],
    ['FREQ=DAILY;UNTIL=x', 'invalid date: X'],
    ['FREQ=MONTHLY;BYDAY=0MO', "invalid 'BYDAY': 0MO"],
    ['FREQ=MINUTELY;INTERVAL=2;BYMINUTE=1', 'the steps of this rule never meet its times of day'],
  ])('refuses %j', (rrule, reason) => {
    expect(() => parseSchedule({ rrule }, NOW)).toThrow(`Invalid RRule string "${rrule}": ${reason}`);
  });

  it('refuses a rule of more than 6500 characters', () => {
    const rrule = `DTSTART:20250101T000000\nRRULE:FREQ=DAILY\nRDATE:${Array(400).fill('20250101T000000').join(',')}`;
    expect(() => parseSchedule({ rrule: `${rrule},${'20250101T000000'}`.padEnd(6501, ' ') }, NOW)).toThrow(
      /Max length is 6500, got 6501$/,
    );
  });

  it.each([
    ['FREQ=DAILY', 'DTSTART:20200101T000000\nFREQ=DAILY'],
    ['FREQ=MINUTELY;INTERVAL=7', 'DTSTART:20261123T142400\nFREQ=MINUTELY;INTERVAL=7'],
    ['FREQ=SECONDLY', 'DTSTART:20261123T142431\nFREQ=SECONDLY'],
    ['FREQ=MINUTELY;COUNT=5', 'DTSTART:20200101T000000\nFREQ=MINUTELY;COUNT=5'],
    ['FREQ=MINUTELY\nEXDATE:20250101', 'DTSTART:20200101T000000\nFREQ=MINUTELY\nEXDATE:20250101'],
    ['dtstart:20250101T000000\nFREQ=DAILY', 'dtstart:20250101T000000\nFREQ=DAILY'],
    ['not a rule', 'DTSTART:20200101T000000\nnot a rule'],
  ])('is stored with its start: %j', (rrule, stored) => {
    expect(normalizeSchedule({ rrule, timezone: 'UTC' }, NOW)).toEqual({ rrule: stored, timezone: 'UTC' });
  });
});

describe('reading a schedule', () => {
  it.each([
    [{ interval: 60 }, { interval: 60, anchor_date: '2026-11-23T14:24:31Z', timezone: 'UTC' }],
    [
      { interval: 'PT1H', anchor_date: '2025-01-01T00:00:00.5-05:00', timezone: '' },
      { interval: 3600, anchor_date: '2025-01-01T00:00:00.500000-05:00', timezone: '' },
    ],
    [
      { interval: '1 day, 01:00:00', anchor_date: 1_735_689_600 },
      { interval: 90_000, anchor_date: '2025-01-01T00:00:00Z', timezone: 'UTC' },
    ],
    [
      { interval: 60, anchor_date: '2025-01-01' },
      { interval: 60, anchor_date: '2025-01-01T00:00:00Z', timezone: 'UTC' },
    ],
    [{ cron: '@daily' }, { cron: '@daily', timezone: null, day_or: true }],
    [
      { cron: '* * * * *', day_or: 'no', timezone: 'US/Eastern' },
      { cron: '* * * * *', timezone: 'US/Eastern', day_or: false },
    ],
    [{ rrule: 'FREQ=DAILY' }, { rrule: 'FREQ=DAILY', timezone: 'UTC' }],
  ])('%j is filled in', (body, expected) => {
    expect(parseSchedule(body, NOW)).toEqual(expected);
  });

  it.each<[unknown, string | undefined, string, string | RegExp]>([
    [{}, 'interval', 'missing', 'Field required'],
    [{ interval: 60, cron: '* * * * *' }, 'cron', 'extra_forbidden', 'Extra inputs are not permitted'],
    [{ interval: 0 }, 'interval', 'value_error', 'interval must be positive'],
    [{ interval: 'soon' }, 'interval', 'time_delta_parsing', 'Input should be a valid timedelta'],
    [{ interval: 60, anchor_date: 'x' }, 'anchor_date', 'value_error', 'value is not a valid datetime'],
    [{ cron: 5 }, 'cron', 'string_type', 'Input should be a valid string'],
    [{ cron: 'R * * * *' }, 'cron', 'value_error', 'Random and Hashed expressions are unsupported, received: "R * * * *"'],
    [{ rrule: 'FREQ=DAILY', timezone: '' }, 'timezone', 'value_error', /^Invalid timezone: ""/],
    [null, undefined, 'model_type', 'Input should be a valid dictionary'],
  ])('%j is refused', (body, field, type, message) => {
    let thrown: unknown;
    try {
      parseSchedule(body, NOW);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(InvalidScheduleError);
    expect(thrown).toMatchObject({
      field,
      type,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });
});

test.each(['X', 'utc', 'america/new_york', '+05:00', 'US/eastern'])('%j is no time zone', (timezone) => {
  const message = `Invalid timezone: "${timezone}" (specify in IANA tzdata format, for example, America/New_York)`;
  for (const body of [{ cron: '* * * * *' }, { interval: 60 }, { rrule: 'FREQ=DAILY' }]) {
    expect(() => parseSchedule({ ...body, timezone }, NOW)).toThrow(new InvalidScheduleError(message, 'timezone'));
  }
});

test('the number of dates: one without an end, up to a thousand with one', () => {
  const schedule = { cron: '* * * * *' };
  const range = { now: NOW, start: time('2025-01-01T00:00:00Z') };
  expect([...scheduleDates(parseSchedule(schedule, NOW), range)]).toHaveLength(1);
  expect([...scheduleDates(parseSchedule(schedule, NOW), { ...range, end: time('2025-01-01T00:10:00Z') })]).toHaveLength(11);
  expect([...scheduleDates(parseSchedule(schedule, NOW), { ...range, end: time('2026-01-01T00:00:00Z') })]).toHaveLength(1000);
  expect([...scheduleDates(parseSchedule(schedule, NOW), { ...range, n: 5000 })]).toHaveLength(1000);
});

test('the kind of a schedule names the creator of its runs', () => {
  const kinds = [{ interval: 60 }, { cron: '* * * * *' }, { rrule: 'FREQ=DAILY' }].map((body) =>
    scheduleKind(parseSchedule(body, NOW)),
  );
  expect(kinds).toEqual(['IntervalSchedule', 'CronSchedule', 'RRuleSchedule']);
});
