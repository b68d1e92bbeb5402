import { uuid4 } from '@prefect-ts/protocol';
import { DetailError, NotFoundError } from '../errors.ts';
import type { NewEvent } from '../events/event-log.ts';
import { IntegrityError } from '../storage/errors.ts';
import type { WorkUnit } from '../work-unit.ts';

/** A queue as those name it who need no more of it. */
export interface QueueReference {
  readonly id: string;
  readonly name: string;
}

interface Wanted {
  readonly pool: string;
  readonly queue?: string | null | undefined;
}

/** The pool of queues that were made without one. */
export const DEFAULT_AGENT_POOL = 'default-agent-pool';

/** Finds the queue that a pool and, perhaps, a queue name: without the latter the pool's default queue. Throws 404 for what is not there. */
export async function resolveWorkQueue(unit: WorkUnit, { pool, queue }: Wanted): Promise<QueueReference> {
  const row = await findQueue(unit, await readPool(unit, pool), queue);
  if (!row) throw new NotFoundError(`Work pool queue '${pool}/${queue ?? 'default'}' not found.`);
  return row;
}

/** Like {@link resolveWorkQueue}, but makes the queue when its pool has none of that name. */
export async function ensureWorkQueue(unit: WorkUnit, { pool, queue }: Wanted): Promise<QueueReference> {
  const poolRow = await readPool(unit, pool);
  const found = await findQueue(unit, poolRow, queue);
  if (found) return found;
  if (!queue) throw new NotFoundError(`Work pool queue '${pool}/default' not found.`);
  return insertQueue(unit, poolRow, { name: queue, description: '', priority: await smallestUnusedPriority(unit, poolRow.id) });
}

/** Makes the pool that old clients' queues are in, unless it is there. */
export async function ensureDefaultAgentPool(unit: WorkUnit): Promise<void> {
  const known = await unit.first(unit.db.selectFrom('work_pool').select('id').where('name', '=', DEFAULT_AGENT_POOL));
  if (known) return;
  const pool = { id: uuid4(), name: DEFAULT_AGENT_POOL, type: 'prefect-agent' };
  const inserted = await unit.run(
    unit.db
      .insertInto('work_pool')
      .values({
        ...pool,
        created: unit.now,
        updated: unit.now,
        description: null,
        base_job_template: '{}',
        is_paused: 0,
        concurrency_limit: null,
        status: null,
        default_queue_id: null,
        storage_configuration: '{}',
        last_transitioned_status_at: null,
      })
      .onConflict((conflict) => conflict.column('name').doNothing()),
  );
  if (inserted === 0) return;
  const queue = await insertQueue(unit, pool, {
    name: 'default',
    description: "The work pool's default queue.",
    priority: 1,
  });
  await unit.run(unit.db.updateTable('work_pool').set({ default_queue_id: queue.id }).where('id', '=', pool.id));
  await unit.emit({
    event: 'prefect.work-pool.created',
    resource: {
      'prefect.resource.id': `prefect.work-pool.${pool.id}`,
      'prefect.resource.name': pool.name,
      'prefect.work-pool.type': pool.type,
      'prefect.resource.role': 'work-pool',
    },
    related: [
      {
        'prefect.resource.id': `prefect.work-queue.${queue.id}`,
        'prefect.resource.role': 'default-queue',
        'prefect.resource.name': queue.name,
      },
    ],
    payload: {},
    follows: null,
  });
}

/** The smallest priority from 1 on that no queue of a pool has. */
export async function smallestUnusedPriority(unit: WorkUnit, workPoolId: string): Promise<number> {
  const rows = await unit.all(unit.db.selectFrom('work_queue').select('priority').where('work_pool_id', '=', workPoolId));
  const used = new Set(rows.map(({ priority }) => priority));
  let priority = 1;
  while (used.has(priority)) priority += 1;
  return priority;
}

interface PoolRow {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly default_queue_id?: string | null;
}

async function readPool(unit: WorkUnit, name: string): Promise<PoolRow> {
  const row = await unit.first(
    unit.db.selectFrom('work_pool').select(['id', 'name', 'type', 'default_queue_id']).where('name', '=', name),
  );
  if (!row) throw new DetailError(404, `Work pool "${name}" not found.`);
  return row;
}

async function findQueue(unit: WorkUnit, pool: PoolRow, queue: string | null | undefined): Promise<QueueReference | undefined> {
  const queues = unit.db.selectFrom('work_queue').select(['id', 'name']).where('work_pool_id', '=', pool.id);
  if (queue) return unit.first(queues.where('name', '=', queue));
  return pool.default_queue_id ? unit.first(queues.where('id', '=', pool.default_queue_id)) : undefined;
}

async function insertQueue(
  unit: WorkUnit,
  pool: PoolRow,
  { name, description, priority }: { name: string; description: string; priority: number },
): Promise<QueueReference> {
  const queue = { id: uuid4(), name };
  const inserted = await unit.run(
    unit.db
      .insertInto('work_queue')
      .values({
        ...queue,
        created: unit.now,
        updated: unit.now,
        work_pool_id: pool.id,
        description,
        is_paused: 0,
        concurrency_limit: null,
        priority,
        filter: null,
        last_polled: null,
        status: 'NOT_READY',
      })
      .onConflict((conflict) => conflict.columns(['work_pool_id', 'name']).doNothing()),
  );
  if (inserted === 0) {
    const winner = await findQueue(unit, pool, name);
    if (winner) return winner;
    throw new IntegrityError(`The queue ${pool.name}/${name} was made and deleted at the same time.`);
  }
  await unit.emit(queueCreatedEvent(queue, pool));
  return queue;
}

function queueCreatedEvent(queue: QueueReference, pool: PoolRow): NewEvent {
  return {
    event: 'prefect.work-queue.created',
    resource: {
      'prefect.resource.id': `prefect.work-queue.${queue.id}`,
      'prefect.resource.name': queue.name,
      'prefect.resource.role': 'work-queue',
    },
    related: [
      {
        'prefect.resource.id': `prefect.work-pool.${pool.id}`,
        'prefect.resource.role': 'work-pool',
        'prefect.resource.name': pool.name,
        'prefect.work-pool.type': pool.type,
      },
    ],
    payload: {},
    follows: null,
  };
}
