import { formatTimestamp, type Micros, SECOND, uuid4, type WorkerResponse } from '@prefect-ts/protocol';
import type { Selectable } from '#kysely';
import type { WorkerTable } from '../../storage/tables.ts';
import type { WorkUnit } from '../../work-unit.ts';
import { timestampOrNull } from '../flow-runs.ts';
import { setPoolStatus } from './pool-status.ts';
import { lockPool, type StoredPool } from './pools.ts';

/** How patient we are with workers that fall silent. */
export interface HeartbeatPatience {
  /** A worker may miss this many heartbeats, less one. */
  readonly inactivityMultiple: number;
  /** Seconds between the heartbeats of a worker that did not say. */
  readonly fallbackHeartbeatSeconds: number;
}

/** Notes that a worker is alive; the pool that it serves is ready with it. */
export async function recordHeartbeat(
  unit: WorkUnit,
  pool: StoredPool,
  { name, interval }: { name: string; interval: number | null },
): Promise<void> {
  const alive = {
    last_heartbeat_time: unit.now,
    status: 'ONLINE' as const,
    ...(interval === null ? {} : { heartbeat_interval_seconds: interval }),
  };
  const worker = await unit.first(
    unit.db
      .insertInto('worker')
      .values({
        id: uuid4(),
        created: unit.now,
        updated: unit.now,
        work_pool_id: pool.id,
        name,
        heartbeat_interval_seconds: interval,
        ...alive,
      })
      .onConflict((conflict) => conflict.columns(['work_pool_id', 'name']).doUpdateSet(alive))
      .returning('id'),
  );
  // Another worker may have made the pool ready since it was read.
  if (pool.status === 'NOT_READY' && (await lockPool(unit, pool.name)).status === 'NOT_READY')
    await setPoolStatus(unit, pool, 'READY');
  if (worker) unit.announce('changed', { kind: 'worker', ids: [worker.id] });
}

/** A worker as the API answers it: its status is that of this moment, whatever was last stored. */
export function workerResponse(row: Selectable<WorkerTable>, now: Micros, patience: HeartbeatPatience): WorkerResponse {
  return {
    id: row.id,
    created: formatTimestamp(row.created),
    updated: formatTimestamp(row.updated),
    name: row.name,
    work_pool_id: row.work_pool_id,
    last_heartbeat_time: timestampOrNull(row.last_heartbeat_time),
    heartbeat_interval_seconds: row.heartbeat_interval_seconds,
    status: isAlive(row, now, patience) ? 'ONLINE' : 'OFFLINE',
  };
}

/** Tells whether a worker's last heartbeat is recent enough. */
export function isAlive(
  worker: Pick<Selectable<WorkerTable>, 'last_heartbeat_time' | 'heartbeat_interval_seconds'>,
  now: Micros,
  { inactivityMultiple, fallbackHeartbeatSeconds }: HeartbeatPatience,
): boolean {
  const interval = worker.heartbeat_interval_seconds ?? fallbackHeartbeatSeconds;
  return worker.last_heartbeat_time !== null && worker.last_heartbeat_time > now - interval * inactivityMultiple * SECOND;
}
