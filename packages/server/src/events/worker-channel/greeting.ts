import type { Core } from '../../core.ts';
import { ApiError, DetailError } from '../../errors.ts';
import { BaseJobTemplateError, checkBaseJobTemplate } from '../../job-templates/index.ts';
import { INTERNAL_CLIENT } from '../../orchestration/client-versions.ts';
import {
  createPool,
  poolNotFound,
  poolResponse,
  type StoredPool,
  selectPools,
  updatePool,
} from '../../resources/work-pools/pools.ts';
import { queueNotFound } from '../../resources/work-pools/queues.ts';
import { recordHeartbeat } from '../../resources/work-pools/workers.ts';
import { json } from '../../storage/json-columns.ts';
import type { WorkUnit } from '../../work-unit.ts';
import type { Hello } from './frames.ts';

/** A worker that was let in: its pool as it is, and the queues that it serves. */
export interface Welcome {
  readonly poolId: string;
  readonly queues: readonly { readonly id: string; readonly name: string }[];
}

/**
 * Lets a worker in: makes its pool where it may, gives a pool without a job template the worker's, and notes that the worker is alive.
 *
 * @throws ApiError for a pool or queue that is not there.
 */
export async function welcomeWorker(core: Core, poolName: string, hello: Hello): Promise<Welcome> {
  try {
    return await core.write((unit) => admit(unit, poolName, hello));
  } catch (error) {
    // Another worker made the pool at the same time.
    if (error instanceof ApiError && error.status === 409) return core.write((unit) => admit(unit, poolName, hello));
    throw error;
  }
}

async function admit(unit: WorkUnit, poolName: string, hello: Hello): Promise<Welcome> {
  checkTemplate(hello);
  let pool = await readPool(unit, poolName);
  const template = hello.default_base_job_template;
  if (!pool) {
    if (!hello.create_pool_if_not_found) throw poolNotFound(poolName);
    if (poolName.toLowerCase().startsWith('prefect')) throw new DetailError(403, `The name "${poolName}" is reserved.`);
    await createPool(unit, { name: poolName, type: hello.worker_type, base_job_template: template });
    pool = await readPool(unit, poolName);
    if (!pool) throw poolNotFound(poolName);
  } else if (pool.base_job_template === json({}) && Object.keys(template).length > 0)
    await updatePool(unit, pool, { base_job_template: template });
  const queues = await unit.all(
    unit.db
      .selectFrom('work_queue')
      .select(['id', 'name'])
      .where('work_pool_id', '=', pool.id)
      .orderBy('priority')
      .orderBy('name'),
  );
  const missing = hello.work_queue_names.find((wanted) => !queues.some(({ name }) => name === wanted));
  if (missing !== undefined) throw queueNotFound(poolName, missing);
  await recordHeartbeat(unit, pool, { name: hello.worker_name, interval: hello.heartbeat_interval_seconds });
  const named = queues.filter(({ name }) => hello.work_queue_names.includes(name));
  return { poolId: pool.id, queues: named.length > 0 ? named : queues };
}

/** Who has no template says so with an empty object. */
function checkTemplate({ default_base_job_template: template }: Hello): void {
  if (Object.keys(template).length === 0) return;
  try {
    checkBaseJobTemplate(template);
  } catch (error) {
    throw error instanceof BaseJobTemplateError ? new DetailError(422, error.message) : error;
  }
}

function readPool(unit: WorkUnit, name: string): Promise<StoredPool | undefined> {
  return unit.first(unit.db.selectFrom('work_pool').selectAll().where('name', '=', name));
}

/** A pool as workers are shown it; nothing once it was deleted. */
export async function readPoolShown(core: Core, poolId: string) {
  const row = await core.read.first(selectPools(core.storage.builder).where('id', '=', poolId));
  return row && poolResponse(row, INTERNAL_CLIENT);
}
