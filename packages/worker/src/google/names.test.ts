import { expect, test } from 'vitest';
import { googleLabels, jobId } from './names.ts';

test('labels become what Google Cloud takes', () => {
  const labels = { 'prefect.io/flow-name': 'Nightly ETL', Team: 'Données/Cœur', 'a b': 'x'.repeat(80) };
  expect(googleLabels(labels)).toEqual({ 'prefect-io_flow-name': 'nightly-etl', team: 'données_cœur', 'a-b': 'x'.repeat(63) });
});

test.each([
  ['calm-owl', /^calm-owl-[0-9a-f]{7}$/],
  ['Nightly  ETL (2)', /^nightly-etl-2-[0-9a-f]{7}$/],
  ['2nd try', /^nd-try-[0-9a-f]{7}$/],
  ['夜', /^run-[0-9a-f]{7}$/],
  ['x'.repeat(80), /^x{55}-[0-9a-f]{7}$/],
  [`${'x'.repeat(54)}-y`, /^x{54}-[0-9a-f]{7}$/],
])('the job of %s has a name that Cloud Run takes', (name, expected) => {
  expect(jobId(name)).toMatch(expected);
});

test('two jobs of one name differ', () => {
  expect(jobId('calm-owl')).not.toBe(jobId('calm-owl'));
});
