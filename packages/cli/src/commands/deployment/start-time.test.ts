import { expect, test } from 'vitest';
import { UsageError } from '../../errors.ts';
import { readStart } from './start-time.ts';

const NOW = new Date(2030, 0, 31, 14, 0, 0);

test.each([
  ['90', 90],
  ['10 minutes', 600],
  ['in 2 hours', 7200],
  ['1h 30m', 5400],
  ['1 day and 2 hours', 93_600],
])('--start-in %s is in %d seconds', (text, seconds) => {
  expect(readStart(text, undefined, NOW).getTime() - NOW.getTime()).toBe(seconds * 1000);
});

test.each([
  ['14:30', new Date(2030, 0, 31, 14, 30)],
  ['13:00', new Date(2030, 1, 1, 13, 0)],
  ['5:15pm', new Date(2030, 0, 31, 17, 15)],
  ['2030-02-03', new Date(2030, 1, 3)],
  ['2030-02-03 04:05', new Date(2030, 1, 3, 4, 5)],
  ['2030-02-03T04:05:06Z', new Date(Date.UTC(2030, 1, 3, 4, 5, 6))],
])('--start-at %s', (text, time) => {
  expect(readStart(undefined, text, NOW)).toEqual(time);
});

test.each([
  ['soon', undefined],
  ['5 parsecs', undefined],
  ['', undefined],
  [undefined, 'later'],
  ['1 hour', '14:30'],
])('--start-in %s with --start-at %s is refused', (startIn, startAt) => {
  expect(() => readStart(startIn, startAt, NOW)).toThrow(UsageError);
});
