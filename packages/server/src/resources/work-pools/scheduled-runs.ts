import type { Micros, WorkerFlowRunResponse } from '@prefect-ts/protocol';
import { type Selectable, sql } from '#kysely';
import type { Core } from '../../core.ts';
import { jsonMember } from '../../filters/criteria.ts';
import { statement } from '../../storage/statement.ts';
import type { FlowRunTable, PoolStatus } from '../../storage/tables.ts';
import { coreFlowRun } from '../flow-runs.ts';
import { slotsByQueue } from './occupancy.ts';
import { poolNotFound } from './pools.ts';
import { queueNotFound } from './queues.ts';

/** Which runs a worker asks for. */
export interface RunsWanted {
  readonly pool: string;
  /** Queues that must be there; all of the pool when empty. */
  readonly queues: readonly string[];
  readonly after: Micros | null;
  readonly before: Micros | null;
  readonly limit: number;
}

/** A queue that a worker asked for runs. */
export interface PolledQueue {
  readonly id: string;
  readonly status: PoolStatus;
  readonly last_polled: Micros | null;
}

/** So many runs of a queue or pool are handed out at most, whatever their limits. */
const LARGEST_HAND_OUT = 1000;

/**
 * Finds the runs that a worker may start now: by the priority of their queues, then by time, within the limits of queues and pool.
 * Nothing is reserved, the transition to Pending decides who gets a run. Contract: deployments-and-workers 7.1.
 *
 * @throws DetailError 404 for a pool or queue that is not there.
 */
export async function findScheduledRuns(
  core: Core,
  wanted: RunsWanted,
): Promise<{ runs: WorkerFlowRunResponse[]; polled: PolledQueue[] }> {
  const db = core.storage.builder;
  const window = { after: wanted.after ?? 0, before: wanted.before ?? Number.MAX_SAFE_INTEGER };
  const rows = await core.read.all(poolWithQueues(db, { pool: wanted.pool, ...window }));
  const pool = rows[0];
  if (!pool) throw poolNotFound(wanted.pool);
  const queues = chosenQueues(rows, wanted);
  const due = pool.pool_is_paused === 1 ? [] : queues.filter((queue) => queue.is_paused === 0 && queue.has_due === 1);
  if (due.length === 0) return { runs: [], polled: queues };

  const isLimited = pool.pool_limit !== null || due.some((queue) => queue.concurrency_limit !== null);
  const occupied = isLimited ? await slotsByQueue(core.read, db, pool.pool_id) : new Map<string, number>();
  const poolRoom = roomFor(
    pool.pool_limit,
    [...occupied.values()].reduce((sum, count) => sum + count, 0),
  );
  let room = Math.min(wanted.limit, poolRoom);
  const found: Selectable<FlowRunTable>[] = [];
  for (const queue of due) {
    const limit = Math.min(room, roomFor(queue.concurrency_limit, occupied.get(queue.id) ?? 0));
    if (limit === 0) continue;
    const runs = await core.read.all(dueRuns(db, { queueId: queue.id, ...window, limit }));
    found.push(...runs);
    room -= runs.length;
  }
  const now = core.clock();
  const runs = found.map((run) => ({
    work_pool_id: pool.pool_id,
    work_queue_id: run.work_queue_id ?? '',
    flow_run: coreFlowRun({ ...run, state: null }, now),
  }));
  return { runs, polled: queues };
}

type PoolQueueRow = Awaited<ReturnType<typeof readRows>>[number];
type QueueRow = PoolQueueRow & PolledQueue & { readonly is_paused: number };

/** Only for its type: what a row of {@link poolWithQueues} is. */
function readRows(core: Core) {
  return core.read.all(poolWithQueues(core.storage.builder, { pool: '', after: 0, before: 0 }));
}

function chosenQueues(rows: readonly PoolQueueRow[], { pool, queues: names }: RunsWanted): QueueRow[] {
  const all = rows.filter((row): row is QueueRow => row.id !== null);
  if (names.length === 0) return all;
  const missing = names.find((name) => !all.some((queue) => queue.name === name));
  if (missing !== undefined) throw queueNotFound(pool, missing);
  return all.filter((queue) => names.includes(queue.name ?? ''));
}

function roomFor(limit: number | null, occupied: number): number {
  return limit === null ? LARGEST_HAND_OUT : Math.min(LARGEST_HAND_OUT, Math.max(0, limit - occupied));
}

/** A pool with its queues in order of priority, and whether any run of each is due: all that an idle poll needs. */
const poolWithQueues = statement((db, p: { pool: string; after: Micros; before: Micros }) =>
  db
    .selectFrom('work_pool')
    .leftJoin('work_queue', 'work_queue.work_pool_id', 'work_pool.id')
    .where('work_pool.name', '=', p.pool)
    .select([
      'work_pool.id as pool_id',
      'work_pool.is_paused as pool_is_paused',
      'work_pool.concurrency_limit as pool_limit',
      'work_queue.id',
      'work_queue.name',
      'work_queue.is_paused',
      'work_queue.concurrency_limit',
      'work_queue.status',
      'work_queue.last_polled',
      sql<number>`case when exists (select 1 from flow_run where flow_run.work_queue_id = work_queue.id
        and flow_run.state_type = 'SCHEDULED' and flow_run.next_scheduled_start_time >= ${p.after}
        and flow_run.next_scheduled_start_time <= ${p.before}) then 1 else 0 end`.as('has_due'),
    ])
    .orderBy('work_queue.priority')
    .orderBy('work_queue.name'),
);

/** A run that retries inside of its process is nobody else's to start. */
const dueRuns = statement((db, p: { queueId: string; after: Micros; before: Micros; limit: number }) =>
  db
    .selectFrom('flow_run')
    .selectAll()
    .where('work_queue_id', '=', p.queueId)
    .where(sql<boolean>`flow_run.state_type = 'SCHEDULED'`)
    .where('next_scheduled_start_time', '>=', p.after)
    .where('next_scheduled_start_time', '<=', p.before)
    .where(sql<boolean>`coalesce(${jsonMember('flow_run.empirical_policy', 'retry_type')(db)}, '') <> 'in_process'`)
    .orderBy('next_scheduled_start_time')
    .orderBy('id')
    .limit(p.limit),
);
