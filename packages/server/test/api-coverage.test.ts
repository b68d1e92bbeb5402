import { expect, it } from 'vitest';
import { apiCoverage } from '../../../tools/api-coverage.ts';

it('every operation of the contract has a handler and a test that calls it', () => {
  const missing = apiCoverage().flatMap(({ operation, handler, tests }) => [
    ...(handler === undefined ? [`${operation} has no handler`] : []),
    ...(tests.length === 0 ? [`${operation} is called by no test`] : []),
  ]);
  expect(missing).toEqual([]);
});
