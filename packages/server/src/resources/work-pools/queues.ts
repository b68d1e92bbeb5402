import { formatTimestamp, type Micros, parseTimestamp, SECOND, uuid4, type WorkQueueResponse } from '@prefect-ts/protocol';
import type { Selectable } from '#kysely';
import { DetailError, NotFoundError } from '../../errors.ts';
import { IntegrityError } from '../../storage/errors.ts';
import { jsonOrNull, parseJson } from '../../storage/json-columns.ts';
import { locked } from '../../storage/row-locks.ts';
import type { QueryBuilder } from '../../storage/storage.ts';
import type { PoolStatus, WorkPoolTable, WorkQueueTable } from '../../storage/tables.ts';
import type { WorkUnit } from '../../work-unit.ts';
import { timestampOrNull } from '../flow-runs.ts';
import { OCCUPYING, queueSlots } from './occupancy.ts';
import { fieldChanges, type NamedPool, queueEvent, queueStatusEvent } from './pool-events.ts';
import { firstFreePriority, renumber } from './priorities.ts';

export type StoredQueue = Selectable<WorkQueueTable>;
type StoredPool = Selectable<WorkPoolTable>;

/** A queue as somebody wants it; what is absent gets its default. */
export interface NewWorkQueue {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly is_paused?: boolean | undefined;
  readonly concurrency_limit?: number | null | undefined;
  readonly priority?: number | null | undefined;
  readonly filter?: object | null | undefined;
}

/** What an update may change; absent members stay. */
export interface WorkQueueChanges {
  readonly name?: string | null;
  readonly description?: string | null;
  readonly is_paused?: boolean;
  readonly concurrency_limit?: number | null;
  readonly priority?: number | null;
  readonly filter?: object | null;
  readonly last_polled?: string | null;
}

/** Queues without a poll for so long are not ready, in microseconds. */
export const POLLED_RECENTLY: Micros = 60 * SECOND;

/** Queues with the names of their pools and the number of their slots in use; to be narrowed by the caller. */
export function selectQueues(db: QueryBuilder, occupying = OCCUPYING) {
  return db
    .selectFrom('work_queue')
    .innerJoin('work_pool', 'work_pool.id', 'work_queue.work_pool_id')
    .selectAll('work_queue')
    .select(['work_pool.name as work_pool_name', queueSlots(occupying).as('active_slots')]);
}

/** A queue as the API answers it. */
export function queueResponse(row: StoredQueue & { work_pool_name: string; active_slots: number | null }): WorkQueueResponse {
  return {
    id: row.id,
    created: formatTimestamp(row.created),
    updated: formatTimestamp(row.updated),
    name: row.name,
    description: row.description,
    is_paused: row.is_paused === 1,
    concurrency_limit: row.concurrency_limit,
    priority: row.priority,
    work_pool_id: row.work_pool_id,
    filter: parseJson<WorkQueueResponse['filter']>(row.filter),
    last_polled: timestampOrNull(row.last_polled),
    work_pool_name: row.work_pool_name,
    status: row.status,
    active_slots: row.active_slots,
  };
}

/** Reads a queue of a pool that must be there, locked until the unit ends. */
export async function lockQueue(unit: WorkUnit, pool: string, name: string): Promise<{ queue: StoredQueue; pool: StoredPool }> {
  const poolRow = await unit.first(unit.db.selectFrom('work_pool').selectAll().where('name', '=', pool));
  const queue =
    poolRow &&
    (await unit.first(
      locked(
        unit.db,
        unit.db.selectFrom('work_queue').selectAll().where('work_pool_id', '=', poolRow.id).where('name', '=', name),
        'work_queue',
      ),
    ));
  if (!queue) throw queueNotFound(pool, name);
  return { queue, pool: poolRow };
}

export function queueNotFound(pool: string, queue: string): DetailError {
  return new DetailError(404, `Work pool queue '${pool}/${queue}' not found.`);
}

/** Creates a queue in a pool; answers its id. Throws IntegrityError when its name is taken. */
export async function createQueue(unit: WorkUnit, pool: NamedPool, wanted: NewWorkQueue): Promise<string> {
  const others = await lockPriorities(unit, pool.id);
  const row: StoredQueue = {
    id: uuid4(),
    created: unit.now,
    updated: unit.now,
    work_pool_id: pool.id,
    name: wanted.name,
    description: wanted.description ?? '',
    is_paused: wanted.is_paused ? 1 : 0,
    concurrency_limit: wanted.concurrency_limit ?? null,
    priority: wanted.priority ?? firstFreePriority(others),
    filter: jsonOrNull(wanted.filter),
    last_polled: null,
    status: wanted.is_paused ? 'PAUSED' : 'NOT_READY',
  };
  await unit.run(unit.db.insertInto('work_queue').values(row));
  await writePriorities(unit, renumber([...others, row], row.id));
  await unit.emit(queueEvent('created', row, pool));
  unit.announce('changed', { kind: 'work-queue', ids: [row.id] });
  return row.id;
}

/** Changes a queue, the priorities of the others where it needs room, and its status when it is paused or resumed. */
export async function updateQueue(unit: WorkUnit, pool: NamedPool, queue: StoredQueue, changes: WorkQueueChanges): Promise<void> {
  if (changes.name === null || changes.is_paused === null || changes.priority === null)
    throw new IntegrityError('A work queue has a name and a priority, and is either paused or not.');
  const { is_paused, last_polled, filter, ...wanted } = changes;
  const fields = { ...wanted, ...(wanted.description === null ? { description: '' } : {}) };
  const updates = fieldChanges(
    { name: queue.name, description: queue.description, concurrency_limit: queue.concurrency_limit, priority: queue.priority },
    fields,
  );
  const polled = typeof last_polled === 'string' ? (parseTimestamp(last_polled) ?? null) : last_polled;
  await unit.run(
    unit.db
      .updateTable('work_queue')
      .set({
        updated: unit.now,
        ...Object.fromEntries(Object.entries(updates).map(([name, { to }]) => [name, to])),
        ...(is_paused === undefined ? {} : { is_paused: is_paused ? 1 : (0 as const) }),
        ...(polled === undefined ? {} : { last_polled: polled }),
        ...(filter === undefined ? {} : { filter: jsonOrNull(filter) }),
      })
      .where('id', '=', queue.id),
  );
  if (updates.priority) await writePriorities(unit, renumber(await lockPriorities(unit, pool.id), queue.id));
  const changed = { ...queue, name: fields.name ?? queue.name, last_polled: polled === undefined ? queue.last_polled : polled };
  if (Object.keys(updates).length > 0) await unit.emit(queueEvent('updated', changed, pool, updates));
  if (is_paused === true && queue.status !== 'PAUSED') await setQueueStatus(unit, pool, changed, 'PAUSED');
  if (is_paused === false && queue.status === 'PAUSED')
    await setQueueStatus(unit, pool, changed, statusWhenResumed(unit, changed));
  unit.announce('changed', { kind: 'work-queue', ids: [queue.id] });
}

function statusWhenResumed(unit: WorkUnit, { last_polled }: StoredQueue): PoolStatus {
  return last_polled !== null && last_polled >= unit.now - POLLED_RECENTLY ? 'READY' : 'NOT_READY';
}

/** Moves a queue to a status and tells of it. */
export async function setQueueStatus(
  unit: WorkUnit,
  pool: NamedPool,
  queue: Pick<StoredQueue, 'id' | 'name'>,
  status: PoolStatus,
): Promise<void> {
  await unit.run(unit.db.updateTable('work_queue').set({ status, updated: unit.now }).where('id', '=', queue.id));
  await unit.emit(queueStatusEvent(queue, pool, status));
  unit.announce('changed', { kind: 'work-queue', ids: [queue.id] });
}

/** Deletes a queue. A pool keeps its default queue, because its runs have to go somewhere. */
export async function deleteQueue(
  unit: WorkUnit,
  pool: NamedPool & Pick<StoredPool, 'default_queue_id'>,
  queue: StoredQueue,
): Promise<void> {
  if (pool.default_queue_id === queue.id) throw new DetailError(409, "Can't delete a pool's default queue.");
  await unit.run(unit.db.deleteFrom('work_queue').where('id', '=', queue.id));
  await writePriorities(unit, renumber(await lockPriorities(unit, pool.id)));
  await unit.emit(queueEvent('deleted', queue, pool));
  unit.announce('changed', { kind: 'work-queue', ids: [queue.id] });
}

/** Deletes every queue of a pool that goes. */
export async function deleteQueuesOf(unit: WorkUnit, pool: NamedPool): Promise<void> {
  const queues = await unit.all(
    unit.db.selectFrom('work_queue').select(['id', 'name']).where('work_pool_id', '=', pool.id).orderBy('priority'),
  );
  await unit.run(unit.db.deleteFrom('work_queue').where('work_pool_id', '=', pool.id));
  await unit.emit(...queues.map((queue) => queueEvent('deleted', queue, pool)));
}

/** Reads a queue by its id, with its pool, locked until the unit ends. */
export async function lockQueueById(unit: WorkUnit, id: string): Promise<{ queue: StoredQueue; pool: StoredPool } | undefined> {
  const queue = await unit.first(
    locked(unit.db, unit.db.selectFrom('work_queue').selectAll().where('id', '=', id), 'work_queue'),
  );
  const pool = queue && (await unit.first(unit.db.selectFrom('work_pool').selectAll().where('id', '=', queue.work_pool_id)));
  return queue && pool && { queue, pool };
}

/** No queue with this id, in the words of the routes that answer with an exception. */
export function queueIdNotFound(id: string, end = ''): NotFoundError {
  return new NotFoundError(`Work queue with id ${id} not found${end}`);
}

/** The priorities of a pool's queues; nobody else changes them until the unit ends. */
async function lockPriorities(unit: WorkUnit, poolId: string): Promise<{ id: string; priority: number }[]> {
  return unit.all(
    locked(
      unit.db,
      unit.db.selectFrom('work_queue').select(['id', 'priority']).where('work_pool_id', '=', poolId).orderBy('id'),
      'work_queue',
    ),
  );
}

async function writePriorities(unit: WorkUnit, changed: readonly { id: string; priority: number }[]): Promise<void> {
  for (const { id, priority } of changed)
    await unit.run(unit.db.updateTable('work_queue').set({ priority, updated: unit.now }).where('id', '=', id));
}
