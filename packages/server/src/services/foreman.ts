import { SECOND } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../core.ts';
import { markDeploymentsNotReady } from '../resources/deployments/deployment-status.ts';
import { isServedByServer, setPoolStatus } from '../resources/work-pools/pool-status.ts';
import { setQueueStatus } from '../resources/work-pools/queues.ts';
import { isAlive } from '../resources/work-pools/workers.ts';
import { locked } from '../storage/row-locks.ts';
import type { QueryBuilder } from '../storage/storage.ts';
import type { Service } from './service.ts';
import { claimRound } from './service-lease.ts';

/** So many deployments or queues change their status in one transaction. */
const AT_ONCE = 500;

/**
 * Notices who fell silent: workers without heartbeats are offline, pools without workers are not ready, nor are deployments and queues
 * that nobody polls. Contract: deployments-and-workers 8.3.
 */
export const foreman: Service = {
  name: 'foreman',
  every: ({ foreman }) => (foreman.enabled ? foreman.loopSeconds : null),
  async run(core) {
    if (!(await claimRound(core, 'foreman', core.settings.foreman.loopSeconds))) return;
    await markWorkersOffline(core);
    await markPoolsNotReady(core);
    await repeatWhileFull(core, markDeploymentsSilent);
    await repeatWhileFull(core, markQueuesSilent);
  },
};

async function markWorkersOffline(core: Core): Promise<void> {
  const { foreman } = core.settings;
  const online = (db: QueryBuilder) =>
    db.selectFrom('worker').select(['id', 'last_heartbeat_time', 'heartbeat_interval_seconds']).where('status', '=', 'ONLINE');
  const found = (await core.scan.all(online(core.storage.builder))).filter((worker) => !isAlive(worker, core.clock(), foreman));
  if (found.length === 0) return;
  const ids = found.map(({ id }) => id);
  await core.write(async (unit) => {
    // One of them may have come back since.
    const again = await unit.all(locked(unit.db, online(unit.db).where('id', 'in', ids).orderBy('id'), 'worker'));
    const silent = again.filter((worker) => !isAlive(worker, unit.now, foreman));
    for (const { id } of silent) await unit.run(unit.db.updateTable('worker').set({ status: 'OFFLINE' }).where('id', '=', id));
    unit.announce('changed', { kind: 'worker', ids: silent.map(({ id }) => id) });
  });
}

async function markPoolsNotReady(core: Core): Promise<void> {
  const abandoned = (db: QueryBuilder) =>
    db
      .selectFrom('work_pool')
      .select(['id', 'name', 'type', 'last_transitioned_status_at'])
      .where('status', '=', 'READY')
      .where(
        sql<boolean>`not exists (select 1 from worker where worker.work_pool_id = work_pool.id and worker.status = 'ONLINE')`,
      );
  const found = (await core.scan.all(abandoned(core.storage.builder))).filter(({ type }) => !isServedByServer(type));
  if (found.length === 0) return;
  await core.write(async (unit) => {
    // A worker may have come back since.
    const ids = new Set(found.map(({ id }) => id));
    for (const pool of await unit.all(abandoned(unit.db))) if (ids.has(pool.id)) await setPoolStatus(unit, pool, 'NOT_READY');
  });
}

/** Repeats a step, each time in a transaction of its own, while it finds as much as it may. */
async function repeatWhileFull(core: Core, step: (core: Core) => Promise<number>): Promise<void> {
  while ((await step(core)) === AT_ONCE);
}

async function markDeploymentsSilent(core: Core): Promise<number> {
  const longAgo = core.clock() - core.settings.foreman.deploymentPollSeconds * SECOND;
  const silent = (db: QueryBuilder) =>
    db
      .selectFrom('deployment')
      .leftJoin('work_queue', 'work_queue.id', 'deployment.work_queue_id')
      .select('deployment.id')
      .where('deployment.status', '=', 'READY')
      .where('deployment.last_polled', '<', longAgo)
      .where((where) => where.or([where('work_queue.last_polled', 'is', null), where('work_queue.last_polled', '<', longAgo)]))
      .orderBy('deployment.id')
      .limit(AT_ONCE);
  if ((await core.scan.all(silent(core.storage.builder))).length === 0) return 0;
  return core.write(async (unit) => {
    const ids = (await unit.all(silent(unit.db))).map(({ id }) => id);
    await markDeploymentsNotReady(unit, ids);
    return ids.length;
  });
}

async function markQueuesSilent(core: Core): Promise<number> {
  const longAgo = core.clock() - core.settings.foreman.workQueuePollSeconds * SECOND;
  const silent = (db: QueryBuilder) =>
    db
      .selectFrom('work_queue')
      .innerJoin('work_pool', 'work_pool.id', 'work_queue.work_pool_id')
      .select(['work_queue.id', 'work_queue.name', 'work_pool.id as pool_id', 'work_pool.name as pool_name', 'work_pool.type'])
      .where('work_queue.status', '=', 'READY')
      .where('work_queue.last_polled', '<', longAgo)
      .orderBy('work_queue.id')
      .limit(AT_ONCE);
  if ((await core.scan.all(silent(core.storage.builder))).length === 0) return 0;
  return core.write(async (unit) => {
    const queues = await unit.all(silent(unit.db));
    for (const queue of queues)
      await setQueueStatus(unit, { id: queue.pool_id, name: queue.pool_name, type: queue.type }, queue, 'NOT_READY');
    return queues.length;
  });
}
