import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNarrowed, parseRunFilter, RUN_SORTS, RUN_STATES, RUN_WINDOWS, type RunFilter, runPageRequest } from './run-filter.ts';
import { parseSearch, stringifySearch } from './search-params.ts';

const word = fc.string({ minLength: 1 });
const words = fc.uniqueArray(word, { minLength: 1, maxLength: 4 });
const anyFilter: fc.Arbitrary<RunFilter> = fc.record(
  {
    state: fc.uniqueArray(fc.constantFrom(...RUN_STATES), { minLength: 1 }),
    flow: words,
    deployment: fc.tuple(word, word).map((parts) => parts.join('/')),
    pool: words,
    tag: words,
    name: word,
    in: fc.constantFrom(...RUN_WINDOWS.filter((window) => window !== '-7d')),
    sort: fc.constantFrom(...RUN_SORTS.filter((sort) => sort !== 'newest')),
  },
  { requiredKeys: [] },
);

describe('the filter of a runs list', () => {
  it('comes back from the URL as it went in', () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        expect(parseRunFilter(parseSearch(stringifySearch({ ...filter })))).toEqual(filter);
      }),
    );
  });

  it('drops what does not parse', () => {
    expect(parseRunFilter(parseSearch('?state=happy&state=failed&in=yesterday&sort=&deployment=noslash&flow='))).toEqual({
      state: ['failed'],
    });
  });

  it('leaves defaults out of the URL', () => {
    expect(parseRunFilter({ in: '-7d', sort: 'newest' })).toEqual({});
  });

  it('is narrowed by everything but window and order', () => {
    expect(isNarrowed({ in: '-1h', sort: 'name' })).toBe(false);
    expect(isNarrowed({ tag: ['prod'] })).toBe(true);
  });
});

describe('the request of a runs list', () => {
  it('keeps a relative window relative', () => {
    expect(runPageRequest({}).window).toEqual({ relative: '-7d' });
    expect(runPageRequest({ in: 'all' }).window).toBeUndefined();
  });

  it('asks for late runs by name and for the others by type', () => {
    expect(runPageRequest({ state: ['late'] }).flow_runs?.state).toEqual({ name: { any_: ['Late'] } });
    expect(runPageRequest({ state: ['failed', 'late'] }).flow_runs?.state).toEqual({
      operator: 'or_',
      type: { any_: ['FAILED'] },
      name: { any_: ['Late'] },
    });
  });

  it('narrows a deployment by its own name and that of its flow', () => {
    const request = runPageRequest({ deployment: 'etl/prod/eu' });
    expect(request.flows).toEqual({ name: { any_: ['etl'] } });
    expect(request.deployments).toEqual({ name: { any_: ['prod/eu'] } });
  });
});
