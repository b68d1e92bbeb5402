import { expect, test } from 'vitest';
import { describeDistance } from './time.ts';

const NOW = Date.parse('2030-01-01T00:00:00Z');

test.each([
  ['2029-12-31T23:59:59.600Z', 'now'],
  ['2029-12-31T23:59:59Z', '1 second ago'],
  ['2030-01-01T00:01:59.8Z', 'in 2 minutes'],
  ['2030-01-01T00:59:58Z', 'in 1 hour'],
  ['2029-12-30T00:00:00Z', '2 days ago'],
  ['2028-01-01T00:00:00Z', '2 years ago'],
  [null, ''],
])('%s is %s', (time, words) => {
  expect(describeDistance(time, NOW)).toBe(words);
});
