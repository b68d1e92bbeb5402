import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { filterCondition } from '../filters/filtered.ts';
import { poolNotFound } from '../resources/work-pools/pools.ts';
import { recordHeartbeat, workerResponse } from '../resources/work-pools/workers.ts';
import { limitOf } from './limits.ts';
import type { Routes } from './route.ts';

export const workerRoutes: Routes = {
  'POST /work_pools/{work_pool_name}/workers/heartbeat': async ({ path, body }, core) => {
    await core.write(async (unit) => {
      const pool = await unit.first(unit.db.selectFrom('work_pool').selectAll().where('name', '=', path.work_pool_name));
      if (!pool) throw poolNotFound(path.work_pool_name);
      await recordHeartbeat(unit, pool, { name: body.name, interval: body.heartbeat_interval_seconds ?? null });
    });
    return undefined;
  },

  'POST /work_pools/{work_pool_name}/workers/filter': async ({ path, body }, core) => {
    const db = core.storage.builder;
    const condition = filterCondition(db, 'worker', body?.workers);
    const workers = db
      .selectFrom('worker')
      .selectAll()
      .where('work_pool_id', '=', await poolId(core, path.work_pool_name))
      .orderBy('last_heartbeat_time', 'desc')
      .limit(limitOf(body, core.settings))
      .offset(body?.offset ?? 0);
    const rows = await core.scan.all(condition ? workers.where(condition as never) : workers);
    const now = core.clock();
    return rows.map((row) => workerResponse(row, now, core.settings.foreman));
  },

  'DELETE /work_pools/{work_pool_name}/workers/{name}': async ({ path }, core) => {
    const pool = await poolId(core, path.work_pool_name);
    await core.write(async (unit) => {
      const worker = await unit.first(
        unit.db.deleteFrom('worker').where('work_pool_id', '=', pool).where('name', '=', path.name).returning('id'),
      );
      if (!worker) throw new DetailError(404, 'Worker not found.');
      unit.announce('changed', { kind: 'worker', ids: [worker.id] });
    });
    return undefined;
  },
};

async function poolId(core: Core, name: string): Promise<string> {
  const pool = await core.read.first(core.storage.builder.selectFrom('work_pool').select('id').where('name', '=', name));
  if (!pool) throw poolNotFound(name);
  return pool.id;
}
