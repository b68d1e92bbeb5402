import type { PoolStatus } from '../../storage/tables.ts';
import type { WorkUnit } from '../../work-unit.ts';
import { poolStatusEvent } from './pool-events.ts';

interface PoolWithStatus {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly last_transitioned_status_at: number | null;
}

/** Moves a pool to a status and tells of it. */
export async function setPoolStatus(unit: WorkUnit, pool: PoolWithStatus, status: PoolStatus): Promise<void> {
  await unit.run(
    unit.db
      .updateTable('work_pool')
      .set({ status, last_transitioned_status_at: unit.now, updated: unit.now })
      .where('id', '=', pool.id),
  );
  await unit.emit(poolStatusEvent(pool, status, unit.now, pool.last_transitioned_status_at));
  unit.announce('changed', { kind: 'work-pool', ids: [pool.id] });
}

/** The status of a pool that is not paused: ready while somebody starts its runs. */
export async function statusWhenResumed(unit: WorkUnit, pool: { id: string; type: string }): Promise<PoolStatus> {
  if (isServedByServer(pool.type)) return 'READY';
  const worker = await unit.first(
    unit.db.selectFrom('worker').select('id').where('work_pool_id', '=', pool.id).where('status', '=', 'ONLINE').limit(1),
  );
  return worker ? 'READY' : 'NOT_READY';
}

/** Runs of push and managed pools are started by the server itself, so these pools have no workers. */
export function isServedByServer(type: string): boolean {
  return type.endsWith(':push') || type.endsWith(':managed');
}
