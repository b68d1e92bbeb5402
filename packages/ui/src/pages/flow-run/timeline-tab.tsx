import type { FlowRunResponse, UiTimeline } from '@prefect-ts/protocol';
import type { UseQueryResult } from '@tanstack/react-query';
import { ChartNoAxesGantt } from 'lucide-react';
import type { FlowRunSearch } from '../../filters/flow-run-search.ts';
import { LogView } from '../../logs/log-view.tsx';
import { Timeline } from '../../timeline/timeline.tsx';
import { type Choice, Select } from '../../widgets/fields.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { TaskInspector } from './task-inspector.tsx';

const SHOW: readonly Choice<'all' | 'failed' | 'unfinished'>[] = [
  { id: 'all', title: 'All task runs' },
  { id: 'failed', title: 'Only failed' },
  { id: 'unfinished', title: 'Only unfinished' },
];

interface TimelineTabProps {
  run: FlowRunResponse;
  query: UseQueryResult<UiTimeline>;
  search: FlowRunSearch;
  onChange: (change: { [Key in keyof FlowRunSearch]?: FlowRunSearch[Key] | undefined }, replace?: boolean) => void;
  live: boolean;
  taskNames: ReadonlyMap<string, string>;
}

/** The task runs over time, what is selected among them, and the end of the log. */
export function TimelineTab({ run, query, search, onChange, live, taskNames }: TimelineTabProps) {
  return (
    <div className="space-y-4">
      <div className={search.node ? 'grid grid-cols-1 items-start gap-4 lg:grid-cols-[1fr_auto]' : undefined}>
        <section className="card min-w-0" aria-label="Timeline">
          <div className="flex h-12 items-center border-b px-3">
            <Select
              label="Task runs shown"
              choices={SHOW}
              value={search.show ?? 'all'}
              onChange={(id) => onChange({ show: id === 'all' ? undefined : id })}
            />
          </div>
          <Bars query={query} search={search} onChange={onChange} live={live} />
        </section>
        {search.node && <TaskInspector id={search.node} onClose={() => onChange({ node: undefined })} />}
      </div>
      <section className="card" aria-label="End of the log">
        <h2 className="border-b px-4 py-2.5 text-sm font-semibold">Log</h2>
        <LogView scope={{ flowRunId: run.id, level: 10, text: '' }} taskNames={taskNames} live={live} compact />
      </section>
    </div>
  );
}

function Bars({ query, search, onChange, live }: Omit<TimelineTabProps, 'run' | 'taskNames'>) {
  if (query.isPending) return <SkeletonRows count={4} />;
  if (query.isError && !query.data)
    return <ErrorState title="The task runs could not be loaded" error={query.error} retry={() => void query.refetch()} />;
  if (query.data.id.length === 0)
    return (
      <EmptyState icon={<ChartNoAxesGantt size={20} aria-hidden />} title="No task runs">
        {live ? 'Bars show here as tasks are called.' : 'This flow did its work without tasks; its log tells what it did.'}
      </EmptyState>
    );
  return (
    <Timeline
      timeline={query.data}
      live={live}
      show={search.show}
      open={search.open ?? []}
      onOpen={(open) => onChange({ open: open.length > 0 ? open : undefined })}
      selected={search.node}
      onSelect={(node) => onChange({ node })}
      window={search.w}
      onWindow={(w) => onChange({ w })}
    />
  );
}
