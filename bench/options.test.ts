import { expect, test } from 'vitest';
import { parseOptions } from './options.ts';

test('without arguments everything is measured', () => {
  expect(parseOptions([])).toMatchObject({ servers: ['ours', 'reference', 'limit'], only: [], clients: [1, 16], rounds: 3 });
});

test('on PostgreSQL the limit is left out, for it only knows SQLite', () => {
  expect(parseOptions(['--database', 'postgres'])).toMatchObject({ servers: ['ours', 'reference'], database: 'postgres' });
});

test('lists are separated by commas', () => {
  const options = parseOptions(['--servers', 'ours,limit', '--only', 'logs, events', '--clients', '4']);
  expect(options).toMatchObject({ servers: ['ours', 'limit'], only: ['logs', 'events'], clients: [4] });
});

test.each([
  [['--servers', 'theirs'], '"theirs"'],
  [['--seconds', 'long'], '--seconds must be a number above 0, not "long"'],
  [['--database', 'oracle'], '--database: there is no "oracle"'],
  [['--clients', '1.5'], '--clients must be a whole number, not "1.5"'],
])('%j is refused with what was wrong', (args, message) => {
  expect(() => parseOptions(args)).toThrow(message);
});
