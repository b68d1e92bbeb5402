import type { WorkQueueResponse } from '@prefect-ts/protocol';
import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { matching } from '../filters/filtered.ts';
import { lockPool, poolNotFound } from '../resources/work-pools/pools.ts';
import {
  createQueue,
  deleteQueue,
  lockQueue,
  queueNotFound,
  queueResponse,
  selectQueues,
  updateQueue,
  type WorkQueueChanges,
} from '../resources/work-pools/queues.ts';
import { IntegrityError } from '../storage/errors.ts';
import { limitOf } from './limits.ts';
import { checkName } from './request-body.ts';
import type { Routes } from './route.ts';

export const workPoolQueueRoutes: Routes = {
  'POST /work_pools/{work_pool_name}/queues': async ({ path, body }, core) => {
    const pool = path.work_pool_name;
    try {
      await core.write(async (unit) => createQueue(unit, await lockPool(unit, pool), body));
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error;
      throw new DetailError(409, `A work queue with this name already exists in work pool '${pool}'.`);
    }
    return readQueue(core, pool, body.name);
  },

  'GET /work_pools/{work_pool_name}/queues/{name}': ({ path }, core) => readQueue(core, path.work_pool_name, path.name),

  'POST /work_pools/{work_pool_name}/queues/filter': async ({ path, body }, core) => {
    const db = core.storage.builder;
    const pool = await core.read.first(db.selectFrom('work_pool').select('id').where('name', '=', path.work_pool_name));
    if (!pool) throw poolNotFound(path.work_pool_name);
    const rows = await core.scan.all(
      selectQueues(db)
        .where('work_pool.id', '=', pool.id)
        .where(matching(db, 'work_queue', { work_pool_queues: body?.work_queues }))
        .orderBy('work_queue.priority')
        .orderBy('work_queue.name')
        .limit(limitOf(body, core.settings))
        .offset(body?.offset ?? 0),
    );
    return rows.map(queueResponse);
  },

  'PATCH /work_pools/{work_pool_name}/queues/{name}': async ({ path, body, sent }, core) => {
    if (typeof body.name === 'string') checkName(body.name, body);
    const changes = Object.fromEntries(Object.entries(body).filter(([member]) => sent(member))) as WorkQueueChanges;
    await core.write(async (unit) => {
      const { pool, queue } = await lockQueue(unit, path.work_pool_name, path.name);
      await updateQueue(unit, pool, queue, changes);
    });
    return undefined;
  },

  'DELETE /work_pools/{work_pool_name}/queues/{name}': async ({ path }, core) => {
    await core.write(async (unit) => {
      const { pool, queue } = await lockQueue(unit, path.work_pool_name, path.name);
      await deleteQueue(unit, pool, queue);
    });
    return undefined;
  },
};

async function readQueue(core: Core, pool: string, name: string): Promise<WorkQueueResponse> {
  const row = await core.read.first(
    selectQueues(core.storage.builder).where('work_pool.name', '=', pool).where('work_queue.name', '=', name),
  );
  if (!row) throw queueNotFound(pool, name);
  return queueResponse(row);
}
