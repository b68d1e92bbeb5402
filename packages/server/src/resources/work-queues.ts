import { NotFoundError } from '../errors.ts';
import { locked } from '../storage/row-locks.ts';
import type { WorkUnit } from '../work-unit.ts';
import { createPool, poolNotFound, type StoredPool } from './work-pools/pools.ts';
import { createQueue } from './work-pools/queues.ts';

/** A queue as those name it who need no more of it. */
export interface QueueReference {
  readonly id: string;
  readonly name: string;
}

/** A queue by the names of its pool and itself; without the latter the pool's default queue. */
export interface QueueName {
  readonly pool: string;
  readonly queue?: string | null | undefined;
}

/** The pool of queues that were made without one. */
export const DEFAULT_AGENT_POOL = 'default-agent-pool';

/** Finds a queue. Throws 404 when its pool or itself is not there. */
export async function resolveWorkQueue(unit: WorkUnit, { pool, queue }: QueueName): Promise<QueueReference> {
  const query = unit.db.selectFrom('work_pool').selectAll().where('name', '=', pool);
  return requireQueue(unit, await unit.first(query), { pool, queue });
}

/** Finds a queue, and makes one that has a name and is not there. Throws 404 when its pool is not there. */
export async function ensureWorkQueue(unit: WorkUnit, { pool, queue }: QueueName): Promise<QueueReference> {
  const query = unit.db.selectFrom('work_pool').selectAll().where('name', '=', pool);
  const poolRow = await unit.first(query);
  const found = poolRow && (await findQueue(unit, poolRow, queue));
  if (found || !poolRow || !queue) return found ?? requireQueue(unit, poolRow, { pool, queue });
  // Who makes the same queue at the same time waits here, and then finds it.
  await unit.first(locked(unit.db, query, 'work_pool'));
  return (await findQueue(unit, poolRow, queue)) ?? { id: await createQueue(unit, poolRow, { name: queue }), name: queue };
}

/** Finds the pool of queues without a pool, and makes it when it is not there. */
export async function ensureDefaultAgentPool(unit: WorkUnit): Promise<StoredPool> {
  const query = unit.db.selectFrom('work_pool').selectAll().where('name', '=', DEFAULT_AGENT_POOL);
  const known = await unit.first(query);
  if (known) return known;
  await createPool(unit, { name: DEFAULT_AGENT_POOL });
  const created = await unit.first(query);
  if (!created) throw new Error(`The work pool ${DEFAULT_AGENT_POOL} was created and is not there.`);
  return created;
}

async function requireQueue(unit: WorkUnit, pool: StoredPool | undefined, name: QueueName): Promise<QueueReference> {
  if (!pool) throw poolNotFound(name.pool);
  const queue = await findQueue(unit, pool, name.queue);
  if (!queue) throw new NotFoundError(`Work pool queue '${name.pool}/${name.queue ?? 'default'}' not found.`);
  return queue;
}

async function findQueue(
  unit: WorkUnit,
  pool: StoredPool,
  queue: string | null | undefined,
): Promise<QueueReference | undefined> {
  const queues = unit.db.selectFrom('work_queue').select(['id', 'name']).where('work_pool_id', '=', pool.id);
  if (queue) return unit.first(queues.where('name', '=', queue));
  return pool.default_queue_id ? unit.first(queues.where('id', '=', pool.default_queue_id)) : undefined;
}
