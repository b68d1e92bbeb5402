import type { UiTimeline } from '@prefect-ts/protocol';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ListChecks } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { taskLabel } from '../../timeline/layout.ts';
import { SearchField } from '../../widgets/fields.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { ScrollBox } from '../../widgets/scroll-box.tsx';
import { StateBadge } from '../../widgets/state-badge.tsx';
import { Duration, RelativeTime } from '../../widgets/time.tsx';

const ROW = 40;

/** Every task run of the run as a list, from the same columns that the timeline draws. */
export default function TaskRunsTab({ query }: { query: UseQueryResult<UiTimeline> }) {
  const [needle, setNeedle] = useState('');
  if (query.isPending) return <SkeletonRows />;
  if (query.isError && !query.data)
    return <ErrorState title="The task runs could not be loaded" error={query.error} retry={() => void query.refetch()} />;
  if (query.data.id.length === 0)
    return (
      <div className="card">
        <EmptyState icon={<ListChecks size={20} aria-hidden />} title="No task runs">
          Task runs show here as the flow calls its tasks.
        </EmptyState>
      </div>
    );
  return (
    <div className="card">
      <div className="border-b px-3 py-2">
        <SearchField label="Search task runs" value={needle} onChange={setNeedle} />
      </div>
      <TaskRunRows columns={query.data} needle={needle} />
    </div>
  );
}

function TaskRunRows({ columns, needle }: { columns: UiTimeline; needle: string }) {
  const box = useRef<HTMLElement>(null);
  const order = useMemo(() => orderOf(columns, needle), [columns, needle]);
  const virtualizer = useVirtualizer({
    count: order.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  if (order.length === 0) return <EmptyState title="No task run of this name" />;
  return (
    <ScrollBox
      ref={box}
      label="Task runs"
      className="max-h-[calc(100vh-20rem)] min-h-40 overflow-auto rounded-b-lg outline-offset-[-2px]"
    >
      <ul className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => (
          <li
            key={item.key}
            aria-setsize={order.length}
            aria-posinset={item.index + 1}
            className="absolute inset-x-0 top-0 border-b last:border-b-0"
            style={{ height: ROW, transform: `translateY(${item.start}px)` }}
          >
            <TaskRunRow columns={columns} index={order[item.index] ?? 0} />
          </li>
        ))}
      </ul>
    </ScrollBox>
  );
}

function TaskRunRow({ columns, index }: { columns: UiTimeline; index: number }) {
  const state = columns.states[columns.state[index] ?? 0] ?? { type: null, name: null };
  const start = columns.start[index] ?? null;
  const end = columns.end[index] ?? null;
  const origin = Date.parse(columns.origin);
  const startedAt = start === null ? null : new Date(origin + start).toISOString();
  return (
    <div className="relative grid h-full grid-cols-[1fr_auto_5rem] items-center gap-4 px-4 hover:bg-surface-2 sm:grid-cols-[9.5rem_1fr_10rem_6.5rem_5rem]">
      <span className="order-2 sm:order-none">
        <StateBadge {...state} />
      </span>
      <Link
        to="/runs/task-run/$id"
        params={{ id: columns.id[index] ?? '' }}
        className="order-1 truncate font-medium outline-offset-[-2px] after:absolute after:inset-0 after:content-[''] sm:order-none"
      >
        {columns.name[index]}
      </Link>
      <span className="hidden truncate text-sm text-text-2 sm:inline">
        {taskLabel(columns.task_keys[columns.task_key[index] ?? 0] ?? '')}
      </span>
      <span className="hidden text-end text-sm text-text-2 sm:inline">
        <RelativeTime at={startedAt} />
      </span>
      <span className="tabular order-3 text-end text-sm sm:order-none">
        {start === null ? (
          '–'
        ) : end === null ? (
          <Duration seconds={0} runningSince={startedAt} />
        ) : (
          <Duration seconds={(end - start) / 1000} />
        )}
      </span>
    </div>
  );
}

function orderOf(columns: UiTimeline, needle: string): number[] {
  const wanted = needle.trim().toLowerCase();
  const at = (index: number) => columns.start[index] ?? columns.expected[index] ?? Number.MAX_SAFE_INTEGER;
  return columns.name
    .map((_, index) => index)
    .filter((index) => wanted === '' || columns.name[index]?.toLowerCase().includes(wanted))
    .sort((a, b) => at(a) - at(b) || a - b);
}
