import { SECOND, type State } from '@prefect-ts/protocol';
import { type RawBuilder, sql } from '#kysely';
import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { parseJson } from '../storage/json-columns.ts';
import type { QueryBuilder } from '../storage/storage.ts';
import { activeSlots } from './concurrency-limits/decay.ts';
import type { SlotHolder, WaitingFacts } from './why-waiting.ts';
import { OCCUPYING, OCCUPYING_OR_CANCELLING } from './work-pools/occupancy.ts';
import { isServedByServer } from './work-pools/pool-status.ts';
import { isAlive } from './work-pools/workers.ts';

/** So many holders of slots are named. */
const MOST_HOLDERS = 20;

/** Reads what can keep a flow run waiting. */
export async function readWaitingFacts(core: Core, id: string): Promise<WaitingFacts> {
  const { builder: db } = core.storage;
  const row = await core.read.first(selectRun(db).where('flow_run.id', '=', id));
  if (!row) throw new DetailError(404, 'Flow run not found');
  const now = core.clock();
  const { foreman } = core.settings;
  const poolId = row.work_pool_id;
  const queueId = row.work_queue_id;
  const limitId = row.concurrency_limit_id;
  const [workers, pool, queue, limit, ahead] = await Promise.all([
    poolId === null ? [] : core.read.all(selectWorkers(db, poolId)),
    slots(
      core,
      row.pool_limit,
      OCCUPYING,
      sql`flow_run.work_queue_id in (select id from work_queue where work_pool_id = ${poolId})`,
    ),
    slots(core, row.queue_limit, OCCUPYING, sql`flow_run.work_queue_id = ${queueId}`),
    limitId === null ? undefined : readLimit(core, limitId),
    queueId === null || row.next_scheduled_start_time === null ? 0 : countAhead(core, queueId, row.next_scheduled_start_time),
  ]);
  return {
    now,
    run: { state: parseJson<State | null>(row.state), since: row.state_timestamp, due: row.next_scheduled_start_time },
    deployment:
      row.deployment_found === null
        ? null
        : {
            id: row.deployment_found,
            name: row.deployment_name ?? '',
            lastPolled: row.deployment_last_polled,
            isServed: (row.deployment_last_polled ?? 0) > now - foreman.deploymentPollSeconds * SECOND,
          },
    deploymentLimit: limit ?? null,
    queue:
      queueId === null
        ? null
        : {
            ...queue,
            id: queueId,
            name: row.queue_name ?? '',
            isPaused: row.queue_paused === 1,
            lastPolled: row.queue_last_polled,
          },
    pool:
      poolId === null
        ? null
        : {
            ...pool,
            id: poolId,
            name: row.pool_name ?? '',
            isPaused: row.pool_paused === 1,
            statusSince: row.last_transitioned_status_at,
            needsNoWorker: isServedByServer(row.pool_type ?? ''),
          },
    workers: workers.map((worker) => ({
      id: worker.id,
      name: worker.name,
      isOnline: isAlive(worker, now, foreman),
      lastHeartbeat: worker.last_heartbeat_time,
    })),
    ahead,
    longestPollPause: foreman.workQueuePollSeconds * SECOND,
  };
}

function selectRun(db: QueryBuilder) {
  return db
    .selectFrom('flow_run')
    .leftJoin('deployment', 'deployment.id', 'flow_run.deployment_id')
    .leftJoin('work_queue', 'work_queue.id', 'flow_run.work_queue_id')
    .leftJoin('work_pool', 'work_pool.id', 'work_queue.work_pool_id')
    .select([
      'flow_run.state',
      'flow_run.state_timestamp',
      'flow_run.next_scheduled_start_time',
      'deployment.id as deployment_found',
      'deployment.name as deployment_name',
      'deployment.last_polled as deployment_last_polled',
      'deployment.concurrency_limit_id',
      'work_queue.id as work_queue_id',
      'work_queue.name as queue_name',
      'work_queue.is_paused as queue_paused',
      'work_queue.concurrency_limit as queue_limit',
      'work_queue.last_polled as queue_last_polled',
      'work_pool.id as work_pool_id',
      'work_pool.name as pool_name',
      'work_pool.type as pool_type',
      'work_pool.is_paused as pool_paused',
      'work_pool.concurrency_limit as pool_limit',
      'work_pool.last_transitioned_status_at',
    ]);
}

function selectWorkers(db: QueryBuilder, poolId: string) {
  return db
    .selectFrom('worker')
    .select(['id', 'name', 'last_heartbeat_time', 'heartbeat_interval_seconds'])
    .where('work_pool_id', '=', poolId)
    .orderBy('last_heartbeat_time', 'desc');
}

async function slots(core: Core, limit: number | null, occupying: RawBuilder<boolean>, where: RawBuilder<boolean>) {
  const [used, holders] = await Promise.all([countRuns(core, occupying, where), holdersOf(core, occupying, where)]);
  return { limit, used, holders };
}

/** Its slots count as the limit counts them: others than runs of the deployment may hold some. */
async function readLimit(core: Core, id: string): Promise<WaitingFacts['deploymentLimit']> {
  const row = await core.read.first(core.storage.builder.selectFrom('concurrency_limit').selectAll().where('id', '=', id));
  if (!row) return null;
  const ofLimit = sql<boolean>`flow_run.deployment_id in (select id from deployment where concurrency_limit_id = ${id})`;
  return {
    id,
    name: row.name,
    isActive: row.active === 1,
    limit: row.limit,
    used: activeSlots(row, core.clock()),
    holders: await holdersOf(core, OCCUPYING_OR_CANCELLING, ofLimit),
  };
}

async function countRuns(core: Core, occupying: RawBuilder<boolean>, where: RawBuilder<boolean>): Promise<number> {
  const row = await core.scan.first(
    core.storage.builder.selectFrom('flow_run').select(sql<number>`count(*)`.as('count')).where(occupying).where(where),
  );
  return Number(row?.count ?? 0);
}

async function holdersOf(core: Core, occupying: RawBuilder<boolean>, where: RawBuilder<boolean>): Promise<SlotHolder[]> {
  return core.scan.all(
    core.storage.builder
      .selectFrom('flow_run')
      .select(['id', 'name', 'state_timestamp as since'])
      .where(occupying)
      .where(where)
      .orderBy('state_timestamp')
      .orderBy('id')
      .limit(MOST_HOLDERS),
  );
}

async function countAhead(core: Core, queueId: string, due: number): Promise<number> {
  return countRuns(
    core,
    sql<boolean>`flow_run.state_type = 'SCHEDULED'`,
    sql<boolean>`flow_run.work_queue_id = ${queueId} and flow_run.next_scheduled_start_time < ${due}`,
  );
}
