import type { UiWorkPool } from '@prefect-ts/protocol';
import { Link } from '@tanstack/react-router';
import { PoolStatusBadge } from '../../run-list/status-badges.tsx';
import { RunStrip } from '../../widgets/run-strip.tsx';

/** The work pools in short. */
export function PoolList({ pools }: { pools: UiWorkPool[] }) {
  return (
    <section aria-label="Work pools" className="card overflow-hidden">
      <h2 className="border-b px-4 py-2.5 text-sm font-semibold">Work pools</h2>
      <ul className="divide-y">
        {pools.map((pool) => (
          <li
            key={pool.id}
            className="relative grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1 px-4 py-2.5 hover:bg-surface-2 sm:grid-cols-[7rem_1fr_auto_auto]"
          >
            <span className="order-2 justify-self-end sm:order-none sm:justify-self-start">
              <PoolStatusBadge status={pool.status} paused={pool.is_paused} />
            </span>
            <Link
              to="/work-pools/work-pool/$name"
              params={{ name: pool.name }}
              className="order-1 truncate font-medium outline-offset-[-2px] after:absolute after:inset-0 after:content-[''] sm:order-none"
            >
              {pool.name} <span className="font-normal text-text-2">{pool.type}</span>
            </Link>
            <span className="order-3 text-sm text-text-2 sm:order-none">
              {pool.workers_online} {pool.workers_online === 1 ? 'worker' : 'workers'}, {pool.running} running, {pool.late} late
            </span>
            <span className="order-4 justify-self-end sm:order-none">
              <RunStrip runs={pool.last_runs} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
