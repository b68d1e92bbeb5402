import { formatTimestamp, uuid4, type WorkPoolResponse, type WorkPoolStorageConfiguration } from '@prefect-ts/protocol';
import type { Selectable } from '#kysely';
import { DetailError } from '../../errors.ts';
import { isOlder } from '../../orchestration/client-versions.ts';
import type { ClientVersions } from '../../orchestration/transition.ts';
import { IntegrityError } from '../../storage/errors.ts';
import { json, parseJson } from '../../storage/json-columns.ts';
import { locked } from '../../storage/row-locks.ts';
import type { QueryBuilder } from '../../storage/storage.ts';
import type { WorkPoolTable } from '../../storage/tables.ts';
import type { WorkUnit } from '../../work-unit.ts';
import { poolSlots } from './occupancy.ts';
import { fieldChanges, poolEvent, poolUpdatedEvent } from './pool-events.ts';
import { setPoolStatus, statusWhenResumed } from './pool-status.ts';
import { createQueue, deleteQueuesOf } from './queues.ts';

export type StoredPool = Selectable<WorkPoolTable>;

/** A pool as somebody wants it; what is absent gets its default. */
export interface NewWorkPool {
  readonly name: string;
  readonly type?: string | undefined;
  readonly description?: string | null | undefined;
  readonly base_job_template?: Record<string, unknown> | undefined;
  readonly is_paused?: boolean | undefined;
  readonly concurrency_limit?: number | null | undefined;
  readonly storage_configuration?: StorageWanted | undefined;
}

type StorageWanted = { readonly [Name in keyof WorkPoolStorageConfiguration]?: WorkPoolStorageConfiguration[Name] | undefined };

/** What an update may change; absent members stay. */
export interface WorkPoolChanges {
  readonly description?: string | null;
  readonly base_job_template?: Record<string, unknown>;
  readonly is_paused?: boolean;
  readonly concurrency_limit?: number | null;
  readonly storage_configuration?: StorageWanted;
}

/** Pools with the number of their slots in use; to be narrowed by the caller. */
export function selectPools(db: QueryBuilder) {
  return db.selectFrom('work_pool').selectAll().select(poolSlots.as('active_slots'));
}

/** A pool as the API answers it. */
export function poolResponse(row: StoredPool & { active_slots: number | null }, client: ClientVersions): WorkPoolResponse {
  return {
    id: row.id,
    created: formatTimestamp(row.created),
    updated: formatTimestamp(row.updated),
    name: row.name,
    description: row.description,
    type: row.type,
    base_job_template: parseJson<Record<string, unknown>>(row.base_job_template),
    is_paused: row.is_paused === 1,
    concurrency_limit: row.concurrency_limit,
    status: row.type === AGENT_TYPE ? null : row.status,
    default_queue_id: row.default_queue_id,
    storage_configuration: storageFor(client, parseJson<WorkPoolStorageConfiguration>(row.storage_configuration)),
    active_slots: row.active_slots,
  };
}

/** The type of pools that no worker serves: their status means nothing. */
const AGENT_TYPE = 'prefect-agent';

/** Older clients refuse a configuration with a member that they do not know. */
function storageFor({ package: version }: ClientVersions, configuration: WorkPoolStorageConfiguration) {
  if (version === null || !isOlder(version, [3, 3, 8])) return configuration;
  const { default_result_storage_block_id: _unknown, ...known } = configuration;
  return known as WorkPoolStorageConfiguration;
}

/** Reads a pool that must be there, locked until the unit ends. */
export async function lockPool(unit: WorkUnit, name: string): Promise<StoredPool> {
  const row = await unit.first(
    locked(unit.db, unit.db.selectFrom('work_pool').selectAll().where('name', '=', name), 'work_pool'),
  );
  if (!row) throw poolNotFound(name);
  return row;
}

export function poolNotFound(name: string): DetailError {
  return new DetailError(404, `Work pool "${name}" not found.`);
}

/** Creates a pool with its default queue; answers its id. */
export async function createPool(unit: WorkUnit, wanted: NewWorkPool): Promise<string> {
  const storage = completeStorage(wanted.storage_configuration);
  const pool: StoredPool = {
    id: uuid4(),
    created: unit.now,
    updated: unit.now,
    name: wanted.name,
    description: wanted.description ?? null,
    type: wanted.type ?? AGENT_TYPE,
    base_job_template: json(wanted.base_job_template ?? {}),
    is_paused: wanted.is_paused ? 1 : 0,
    concurrency_limit: wanted.concurrency_limit ?? null,
    status: null,
    default_queue_id: null,
    storage_configuration: json(storage),
    last_transitioned_status_at: null,
  };
  const insert = unit.db
    .insertInto('work_pool')
    .values(pool)
    .onConflict((conflict) => conflict.column('name').doNothing());
  if ((await unit.run(insert)) === 0) throw new DetailError(409, 'A work pool with this name already exists.');
  const queue = await createQueue(unit, pool, {
    name: 'default',
    description: "The work pool's default queue.",
    priority: 1,
  });
  await unit.run(unit.db.updateTable('work_pool').set({ default_queue_id: queue }).where('id', '=', pool.id));
  await unit.emit(poolEvent('created', { ...pool, default_queue_id: queue }, storage.default_result_storage_block_id));
  await setPoolStatus(unit, pool, pool.is_paused ? 'PAUSED' : await statusWhenResumed(unit, pool));
  return pool.id;
}

function completeStorage(wanted: StorageWanted = {}): WorkPoolStorageConfiguration {
  return {
    bundle_upload_step: wanted.bundle_upload_step ?? null,
    bundle_execution_step: wanted.bundle_execution_step ?? null,
    default_result_storage_block_id: wanted.default_result_storage_block_id ?? null,
  };
}

/** Changes a pool, and its status when it is paused or resumed. */
export async function updatePool(unit: WorkUnit, pool: StoredPool, changes: WorkPoolChanges): Promise<void> {
  if (changes.is_paused === null || changes.base_job_template === null || changes.storage_configuration === null)
    throw new IntegrityError('A work pool is either paused or not, and has a job template and a storage configuration.');
  const { is_paused, ...fields } = changes;
  const updates = fieldChanges(
    {
      description: pool.description,
      base_job_template: parseJson(pool.base_job_template),
      concurrency_limit: pool.concurrency_limit,
      storage_configuration: parseJson(pool.storage_configuration),
    },
    fields.storage_configuration ? { ...fields, storage_configuration: completeStorage(fields.storage_configuration) } : fields,
  );
  await unit.run(
    unit.db
      .updateTable('work_pool')
      .set({
        updated: unit.now,
        ...Object.fromEntries(
          Object.entries(updates).map(([name, { to }]) => [name, typeof to === 'object' && to !== null ? json(to) : to]),
        ),
        ...(is_paused === undefined ? {} : { is_paused: is_paused ? 1 : 0 }),
      })
      .where('id', '=', pool.id),
  );
  if (Object.keys(updates).length > 0) await unit.emit(poolUpdatedEvent(pool, updates));
  if (is_paused !== undefined && is_paused !== (pool.status === 'PAUSED'))
    await setPoolStatus(unit, pool, is_paused ? 'PAUSED' : await statusWhenResumed(unit, pool));
  else unit.announce('changed', { kind: 'work-pool', ids: [pool.id] });
}

/** Deletes a pool with its queues and workers. */
export async function deletePool(unit: WorkUnit, pool: StoredPool): Promise<void> {
  await deleteQueuesOf(unit, pool);
  await unit.run(unit.db.deleteFrom('work_pool').where('id', '=', pool.id));
  const storage = parseJson<WorkPoolStorageConfiguration>(pool.storage_configuration);
  await unit.emit(poolEvent('deleted', pool, storage.default_result_storage_block_id));
  unit.announce('changed', { kind: 'work-pool', ids: [pool.id] });
}
