import { expect, test } from 'vitest';
import { overlap } from './log-tail.ts';

test.each([
  [[], ['a'], 0],
  [['a', 'b'], ['a', 'b', 'c'], 2],
  [['a', 'b', 'c'], ['b', 'c', 'd'], 2],
  [['a', 'a'], ['a', 'a', 'a'], 2],
  [['a', 'b'], ['c', 'd'], 0],
  [['a', 'b'], ['a', 'b'], 2],
  [['a'], [], 0],
])('of %j and %j the first lines seen before are counted', (before, now, expected) => {
  expect(overlap(before, now)).toBe(expected);
});
