import { DetailError, NotFoundError } from '../errors.ts';
import type { WorkUnit } from '../work-unit.ts';

/** Finds the queue that a pool and, perhaps, a queue name: without the latter the pool's default queue. Throws 404 for what is not there. */
export async function resolveWorkQueue(
  unit: WorkUnit,
  { pool, queue }: { pool: string; queue?: string | null | undefined },
): Promise<{ id: string; name: string }> {
  const poolRow = await unit.first(unit.db.selectFrom('work_pool').select(['id', 'default_queue_id']).where('name', '=', pool));
  if (!poolRow) throw new DetailError(404, `Work pool "${pool}" not found.`);
  const queues = unit.db.selectFrom('work_queue').select(['id', 'name']).where('work_pool_id', '=', poolRow.id);
  const row = await unit.first(
    queue ? queues.where('name', '=', queue) : queues.where('id', '=', poolRow.default_queue_id ?? ''),
  );
  if (!row) throw new NotFoundError(`Work pool queue '${pool}/${queue ?? 'default'}' not found.`);
  return row;
}
