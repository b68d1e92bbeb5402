import type { EventFilterInput, EventPage, ReceivedEvent } from '@prefect-ts/protocol';
import { type InfiniteData, infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { bucketsOf, type EventSearch, eventFilter, type Stretch, stretchOf } from '../filters/event-search.ts';
import { ApiError, call } from './client.ts';

/** Events of a search, page by page, the last ones first. A relative window becomes instants when the first page is asked for. */
export const eventPages = (search: EventSearch) =>
  infiniteQueryOptions({
    queryKey: ['events', search],
    queryFn: ({ pageParam, signal }) =>
      pageParam === null
        ? call('POST /events/filter', { body: { filter: { ...eventFilter(search), occurred: instants(search) } } }, signal)
        : call('GET /events/filter/next', { query: { 'page-token': pageParam } }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_page && new URL(page.next_page).searchParams.get('page-token'),
    placeholderData: keepPreviousData,
  });

/** How many events of a search there were over time. */
export const eventCounts = (search: EventSearch) =>
  queryOptions({
    queryKey: ['event-counts', search],
    queryFn: async ({ signal }) => {
      const stretch = stretchOf(search, Date.now());
      const body = { filter: { ...eventFilter(search), occurred: instants(search) }, ...bucketsOf(stretch) };
      const counts = await call('POST /events/count-by/{countable}', { path: { countable: 'time' }, body }, signal);
      return { counts, stretch };
    },
    placeholderData: keepPreviousData,
  });

/** The names that events of a stretch of time have, or the resources that they are about, the most frequent first. */
export const eventGroups = (countable: 'event' | 'resource', search: EventSearch) =>
  queryOptions({
    queryKey: ['event-groups', countable, search],
    queryFn: ({ signal }) =>
      call(
        'POST /events/count-by/{countable}',
        { path: { countable }, body: { filter: { ...eventFilter(search), occurred: instants(search) }, time_unit: 'day' } },
        signal,
      ),
  });

/** One event of a day, or of the days around it. */
export const oneEvent = (date: string, id: string) =>
  queryOptions({
    queryKey: ['event', date, id],
    queryFn: async ({ signal }) => {
      const from = Date.parse(date);
      if (Number.isNaN(from)) throw new ApiError('POST /events/filter', 404, `“${date}” is no day.`, undefined);
      const occurred = { since: iso(from - 24 * HOUR), until: iso(from + 48 * HOUR) };
      const { events } = await call(
        'POST /events/filter',
        { body: { filter: { id: { id: [id] }, occurred }, limit: 1 } },
        signal,
      );
      const [event] = events;
      if (!event) throw new ApiError('POST /events/filter', 404, 'There is no such event.', undefined);
      return event;
    },
  });

/** The events of the same resource before and after one. */
export const eventNeighbours = (event: ReceivedEvent) =>
  queryOptions({
    queryKey: ['event-neighbours', event.id],
    queryFn: async ({ signal }) => {
      const resource = { id: [event.resource['prefect.resource.id'] ?? ''] };
      const read = (filter: EventFilterInput) => call('POST /events/filter', { body: { filter, limit: 5 } }, signal);
      const at = Date.parse(event.occurred);
      const [before, after] = await Promise.all([
        read({ resource, occurred: { since: iso(at - 7 * 24 * HOUR), until: event.occurred } }),
        read({
          resource,
          occurred: { since: event.occurred, until: iso(Math.min(Date.now(), at + 7 * 24 * HOUR)) },
          order: 'ASC',
        }),
      ]);
      const other = ({ events }: EventPage) => events.find((candidate) => candidate.id !== event.id);
      return { before: other(before), after: other(after) };
    },
  });

/** Puts events that just happened on top of the first page, each once. */
export function withNewEvents<Param>(
  data: InfiniteData<EventPage, Param>,
  events: readonly ReceivedEvent[],
): InfiniteData<EventPage, Param> {
  const [first, ...rest] = data.pages;
  if (!first) return data;
  const known = new Set(data.pages.flatMap((page) => page.events.map(({ id }) => id)));
  const fresh = events.filter(({ id }) => !known.has(id));
  if (fresh.length === 0) return data;
  const sorted = [...fresh, ...first.events].sort((a, b) => (a.occurred < b.occurred ? 1 : a.occurred > b.occurred ? -1 : 0));
  const total = first.total + fresh.length;
  return { ...data, pages: [{ ...first, events: sorted, total }, ...rest.map((page) => ({ ...page, total }))] };
}

const HOUR = 3_600_000;

function iso(millis: number): string {
  return new Date(millis).toISOString();
}

function instants(search: EventSearch): { since: string; until: string } {
  const { from, to }: Stretch = stretchOf(search, Date.now());
  return { since: iso(from), until: iso(to) };
}
