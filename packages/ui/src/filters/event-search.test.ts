import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketsOf, EVENT_WINDOWS, type EventSearch, eventFilter, parseEventSearch, stretchOf } from './event-search.ts';
import { parseSearch, stringifySearch } from './search-params.ts';

const words = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 });
const anySearch: fc.Arbitrary<EventSearch> = fc.record(
  {
    event: words,
    resource: words,
    q: fc.string({ minLength: 1, maxLength: 200 }),
    in: fc.constantFrom(...EVENT_WINDOWS.filter((window) => window !== '-24h')),
    at: fc.tuple(fc.nat(), fc.nat()).map(([from, length]) => `${from}_${from + length + 1}`),
    heartbeats: fc.constant('show' as const),
  },
  { requiredKeys: [] },
);

describe('the search of the events page', () => {
  it('comes back from the URL as it went in', () => {
    fc.assert(
      fc.property(anySearch, (search) => {
        expect(parseEventSearch(parseSearch(stringifySearch({ ...search })))).toEqual(search);
      }),
    );
  });

  it('drops what does not parse', () => {
    expect(parseEventSearch(parseSearch('?in=-3y&at=9_3&at=x&heartbeats=no&event='))).toEqual({});
    expect(parseEventSearch({ at: `1_${'9'.repeat(16)}` })).toEqual({});
  });

  it('means names or what begins with a prefix, and no heartbeats unless they are asked for', () => {
    expect(eventFilter({ event: ['a.b'] }).event).toEqual({ name: ['a.b'], exclude_name: ['prefect.flow-run.heartbeat'] });
    expect(eventFilter({ event: ['a.*', 'b.c'], heartbeats: 'show' }).event).toEqual({ prefix: ['a.', 'b.c'] });
    expect(eventFilter({ event: ['prefect.flow-run.heartbeat'] }).event).toEqual({ name: ['prefect.flow-run.heartbeat'] });
  });

  it('has a stretch of time that moves, or one that does not', () => {
    expect(stretchOf({ in: '-1h' }, 3_600_000)).toEqual({ from: 0, to: 3_600_000 });
    expect(stretchOf({ at: '5_7' }, 99)).toEqual({ from: 5, to: 7 });
  });

  it.each(EVENT_WINDOWS)('is counted in some tens of buckets: %s', (window) => {
    const stretch = stretchOf({ in: window }, 1e12);
    const { time_unit, time_interval } = bucketsOf(stretch);
    const seconds = { second: 1, minute: 60, hour: 3_600, day: 86_400 }[time_unit] * time_interval;
    const buckets = (stretch.to - stretch.from) / 1000 / seconds;
    expect(buckets).toBeGreaterThanOrEqual(25);
    expect(buckets).toBeLessThanOrEqual(60);
  });
});
