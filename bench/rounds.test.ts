import { expect, test } from 'vitest';
import { summarize } from './rounds.ts';

const round = (units: number, cpuMillis: number, latencies: number[], errors: Record<string, number> = {}) => ({
  units,
  requests: units * 4,
  seconds: 2,
  latencies,
  errors,
  cpuMillis,
});

test('rates and CPU are medians of the rounds, so that one disturbed round changes nothing', () => {
  const summary = summarize([round(10, 20, [1]), round(12, 24, [1]), round(1, 500, [90])]);
  expect(summary).toMatchObject({ unitsPerSecond: 5, requestsPerSecond: 20, cpuMillis: 2 });
});

test('latencies of all rounds are looked at together', () => {
  expect(summarize([round(1, 1, [1, 2]), round(1, 1, [3]), round(1, 1, [])])).toMatchObject({ p50: 2, p99: 2.98 });
});

test('errors of all rounds add up by kind', () => {
  expect(summarize([round(1, 1, [], { 503: 2 }), round(1, 1, [], { 503: 1, ECONNRESET: 1 })]).errors).toEqual({
    503: 3,
    ECONNRESET: 1,
  });
});

test('a server that finished nothing has no CPU per unit', () => {
  expect(summarize([round(0, 50, [])]).cpuMillis).toBe(Number.POSITIVE_INFINITY);
});
