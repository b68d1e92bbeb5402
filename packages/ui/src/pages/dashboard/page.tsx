import type { UiFlowRun, UiOverview, UiRunGroup } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { CircleCheck, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { overview } from '../../api/queries.ts';
import { useRefreshOnRuns } from '../../api/refresh.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import type { DASHBOARD_WINDOWS } from '../../filters/dashboard-search.ts';
import type { RunFilter, RunWindow } from '../../filters/run-filter.ts';
import { TagFilter } from '../../filters/tag-filter.tsx';
import { FlowRunDuration } from '../../run-list/flow-run-row.tsx';
import { type Choice, Select } from '../../widgets/fields.tsx';
import { ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { StateBadge, StateGlyph } from '../../widgets/state-badge.tsx';
import { RelativeTime } from '../../widgets/time.tsx';
import { FirstSteps } from './first-steps.tsx';
import { PoolList } from './pool-list.tsx';
import { RunHistogram } from './run-histogram.tsx';
import { StateTiles } from './state-tiles.tsx';

type Window = (typeof DASHBOARD_WINDOWS)[number];

const WINDOWS: readonly Choice<Window>[] = [
  { id: '-1h', title: 'Last hour' },
  { id: '-24h', title: 'Last 24 hours' },
  { id: '-7d', title: 'Last 7 days' },
  { id: '-30d', title: 'Last 30 days' },
];

/** What is wrong, what waits, what runs, what comes. */
export function DashboardPage() {
  const search = useSearch({ from: '/dashboard' });
  const navigate = useNavigate({ from: '/dashboard' });
  const window = search.in ?? '-24h';
  const tags = search.tag ?? [];
  const query = useQuery(overview({ relative: window }, tags));
  useRefreshOnRuns(['overview'], query.data?.position);
  return (
    <>
      <PageHeader
        title="Dashboard"
        tabTitle="Dashboard"
        actions={
          <>
            <TagFilter
              tags={tags}
              onChange={(tag) => void navigate({ search: (before) => ({ ...before, tag: tag.length > 0 ? tag : [] }) })}
            />
            <Select
              label="Time"
              choices={WINDOWS}
              value={window}
              onChange={(id) => void navigate({ search: (before) => ({ ...before, in: id }) })}
            />
          </>
        }
      />
      {query.isPending && (
        <div className="card">
          <SkeletonRows />
        </div>
      )}
      {query.isError && !query.data && (
        <div className="card">
          <ErrorState title="The overview could not be loaded" error={query.error} retry={() => void query.refetch()} />
        </div>
      )}
      {query.data && <Overview data={query.data} window={window} tags={tags} />}
    </>
  );
}

function Overview({ data, window, tags }: { data: UiOverview; window: Window; tags: string[] }) {
  const filter: RunFilter = { in: window as RunWindow, ...(tags.length > 0 ? { tag: tags } : {}) };
  return (
    <div className="space-y-4">
      {(data.totals.flow_runs === 0 || data.totals.deployments === 0 || data.totals.work_pools === 0) && (
        <FirstSteps data={data} />
      )}
      <StateTiles counts={data.counts} filter={filter} />
      <RunHistogram buckets={data.buckets} filter={filter} />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <Failures data={data} filter={filter} />
        <Panel
          title="Late and waiting"
          group={data.waiting}
          filter={{ ...filter, state: ['late', 'pending', 'paused'] }}
          calm="Nothing waits"
        >
          {(run) => (
            <>
              due <RelativeTime at={run.expected_start_time} />
            </>
          )}
        </Panel>
        <Panel
          title="Running"
          group={data.running}
          filter={{ ...filter, state: ['running', 'cancelling'] }}
          calm="Nothing runs right now"
        >
          {(run) => <FlowRunDuration run={run} />}
        </Panel>
        <Panel title="Next" group={data.upcoming} filter={{ in: '+24h', state: ['scheduled'] }} calm="Nothing is scheduled">
          {(run) => <RelativeTime at={run.expected_start_time} />}
        </Panel>
      </div>
      {data.work_pools.length > 0 && <PoolList pools={data.work_pools} />}
    </div>
  );
}

/** Failures of the window, grouped by flow, with what the last one said. */
function Failures({ data, filter }: { data: UiOverview; filter: RunFilter }) {
  const total = data.failures.reduce((sum, group) => sum + group.count, 0);
  return (
    <Card title="Failed and crashed" count={total} filter={{ ...filter, state: ['failed', 'crashed'] }}>
      {data.failures.length === 0 ? (
        <Calm Icon={CircleCheck}>Nothing failed</Calm>
      ) : (
        <ul className="divide-y">
          {data.failures.map((group) => (
            <li key={group.flow_id} className="relative flex items-start gap-3 px-4 py-2.5 hover:bg-surface-2">
              <span className="mt-1">
                <StateGlyph type={group.last.state_type} name={group.last.state_name} />
              </span>
              <div className="min-w-0 flex-1">
                <Link
                  to="/runs/flow-run/$id"
                  params={{ id: group.last.id }}
                  className="block truncate font-medium outline-offset-[-2px] after:absolute after:inset-0 after:content-['']"
                >
                  {group.flow_name} <span className="font-normal text-text-2">{group.last.name}</span>
                </Link>
                <p className="truncate text-sm text-failed-fg">{group.last.state_message}</p>
              </div>
              <span className="shrink-0 text-end text-sm text-text-2">
                {group.count > 1 && <span className="tabular block font-medium text-text">{group.count}×</span>}
                <RelativeTime at={group.last.state_timestamp} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Panel({
  title,
  group,
  filter,
  calm,
  children,
}: {
  title: string;
  group: UiRunGroup;
  filter: RunFilter;
  calm: string;
  children: (run: UiFlowRun) => ReactNode;
}) {
  return (
    <Card title={title} count={group.count} filter={filter}>
      {group.results.length === 0 ? (
        <Calm>{calm}</Calm>
      ) : (
        <ul className="divide-y">
          {group.results.map((run) => (
            <li key={run.id} className="relative flex items-center gap-3 px-4 py-2 hover:bg-surface-2">
              <StateBadge type={run.state_type} name={run.state_name} />
              <Link
                to="/runs/flow-run/$id"
                params={{ id: run.id }}
                className="min-w-0 flex-1 truncate outline-offset-[-2px] after:absolute after:inset-0 after:content-['']"
              >
                <span className="font-medium">{run.name}</span>{' '}
                <span className="text-text-2">
                  {run.flow_name}
                  {run.deployment_name && ` / ${run.deployment_name}`}
                </span>
              </Link>
              <span className="tabular shrink-0 text-sm text-text-2">{children(run)}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Card({ title, count, filter, children }: { title: string; count: number; filter: RunFilter; children: ReactNode }) {
  return (
    <section aria-label={title} className="card min-w-0 overflow-hidden">
      <header className="flex items-center gap-2 border-b px-4 py-2.5">
        <h2 className="text-sm font-semibold">{title}</h2>
        <span className="tabular rounded-full bg-surface-2 px-1.5 text-xs text-text-2">{count.toLocaleString('en')}</span>
        <span className="flex-1" />
        {count > 0 && (
          <Link
            to="/runs"
            search={filter}
            className="rounded-sm text-sm text-accent-fg hover:underline"
            aria-label={`All of: ${title}`}
          >
            All
          </Link>
        )}
      </header>
      {children}
    </section>
  );
}

function Calm({ Icon, children }: { Icon?: LucideIcon; children: string }) {
  return (
    <p className="flex items-center justify-center gap-2 px-4 py-8 text-sm text-text-2">
      {Icon && <Icon size={15} aria-hidden className="text-completed-fg" />}
      {children}
    </p>
  );
}
