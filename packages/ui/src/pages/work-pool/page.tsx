import type { UiWorkPool } from '@prefect-ts/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ListTree, MonitorPlay, Pencil, SearchX, Trash2 } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useDeleteWorkPool, usePauseWorkPool } from '../../actions/work-pool-actions.ts';
import { ApiError } from '../../api/client.ts';
import { useLive } from '../../api/live.ts';
import { workPoolRow } from '../../api/queries.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { FlowRunList } from '../../run-list/flow-run-list.tsx';
import { PoolStatusBadge } from '../../run-list/status-badges.tsx';
import { classNames } from '../../widgets/class-names.ts';
import { CommandLine } from '../../widgets/copyable.tsx';
import { ConfirmDialog } from '../../widgets/dialog.tsx';
import { Switch } from '../../widgets/fields.tsx';
import { MoreMenu } from '../../widgets/menu.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { Tabs } from '../../widgets/tabs.tsx';

const QueuesTab = lazy(() => import('./queues-tab.tsx'));
const WorkersTab = lazy(() => import('./workers-tab.tsx'));
const TemplateTab = lazy(() => import('./template-tab.tsx'));
const EditPool = lazy(() => import('./edit-pool.tsx'));

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
          <>
            <Switch isSelected={!paused} isDisabled={pause.isPending} onChange={(on) => pause.mutate(!on)}>
              Takes work
            </Switch>
            <PoolMenu pool={pool} />
          </>
        }
      >
        <p className="mt-1 text-sm text-text-2">
          {pool.type}
          {pool.concurrency_limit !== null && ` · at most ${pool.concurrency_limit} at once`}
          {pool.description && ` · ${pool.description}`}
        </p>
      </PageHeader>
      {pool.workers_online === 0 && !paused && pool.status !== 'READY' && <StartWorker pool={pool} />}
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
        <Suspense
          fallback={
            <div className="card">
              <SkeletonRows count={3} />
            </div>
          }
        >
          {tab === 'queues' && <QueuesTab pool={pool} />}
          {tab === 'workers' && <WorkersTab pool={pool} />}
          {tab === 'template' && <TemplateTab name={pool.name} />}
        </Suspense>
      </Tabs>
    </>
  );
}

function PoolMenu({ pool }: { pool: UiWorkPool }) {
  const navigate = useNavigate();
  const remove = useDeleteWorkPool(pool.name);
  const [asking, setAsking] = useState<'edit' | 'delete'>();
  const live = pool.running + pool.pending;
  return (
    <>
      <MoreMenu
        label="More actions"
        entries={[
          { id: 'edit', title: 'Edit…', icon: <Pencil size={14} aria-hidden />, run: () => setAsking('edit') },
          {
            id: 'delete',
            title: 'Delete…',
            danger: true,
            icon: <Trash2 size={14} aria-hidden />,
            run: () => setAsking('delete'),
          },
        ]}
      />
      {asking === 'edit' && (
        <Suspense>
          <EditPool pool={pool} onClose={() => setAsking(undefined)} />
        </Suspense>
      )}
      <ConfirmDialog
        title={`Delete ${pool.name}?`}
        verb="Delete the work pool"
        isOpen={asking === 'delete'}
        onClose={() => setAsking(undefined)}
        isPending={remove.isPending}
        onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: '/work-pools' }) })}
      >
        Its queues and workers go with it, and its deployments have nowhere to run until they name another pool.
        {live > 0 && ` ${live} of its runs ${live === 1 ? 'is' : 'are'} under way now.`}
      </ConfirmDialog>
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
