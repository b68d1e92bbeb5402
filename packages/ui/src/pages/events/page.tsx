import type { ReceivedEvent } from '@prefect-ts/protocol';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Activity, ArrowUp } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { eventCounts, eventPages, withNewEvents } from '../../api/event-queries.ts';
import { useLive } from '../../api/live.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { gatherBursts } from '../../events/bursts.ts';
import { EventHistogram } from '../../events/event-histogram.tsx';
import { type EventSearch, eventFilter, isNarrowed } from '../../filters/event-search.ts';
import { Button } from '../../widgets/button.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { BurstRow, EventRow } from './event-row.tsx';
import { EventFilterBar } from './filter-bar.tsx';

/** Everything that happened, as it happens. */
export function EventsPage() {
  const search = useSearch({ from: '/events' });
  const navigate = useNavigate({ from: '/events' });
  const change = useCallback((next: EventSearch) => void navigate({ search: next, resetScroll: false }), [navigate]);
  const counts = useQuery(eventCounts(search));
  return (
    <>
      <PageHeader title="Events" tabTitle="Events" />
      <EventFilterBar search={search} onChange={change} />
      {counts.data && (
        <section aria-label="Events over time" className="card mb-4 px-4 pt-3 pb-2">
          <EventHistogram
            {...counts.data}
            onChoose={({ from, to }) => {
              const { in: _window, ...rest } = search;
              change({ ...rest, at: `${from}_${to}` });
            }}
          />
        </section>
      )}
      <Feed search={search} onChange={change} />
    </>
  );
}

function Feed({ search, onChange }: { search: EventSearch; onChange: (search: EventSearch) => void }) {
  const query = useInfiniteQuery(eventPages(search));
  const held = useLiveEvents(search, query.data !== undefined && !query.isPlaceholderData);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const events = useMemo(() => query.data?.pages.flatMap((page) => page.events) ?? [], [query.data]);
  const bursts = useMemo(() => gatherBursts(events), [events]);
  const toggle = (id: string) =>
    setOpen((before) => new Set(before.has(id) ? [...before].filter((o) => o !== id) : [...before, id]));
  if (query.isPending)
    return (
      <div className="card">
        <SkeletonRows />
      </div>
    );
  if (!query.data)
    return (
      <div className="card">
        <ErrorState title="The events could not be loaded" error={query.error} retry={() => void query.refetch()} />
      </div>
    );
  if (events.length === 0)
    return (
      <div className="card">
        <NoEvents search={search} onChange={onChange} />
      </div>
    );
  const total = query.data.pages[0]?.total ?? 0;
  return (
    <div className="card">
      <p className="flex min-h-9 items-center gap-3 border-b px-4 py-1.5 text-xs text-text-2">
        <span className="flex-1">
          {total.toLocaleString('en')} {total === 1 ? 'event' : 'events'}
          {search.heartbeats !== 'show' && ', without heartbeats'}
        </span>
        {held.count > 0 && (
          <Button kind="primary" icon={<ArrowUp size={14} aria-hidden />} onPress={held.show}>
            {held.count.toLocaleString('en')} new
          </Button>
        )}
      </p>
      <ul className="divide-y" aria-busy={query.isPlaceholderData}>
        {bursts.map((burst) => {
          const [only] = burst.events;
          return (
            <li key={burst.id}>
              {burst.events.length > 1 ? (
                <BurstRow burst={burst} open={open.has(burst.id)} onToggle={() => toggle(burst.id)} />
              ) : (
                only && <EventRow event={only} />
              )}
            </li>
          );
        })}
      </ul>
      {query.hasNextPage && (
        <div className="flex justify-center border-t p-3">
          <Button onPress={() => void query.fetchNextPage()} isDisabled={query.isFetchingNextPage}>
            Show more
          </Button>
        </div>
      )}
    </div>
  );
}

function NoEvents({ search, onChange }: { search: EventSearch; onChange: (search: EventSearch) => void }) {
  if (isNarrowed(search))
    return (
      <EmptyState icon={<Activity size={20} aria-hidden />} title="No event matches these filters">
        <Button onPress={() => onChange({ ...(search.in ? { in: search.in } : {}), ...(search.at ? { at: search.at } : {}) })}>
          Clear the filters
        </Button>
      </EmptyState>
    );
  return (
    <EmptyState
      icon={<Activity size={20} aria-hidden />}
      title="No events in this stretch of time"
      command="prefect event emit my.event --resource-id my.thing"
    >
      Runs, deployments, workers and pools tell here what happens to them, and so can your own programs.
    </EmptyState>
  );
}

/** How far down a page is read before what is new is held back. */
const TOP = 80;
const COUNT_AGAIN_MS = 2_000;

/** Takes in events as they happen; while one reads further down they wait to be asked for. */
function useLiveEvents(search: EventSearch, ready: boolean): { count: number; show: () => void } {
  const queries = useQueryClient();
  const waiting = useRef<ReceivedEvent[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [count, setCount] = useState(0);
  const key = JSON.stringify(search);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what waits for one search is not for the next
  useEffect(() => {
    waiting.current = [];
    setCount(0);
    return () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [key]);
  const take = (events: readonly ReceivedEvent[]) =>
    queries.setQueryData(eventPages(search).queryKey, (data) => data && withNewEvents(data, events));
  useLive({ topic: 'events', filter: eventFilter(search) }, ready && search.at === undefined ? null : undefined, (changes) => {
    if (changes.some((change) => change.kind === 'changed')) void queries.invalidateQueries({ queryKey: ['events', search] });
    const events = changes.flatMap((change) => (change.kind === 'event' ? [change.row] : []));
    const loaded = queries.getQueryData(eventPages(search).queryKey);
    const known = new Set(loaded?.pages.flatMap((page) => page.events.map(({ id }) => id)));
    const fresh = events.filter(({ id }) => !known.has(id) && !waiting.current.some((other) => other.id === id));
    if (fresh.length === 0) return;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void queries.invalidateQueries({ queryKey: ['event-counts', search] });
    }, COUNT_AGAIN_MS);
    if (scrollY < TOP) take(fresh);
    else {
      waiting.current.push(...fresh);
      setCount(waiting.current.length);
    }
  });
  return {
    count,
    show: () => {
      take(waiting.current);
      waiting.current = [];
      setCount(0);
      scrollTo({ top: 0 });
    },
  };
}
