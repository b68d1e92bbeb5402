import { describe, expect, it } from 'vitest';
import type { RunFilter } from './run-filter.ts';
import { isWorthSaving, sameFilter, savedFilters, viewOf } from './saved-view.ts';

const saved = (filters: ReturnType<typeof savedFilters>) => ({ id: '1', name: 'mine', created: null, updated: null, filters });

describe('a saved view', () => {
  it.each<RunFilter>([{}, { state: ['failed', 'crashed'], in: '-24h' }, { tag: ['a&b', 'c=d'], name: 'é ?', sort: 'oldest' }])(
    'gives its filter back: %j',
    (filter) => expect(viewOf(saved(savedFilters(filter)))).toEqual({ id: '1', name: 'mine', filter }),
  );

  it('of another client is left alone', () => {
    expect(
      viewOf(saved([{ object: 'flow', property: 'name', type: 'string', operation: 'equals', value: 'x' }])),
    ).toBeUndefined();
  });
});

it('filters are the same whatever the order of their parts', () => {
  expect(sameFilter({ in: 'all', name: 'x' }, { name: 'x', in: 'all' })).toBe(true);
  expect(sameFilter({ in: 'all' }, {})).toBe(false);
});

it('nothing chosen is not worth a name', () => {
  expect([isWorthSaving({}), isWorthSaving({ sort: 'name' }), isWorthSaving({ in: 'all' })]).toEqual([false, false, true]);
});
