import { describe, expect, test } from 'vitest';
import { selectDeployments, UnclearSelectionError } from './select-deployments.ts';

const entries = [
  { name: 'etl-prod', entrypoint: 'flows.ts:my_etl' },
  { name: 'report-prod', entrypoint: 'flows.ts:report' },
  { name: 'etl-dev', entrypoint: 'flows.ts:my_etl' },
  { entrypoint: 'flows.ts:unnamed' },
];
const namesOf = (selection: Parameters<typeof selectDeployments>[1]) =>
  selectDeployments(entries, selection).entries.map(({ name }) => name);

describe('selectDeployments', () => {
  test.each([
    [['etl-prod'], ['etl-prod']],
    [['*-prod'], ['etl-prod', 'report-prod']],
    [['my-etl/*'], ['etl-prod', 'etl-dev']],
    [['my-etl/etl-dev'], ['etl-dev']],
    [
      ['report-prod', 'etl-dev'],
      ['report-prod', 'etl-dev'],
    ],
  ])('%s', (names, expected) => {
    expect(namesOf({ names })).toEqual(expected);
  });

  test('takes all that have a name', () => {
    expect(namesOf({ all: true })).toEqual(['etl-prod', 'report-prod', 'etl-dev']);
  });

  test('tells names that fit nothing', () => {
    expect(selectDeployments(entries, { names: ['none', 'etl-dev'] }).unknown).toEqual(['none']);
  });

  test('uses the only deployment under the given name', () => {
    expect(selectDeployments([{ name: 'a', entrypoint: 'f.ts:x' }], { names: ['b'] }).entries).toEqual([
      { name: 'b', entrypoint: 'f.ts:x' },
    ]);
  });

  test.each([{ all: true, names: ['a'] }, {}])('refuses what is not clear: %o', (selection) => {
    expect(() => selectDeployments(entries, selection)).toThrow(UnclearSelectionError);
  });
});
