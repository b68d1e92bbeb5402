import { expect, test } from 'vitest';
import { median, percentile } from './statistics.ts';

test('the median of an odd list is its middle value, whatever the order', () => {
  expect(median([9, 1, 5])).toBe(5);
});

test('the median of an even list lies between the two middle values', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('a percentile is interpolated between its neighbours', () => {
  expect(percentile([0, 10, 20, 30, 40], 50)).toBe(20);
  expect(percentile([0, 10], 99)).toBeCloseTo(9.9);
  expect(percentile([7], 99)).toBe(7);
});

test('the ends of the scale are the smallest and the largest value', () => {
  expect(percentile([3, 1, 2], 0)).toBe(1);
  expect(percentile([3, 1, 2], 100)).toBe(3);
});

test('an empty list has no percentile', () => {
  expect(percentile([], 50)).toBeNaN();
});

test('the list that is measured stays in its order', () => {
  const values = [3, 1, 2];
  percentile(values, 50);
  expect(values).toEqual([3, 1, 2]);
});
