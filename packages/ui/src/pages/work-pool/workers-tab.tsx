import type { UiWorkPool } from '@prefect-ts/protocol';
import { useQuery } from '@tanstack/react-query';
import { MonitorPlay, Trash2 } from 'lucide-react';
import { useRemoveWorker } from '../../actions/work-pool-actions.ts';
import { workers } from '../../api/queries.ts';
import { classNames } from '../../widgets/class-names.ts';
import { MoreMenu } from '../../widgets/menu.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../widgets/notice.tsx';
import { RelativeTime } from '../../widgets/time.tsx';

/** Who works for a pool, and when each was last heard. */
export default function WorkersTab({ pool }: { pool: UiWorkPool }) {
  const query = useQuery(workers(pool.name));
  const remove = useRemoveWorker(pool.name);
  if (query.isPending)
    return (
      <div className="card">
        <SkeletonRows count={3} />
      </div>
    );
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
          {worker.heartbeat_interval_seconds !== null && (
            <span className="text-sm text-text-2">every {worker.heartbeat_interval_seconds} s</span>
          )}
          <MoreMenu
            label={`More about the worker ${worker.name}`}
            entries={[
              {
                id: 'remove',
                title: 'Remove',
                danger: true,
                icon: <Trash2 size={14} aria-hidden />,
                run: () => remove.mutate(worker.name),
              },
            ]}
          />
        </li>
      ))}
    </ul>
  );
}
