import type { FlowRunResponse, UiFlowRun } from '@prefect-ts/protocol';
import { isTerminal } from '@prefect-ts/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { SearchX } from 'lucide-react';
import { lazy, Suspense, useCallback, useMemo } from 'react';
import { ApiError } from '../../api/client.ts';
import { useLive } from '../../api/live.ts';
import { flowRun, flowRunRow, timeline } from '../../api/queries.ts';
import { mergeTaskRuns } from '../../api/timeline-columns.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { FLOW_RUN_TABS, type FlowRunSearch, type FlowRunTab } from '../../filters/flow-run-search.ts';
import { EmptyState, ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { Tabs } from '../../widgets/tabs.tsx';
import { AttentionStrip } from './attention-strip.tsx';
import { FlowRunHeader } from './header.tsx';
import { LogsTab } from './logs-tab.tsx';
import { TimelineTab } from './timeline-tab.tsx';

const TaskRunsTab = lazy(() => import('./task-runs-tab.tsx'));
const GraphTab = lazy(() => import('./graph-tab.tsx'));
const SubflowsTab = lazy(() => import('./subflows-tab.tsx'));
const ArtifactsTab = lazy(() => import('./artifacts-tab.tsx'));
const ParametersTab = lazy(() => import('./parameters-tab.tsx'));
const StatesTab = lazy(() => import('./states-tab.tsx'));
const DetailsTab = lazy(() => import('./details-tab.tsx'));

const TITLES: Record<FlowRunTab, string> = {
  timeline: 'Timeline',
  graph: 'Graph',
  logs: 'Logs',
  tasks: 'Task runs',
  subflows: 'Subflows',
  artifacts: 'Artifacts',
  parameters: 'Parameters',
  states: 'States',
  details: 'Details',
};

/** One flow run: what it is, what wants attention, and everything that it did. */
export function FlowRunPage() {
  const { id } = useParams({ from: '/runs/flow-run/$id' });
  const run = useQuery(flowRun(id));
  const row = useQuery(flowRunRow(id));
  useLiveFlowRun(id, row.data?.position);
  if (run.isError && !run.data) return <NoSuchRun id={id} error={run.error} retry={() => void run.refetch()} />;
  if (!run.data) return <LoadingRun />;
  return <LoadedRun run={run.data} row={row.data?.row} />;
}

function LoadedRun({ run, row }: { run: FlowRunResponse; row: UiFlowRun | undefined }) {
  const search = useSearch({ from: '/runs/flow-run/$id' });
  const navigate = useNavigate({ from: '/runs/flow-run/$id' });
  const change = useCallback(
    (next: { [Key in keyof FlowRunSearch]?: FlowRunSearch[Key] | undefined }, replace = true) =>
      void navigate({ search: (before) => ({ ...before, ...next }) as FlowRunSearch, replace, resetScroll: false }),
    [navigate],
  );
  const columns = useQuery(timeline(run.id));
  const live = !isTerminal(run.state_type);
  const taskNames = useMemo(
    () => new Map(columns.data?.id.map((taskId, index) => [taskId, columns.data.name[index] ?? '']) ?? []),
    [columns.data],
  );
  const tab = search.tab ?? 'timeline';
  const counts: Partial<Record<FlowRunTab, number | undefined>> = { tasks: columns.data?.id.length };
  return (
    <>
      <FlowRunHeader run={run} row={row} />
      <AttentionStrip run={run} />
      <Tabs
        label="Parts of the run"
        tabs={FLOW_RUN_TABS.map((key) => ({ id: key, title: TITLES[key], count: counts[key] }))}
        selected={tab}
        onSelect={(next) => change({ tab: next }, false)}
      >
        <Suspense fallback={<SkeletonRows />}>
          {tab === 'timeline' && (
            <TimelineTab run={run} query={columns} search={search} onChange={change} live={live} taskNames={taskNames} />
          )}
          {tab === 'graph' && <GraphTab run={run} search={search} onChange={change} />}
          {tab === 'logs' && <LogsTab runId={run.id} search={search} onChange={change} live={live} taskNames={taskNames} />}
          {tab === 'tasks' && <TaskRunsTab query={columns} />}
          {tab === 'subflows' && <SubflowsTab runId={run.id} />}
          {tab === 'artifacts' && <ArtifactsTab runId={run.id} live={live} />}
          {tab === 'parameters' && <ParametersTab run={run} />}
          {tab === 'states' && <StatesTab run={run} />}
          {tab === 'details' && <DetailsTab run={run} />}
        </Suspense>
      </Tabs>
    </>
  );
}

/** Keeps the run and its task runs as the server has them. */
function useLiveFlowRun(id: string, position: string | undefined): void {
  const queries = useQueryClient();
  useLive({ topic: 'flow_runs', filter: { flow_runs: { id: { any_: [id] } } } }, position, (changes) => {
    for (const change of changes)
      if (change.kind === 'flow_run')
        queries.setQueryData(flowRunRow(id).queryKey, (before) => before && { ...before, row: change.row });
    for (const key of ['flow-run', 'flow-run-states', 'artifacts']) void queries.invalidateQueries({ queryKey: [key, id] });
  });
  const columns = useQuery({ ...timeline(id), notifyOnChangeProps: ['data'] });
  useLive({ topic: 'task_runs', filter: { flow_run_id: id } }, columns.data?.position, (changes) => {
    const { queryKey } = timeline(id);
    if (changes.some((change) => change.kind === 'changed')) void queries.invalidateQueries({ queryKey });
    const rows = changes.flatMap((change) => (change.kind === 'task_run' ? [change.row] : []));
    if (rows.length > 0) queries.setQueryData(queryKey, (columns) => columns && mergeTaskRuns(columns, rows));
  });
}

function LoadingRun() {
  return (
    <>
      <PageHeader
        title={<span className="skeleton inline-block h-6 w-64" />}
        tabTitle="Flow run"
        crumbs={[{ title: 'Runs', link: { to: '/runs' } }]}
      />
      <div className="card">
        <SkeletonRows />
      </div>
    </>
  );
}

function NoSuchRun({ id, error, retry }: { id: string; error: Error; retry: () => void }) {
  const missing = error instanceof ApiError && (error.status === 404 || error.status === 422);
  return (
    <>
      <PageHeader title="Flow run" tabTitle="Flow run" crumbs={[{ title: 'Runs', link: { to: '/runs' } }]} />
      <div className="card">
        {missing ? (
          <EmptyState icon={<SearchX size={20} aria-hidden />} title="There is no such flow run">
            <p className="break-all">No run has the id {id}. It may have been deleted.</p>
          </EmptyState>
        ) : (
          <ErrorState title="The run could not be loaded" error={error} retry={retry} />
        )}
      </div>
    </>
  );
}
