import type { UiFlowRunPageRequest } from '@prefect-ts/protocol';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { ArrowUp } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { mergeFlowRuns } from '../api/flow-run-pages.ts';
import { type LiveChange, useLive } from '../api/live.ts';
import { flowRunPages } from '../api/queries.ts';
import { Button } from '../widgets/button.tsx';
import { classNames } from '../widgets/class-names.ts';
import { ErrorState, SkeletonRows } from '../widgets/notice.tsx';
import { FlowRunRow } from './flow-run-row.tsx';

/** Which runs of a list are chosen. */
export interface RunSelection {
  selected: ReadonlySet<string>;
  /** Chooses a run or lets it go; with the rows of the list, everything between it and the one chosen before. */
  toggle: (id: string, rows: readonly string[] | undefined) => void;
}

/**
 * All flow runs that a request asks for: drawn as far as they are seen, loaded as one scrolls, kept fresh by the socket.
 * New runs wait behind a button while one reads further down.
 */
export function FlowRunList({
  request,
  empty,
  selection,
}: {
  request: UiFlowRunPageRequest;
  empty: ReactNode;
  /** With it every row has a box to be chosen by. */
  selection?: RunSelection | undefined;
}) {
  const query = useInfiniteQuery(flowRunPages(request));
  const { waiting, showWaiting } = useLiveRows(request, query.isPlaceholderData ? undefined : query.data?.pages[0]?.position);
  if (query.isPending) return <SkeletonRows count={8} />;
  if (query.isError && !query.data)
    return <ErrorState title="The runs could not be loaded" error={query.error} retry={() => void query.refetch()} />;
  const rows = query.data.pages.flatMap((page) => page.results);
  const total = query.data.pages[0];
  if (rows.length === 0) return empty;
  return (
    <div aria-busy={query.isPlaceholderData}>
      {waiting > 0 && (
        <div className="sticky top-2 z-20 flex h-0 justify-center">
          <Button kind="primary" onPress={showWaiting} icon={<ArrowUp size={14} aria-hidden />}>
            {waiting} new
          </Button>
        </div>
      )}
      <p className="border-b px-4 py-2 text-xs text-text-2" aria-live="polite">
        {selection && selection.selected.size > 0 && `${selection.selected.size.toLocaleString('en')} of `}
        {total && `${total.total.toLocaleString('en')}${total.total_is_exact ? '' : '+'} ${total.total === 1 ? 'run' : 'runs'}`}
      </p>
      <VirtualRows
        count={rows.length}
        hasMore={query.hasNextPage}
        loadMore={() => void (query.isFetchingNextPage || query.fetchNextPage())}
        row={(index) => {
          const run = rows[index];
          if (!run || !selection) return run && <FlowRunRow run={run} />;
          return (
            <SelectableRow
              name={run.name}
              isSelected={selection.selected.has(run.id)}
              onToggle={(withRange) => selection.toggle(run.id, withRange ? rows.map(({ id }) => id) : undefined)}
            >
              <FlowRunRow run={run} />
            </SelectableRow>
          );
        }}
        keyOf={(index) => rows[index]?.id ?? index}
      />
      {query.isFetchingNextPage && <SkeletonRows count={2} />}
    </div>
  );
}

function SelectableRow({
  name,
  isSelected,
  onToggle,
  children,
}: {
  name: string;
  isSelected: boolean;
  onToggle: (withRange: boolean) => void;
  children: ReactNode;
}) {
  return (
    <div className={classNames('flex items-stretch', isSelected && 'bg-accent-soft')}>
      <label className="flex w-11 shrink-0 cursor-pointer items-center justify-center">
        <input
          type="checkbox"
          aria-label={`Choose ${name}`}
          checked={isSelected}
          onChange={(event) => onToggle(event.nativeEvent instanceof MouseEvent && event.nativeEvent.shiftKey)}
          className="size-4 accent-[var(--accent)]"
        />
      </label>
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}

function VirtualRows({
  count,
  hasMore,
  loadMore,
  row,
  keyOf,
}: {
  count: number;
  hasMore: boolean;
  loadMore: () => void;
  row: (index: number) => ReactNode;
  keyOf: (index: number) => string | number;
}) {
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  useEffect(() => {
    if (list.current) setTop(list.current.getBoundingClientRect().top + scrollY);
  }, []);
  const virtualizer = useWindowVirtualizer({
    count,
    estimateSize: () => 62,
    overscan: 8,
    scrollMargin: top,
    getItemKey: keyOf,
  });
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= count - 10) loadMore();
  });
  return (
    <ul ref={list} className="relative" style={{ height: virtualizer.getTotalSize() }}>
      {items.map((item) => (
        <li
          key={item.key}
          ref={virtualizer.measureElement}
          data-index={item.index}
          aria-setsize={count}
          aria-posinset={item.index + 1}
          className="absolute inset-x-0 top-0 border-b last:border-b-0"
          style={{ transform: `translateY(${item.start - top}px)` }}
        >
          {row(item.index)}
        </li>
      ))}
    </ul>
  );
}

/** Puts live changes into the loaded pages; holds back new rows while the reader is not at the top. */
function useLiveRows(request: UiFlowRunPageRequest, position: string | undefined): { waiting: number; showWaiting: () => void } {
  const queries = useQueryClient();
  const [held, setHeld] = useState<LiveChange[]>([]);
  const { queryKey } = flowRunPages(request);
  const merge = (changes: LiveChange[]) =>
    queries.setQueryData(queryKey, (loaded) =>
      loaded ? { ...loaded, ...mergeFlowRuns(loaded, changes), pageParams: loaded.pageParams } : loaded,
    );
  useLive({ topic: 'flow_runs', filter: request }, position, (changes) => {
    if (changes.some((change) => change.kind === 'changed')) {
      void queries.invalidateQueries({ queryKey });
      return;
    }
    const loaded = queries.getQueryData(queryKey);
    const known = new Set(loaded?.pages.flatMap((page) => page.results.map((row) => row.id)));
    const isNew = (change: LiveChange) => change.kind === 'flow_run' && !known.has(change.row.id);
    const hold = scrollY > 120;
    merge(hold ? changes.filter((change) => !isNew(change)) : changes);
    if (hold) setHeld((before) => latestById([...before, ...changes.filter(isNew)]));
  });
  return {
    waiting: held.length,
    showWaiting: () => {
      merge(held);
      setHeld([]);
      scrollTo({ top: 0 });
    },
  };
}

function latestById(changes: LiveChange[]): LiveChange[] {
  const latest = new Map<string, LiveChange>();
  for (const change of changes) if (change.kind === 'flow_run') latest.set(change.row.id, change);
  return [...latest.values()];
}
