import type { UiWorkPool } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Plus, Server } from 'lucide-react';
import { usePauseWorkPool } from '../../actions/work-pool-actions.ts';
import { workPools } from '../../api/queries.ts';
import { useRefreshOnRuns } from '../../api/refresh.ts';
import { PageHeader } from '../../app-shell/page-header.tsx';
import { PoolStatusBadge } from '../../run-list/status-badges.tsx';
import { Button } from '../../widgets/button.tsx';
import { classNames } from '../../widgets/class-names.ts';
import { Switch } from '../../widgets/fields.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { RunStrip } from '../../widgets/run-strip.tsx';
import { RelativeTime } from '../../widgets/time.tsx';

/** Every work pool: who works for it, what waits. */
export function WorkPoolsPage() {
  const query = useQuery(workPools());
  const navigate = useNavigate();
  useRefreshOnRuns(['work-pools'], query.data?.position);
  return (
    <>
      <PageHeader
        title="Work pools"
        tabTitle="Work pools"
        actions={
          <Button
            kind="primary"
            icon={<Plus size={14} aria-hidden />}
            onPress={() => void navigate({ to: '/work-pools/create' })}
          >
            Create a work pool
          </Button>
        }
      />
      {query.isPending && (
        <div className="card">
          <SkeletonRows />
        </div>
      )}
      {query.isError && !query.data && (
        <div className="card">
          <ErrorState title="The work pools could not be loaded" error={query.error} retry={() => void query.refetch()} />
        </div>
      )}
      {query.data?.results.length === 0 && (
        <div className="card">
          <EmptyState
            icon={<Server size={20} aria-hidden />}
            title="No work pools yet"
            command="prefect work-pool create my-pool --type process"
          >
            <p>A work pool holds runs of deployments until a worker takes them. Make one, then start a worker for it.</p>
          </EmptyState>
        </div>
      )}
      <ul className="grid gap-4 md:grid-cols-2 2xl:grid-cols-3">
        {query.data?.results.map((pool) => (
          <li key={pool.id}>
            <PoolCard pool={pool} />
          </li>
        ))}
      </ul>
    </>
  );
}

function PoolCard({ pool }: { pool: UiWorkPool }) {
  const pause = usePauseWorkPool(pool.name);
  const paused = pause.isPending ? pause.variables : pool.is_paused;
  const stuck = pool.late > 0 && pool.workers_online === 0;
  return (
    <article className="card relative h-full p-4 transition-colors duration-100 hover:border-border-strong">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-lg font-semibold">
            <Link
              to="/work-pools/work-pool/$name"
              params={{ name: pool.name }}
              className="after:absolute after:inset-0 after:rounded-lg after:content-['']"
            >
              {pool.name}
            </Link>
          </h2>
          <p className="text-sm text-text-2">{pool.type}</p>
        </div>
        <PoolStatusBadge status={pool.status} paused={paused} />
        <span className="relative z-10">
          <Switch
            label={`Work of ${pool.name}`}
            isSelected={!paused}
            isDisabled={pause.isPending}
            onChange={(on) => pause.mutate(!on)}
          />
        </span>
      </div>
      <dl className="mt-4 grid grid-cols-4 gap-3">
        <Figure term="Workers" value={pool.workers_online} alarm={stuck} />
        <Figure term="Running" value={pool.running} of={pool.concurrency_limit} />
        <Figure term="Scheduled" value={pool.scheduled} />
        <Figure term="Late" value={pool.late} alarm={pool.late > 0} />
      </dl>
      <div className="mt-4 flex items-end justify-between gap-4">
        <p className={classNames('text-sm', stuck ? 'font-medium text-failed-fg' : 'text-text-2')}>
          {stuck ? (
            `No worker, ${pool.late} waiting`
          ) : pool.last_heartbeat_time ? (
            <>
              heard <RelativeTime at={pool.last_heartbeat_time} />
            </>
          ) : (
            'never had a worker'
          )}
        </p>
        <RunStrip runs={pool.last_runs} />
      </div>
    </article>
  );
}

function Figure({ term, value, of, alarm }: { term: string; value: number; of?: number | null; alarm?: boolean }) {
  return (
    <div>
      <dt className="text-xs text-text-2">{term}</dt>
      <dd className={classNames('tabular text-xl font-semibold', alarm && 'text-failed-fg')}>
        {value.toLocaleString('en')}
        {of !== null && of !== undefined && <span className="text-sm font-normal text-text-2"> / {of}</span>}
      </dd>
    </div>
  );
}
