import { expect, test } from 'vitest';
import { formatErrors, formatLoadTable, formatNumber, formatTable } from './table.ts';

test('text stands left and numbers stand right in columns as wide as their widest cell', () => {
  const table = formatTable(
    ['server', 'ms'],
    [
      ['ours', 1.5],
      ['reference', 1234.5],
    ],
  );
  expect(table.split('\n')).toEqual(['server       ms', '---------  ----', 'ours       1.50', 'reference  1235']);
});

test('a number keeps three digits that say something, and what was not measured is a dash', () => {
  expect([0.123, 1.234, 12.34, 123.4, Number.NaN, Number.POSITIVE_INFINITY].map(formatNumber)).toEqual([
    '0.12',
    '1.23',
    '12.3',
    '123',
    '-',
    '-',
  ]);
});

test('a whole number has no decimals', () => {
  expect([0, 16, -3].map(formatNumber)).toEqual(['0', '16', '-3']);
});

test('errors are listed by kind', () => {
  expect(formatErrors({})).toBe('none');
  expect(formatErrors({ 503: 12, ECONNRESET: 1 })).toBe('503: 12, ECONNRESET: 1');
});

const row = (server: string, clients: number, cpuMillis: number) => ({
  measure: 'logs',
  unit: '100 log lines',
  clients,
  server,
  unitsPerSecond: 10,
  requestsPerSecond: 10,
  p50: 1,
  p99: 2,
  cpuMillis,
  residentMiB: 100,
  errors: {},
});

test('CPU is compared with that of the reference and the limit for the same measure and clients', () => {
  const table = formatLoadTable([
    row('ours', 1, 2),
    row('reference', 1, 60),
    row('limit', 1, 0.5),
    row('ours', 16, 3),
    row('reference', 16, 30),
  ]);
  const ratios = table
    .split('\n')
    .slice(2)
    .map((line) => line.trim().split(/\s+/).slice(-3));
  expect(ratios).toEqual([
    ['30', '4', 'none'],
    ['1', '120', 'none'],
    ['120', '1', 'none'],
    ['10', '-', 'none'],
    ['1', '-', 'none'],
  ]);
});
