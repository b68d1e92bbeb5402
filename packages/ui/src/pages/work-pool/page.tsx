import type { UiWorkPool, WorkQueueResponse } from '@prefect-ts/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ListTree, MonitorPlay, SearchX } from 'lucide-react';
import { useMemo } from 'react';
import { usePauseWorkPool, usePauseWorkQueue } from '../../actions/work-pool-actions.ts';
import { ApiError } from '../../api/client.ts';
import { useLive } from '../../api/live.ts';
import { workers, workPool, workPoolRow, workQueues } from '../../api/queries.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { FlowRunList } from '../../run-list/flow-run-list.tsx';
import { PoolStatusBadge } from '../../run-list/status-badges.tsx';
import { classNames } from '../../widgets/class-names.ts';
import { CommandLine } from '../../widgets/copyable.tsx';
import { Switch } from '../../widgets/fields.tsx';
import { JsonView } from '../../widgets/json-view.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { Tabs } from '../../widgets/tabs.tsx';
import { RelativeTime } from '../../widgets/time.tsx';

/** One work pool: its runs, queues and workers. */
export function WorkPoolPage() {
  const { name } = useParams({ from: '/work-pools/work-pool/$name' });
  const query = useQuery(workPoolRow(name));
  const queries = useQueryClient();
  useLive({ topic: 'pool', filter: { name } }, query.data?.position, () => {
    for (const key of ['work-pool-row', 'workers', 'work-queues']) void queries.invalidateQueries({ queryKey: [key, name] });
  });
  if (query.data) return <LoadedPool pool={query.data.row} />;
  const missing = query.error instanceof ApiError && query.error.status === 404;
  return (
    <>
      <PageHeader title={name} tabTitle={name} crumbs={[{ title: 'Work pools', link: { to: '/work-pools' } }]} />
      <div className="card">
        {query.isPending ? (
          <SkeletonRows />
        ) : missing ? (
          <EmptyState
            icon={<SearchX size={20} aria-hidden />}
            title={`There is no work pool “${name}”`}
            command={`prefect work-pool create ${name} --type process`}
          />
        ) : (
          <ErrorState title="The work pool could not be loaded" error={query.error} retry={() => void query.refetch()} />
        )}
      </div>
    </>
  );
}

function LoadedPool({ pool }: { pool: UiWorkPool }) {
  const { tab = 'runs' } = useSearch({ from: '/work-pools/work-pool/$name' });
  const navigate = useNavigate({ from: '/work-pools/work-pool/$name' });
  const pause = usePauseWorkPool(pool.name);
  const paused = pause.isPending ? pause.variables : pool.is_paused;
  const runs = useMemo(
    () => ({ work_pools: { name: { any_: [pool.name] } }, flow_runs: { state: { name: { not_any_: ['Scheduled'] } } } }),
    [pool.name],
  );
  return (
    <>
      <PageHeader
        title={
          <span className="flex flex-wrap items-center gap-3">
            {pool.name}
            <PoolStatusBadge status={pool.status} paused={paused} />
          </span>
        }
        tabTitle={`${pool.name} · Work pool`}
        crumbs={[{ title: 'Work pools', link: { to: '/work-pools' } }]}
        actions={
          <Switch isSelected={!paused} isDisabled={pause.isPending} onChange={(on) => pause.mutate(!on)}>
            Takes work
          </Switch>
        }
      >
        <p className="mt-1 text-sm text-text-2">
          {pool.type}
          {pool.concurrency_limit !== null && ` · at most ${pool.concurrency_limit} at once`}
          {pool.description && ` · ${pool.description}`}
        </p>
      </PageHeader>
      {pool.workers_online === 0 && !paused && <StartWorker pool={pool} />}
      <dl className="mb-4 grid grid-cols-2 gap-3 sm:grid-cols-5">
        <Tile term="Workers online" value={pool.workers_online} />
        <Tile term="Running" value={pool.running} />
        <Tile term="Pending" value={pool.pending} />
        <Tile term="Scheduled" value={pool.scheduled} />
        <Tile term="Late" value={pool.late} alarm={pool.late > 0} />
      </dl>
      <Tabs
        label="Parts of the work pool"
        tabs={[
          { id: 'runs', title: 'Runs' },
          { id: 'queues', title: 'Queues' },
          { id: 'workers', title: 'Workers', count: pool.workers_total },
          { id: 'template', title: 'Job template' },
        ]}
        selected={tab}
        onSelect={(next) => void navigate({ search: next === 'runs' ? {} : { tab: next } })}
      >
        {tab === 'runs' && (
          <div className="card">
            <FlowRunList
              request={runs}
              empty={
                <EmptyState
                  icon={<ListTree size={20} aria-hidden />}
                  title="No runs in this pool yet"
                  command="prefect deployment run 'my-flow/my-deployment'"
                />
              }
            />
          </div>
        )}
        {tab === 'queues' && <Queues pool={pool} />}
        {tab === 'workers' && <Workers pool={pool} />}
        {tab === 'template' && <Template name={pool.name} />}
      </Tabs>
    </>
  );
}

function StartWorker({ pool }: { pool: UiWorkPool }) {
  return (
    <section
      aria-label="Start a worker"
      className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg bg-scheduled-bg px-4 py-3 text-scheduled-fg"
    >
      <MonitorPlay size={17} aria-hidden />
      <p className="min-w-0 flex-1 basis-60 text-sm">
        <span className="font-semibold">No worker is online.</span>{' '}
        {pool.late > 0
          ? `${pool.late} ${pool.late === 1 ? 'run waits' : 'runs wait'} for one. Start it where the work shall happen:`
          : 'Start one where the work shall happen:'}
      </p>
      <span className="max-w-full text-text">
        <CommandLine text={`prefect worker start --pool ${/^[\w.-]+$/.test(pool.name) ? pool.name : `'${pool.name}'`}`} />
      </span>
    </section>
  );
}

function Tile({ term, value, alarm }: { term: string; value: number; alarm?: boolean }) {
  return (
    <div className="card px-4 py-3">
      <dt className="text-sm text-text-2">{term}</dt>
      <dd className={classNames('tabular text-xl font-semibold', alarm && 'text-failed-fg')}>{value.toLocaleString('en')}</dd>
    </div>
  );
}

function Queues({ pool }: { pool: UiWorkPool }) {
  const query = useQuery(workQueues(pool.name));
  const pause = usePauseWorkQueue(pool.name);
  if (query.isPending) return <SkeletonRows count={3} />;
  if (query.isError && !query.data)
    return <ErrorState title="The queues could not be loaded" error={query.error} retry={() => void query.refetch()} />;
  const byPriority = [...query.data].sort((a, b) => a.priority - b.priority);
  return (
    <ul className="card divide-y">
      {byPriority.map((queue) => (
        <li key={queue.id} className="flex flex-wrap items-center gap-x-6 gap-y-1 px-4 py-3">
          <span className="w-24 shrink-0">
            <PoolStatusBadge status={queue.status} paused={queue.is_paused} />
          </span>
          <span className="min-w-0 flex-1 font-medium">
            {queue.name}
            {queue.id === defaultQueueOf(query.data)?.id && (
              <span className="ms-2 text-xs font-normal text-text-2">first in line</span>
            )}
          </span>
          <span className="text-sm text-text-2">priority {queue.priority}</span>
          <span className="text-sm text-text-2">
            {queue.concurrency_limit === null ? 'no limit' : `at most ${queue.concurrency_limit} at once`}
          </span>
          <Switch
            label={`Work of the queue ${queue.name}`}
            isSelected={!queue.is_paused}
            isDisabled={pause.isPending}
            onChange={(on) => pause.mutate({ name: queue.name, is_paused: !on })}
          />
        </li>
      ))}
    </ul>
  );
}

function defaultQueueOf(queues: readonly WorkQueueResponse[]): WorkQueueResponse | undefined {
  return queues.reduce<WorkQueueResponse | undefined>(
    (first, queue) => (!first || queue.priority < first.priority ? queue : first),
    undefined,
  );
}

function Workers({ pool }: { pool: UiWorkPool }) {
  const query = useQuery(workers(pool.name));
  if (query.isPending) return <SkeletonRows count={3} />;
  if (query.isError && !query.data)
    return <ErrorState title="The workers could not be loaded" error={query.error} retry={() => void query.refetch()} />;
  if (query.data.length === 0)
    return (
      <div className="card">
        <EmptyState icon={<MonitorPlay size={20} aria-hidden />} title="No worker has ever asked for work here" />
      </div>
    );
  return (
    <ul className="card divide-y">
      {query.data.map((worker) => (
        <li key={worker.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3">
          <span
            className={classNames(
              'w-20 shrink-0 rounded-full px-2 py-0.5 text-center text-xs font-medium',
              worker.status === 'ONLINE' ? 'bg-completed-bg text-completed-fg' : 'bg-cancelled-bg text-cancelled-fg',
            )}
          >
            {worker.status === 'ONLINE' ? 'Online' : 'Offline'}
          </span>
          <span className="min-w-0 flex-1 truncate font-medium">{worker.name}</span>
          <span className="text-sm text-text-2">
            heard <RelativeTime at={worker.last_heartbeat_time} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function Template({ name }: { name: string }) {
  const query = useQuery(workPool(name));
  if (query.isPending) return <SkeletonRows count={3} />;
  if (query.isError && !query.data)
    return <ErrorState title="The template could not be loaded" error={query.error} retry={() => void query.refetch()} />;
  return <JsonView value={query.data.base_job_template} label="the base job template" />;
}
