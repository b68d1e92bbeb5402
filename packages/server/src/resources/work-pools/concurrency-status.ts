import {
  type FlowRunSlotSummary,
  type Micros,
  SECOND,
  type WorkPoolConcurrencyStatus,
  type WorkQueueConcurrencyStatus,
} from '@prefect-ts/protocol';
import { type RawBuilder, sql } from '#kysely';
import type { Core } from '../../core.ts';
import { timestampOrNull } from '../flow-runs.ts';
import { OCCUPYING, OCCUPYING_OR_CANCELLING, runsOfQueue, slotsByQueue } from './occupancy.ts';

interface Page {
  readonly page: number;
  readonly limit: number;
}

/** Who takes the slots of a pool, by queue. */
export async function poolConcurrency(
  core: Core,
  pool: { id: string; concurrency_limit: number | null },
  { page, limit, runLimit }: Page & { readonly runLimit: number },
): Promise<WorkPoolConcurrencyStatus> {
  const db = core.storage.builder;
  const [queues, slots] = await Promise.all([
    core.scan.all(
      db
        .selectFrom('work_queue')
        .select(['id', 'name', 'concurrency_limit'])
        .where('work_pool_id', '=', pool.id)
        .orderBy('priority')
        .orderBy('name'),
    ),
    slotsByQueue(core.scan, db, pool.id),
  ]);
  const shown = queues.slice((page - 1) * limit, page * limit);
  const details = await Promise.all(
    shown.map(async (queue) => ({
      queue_id: queue.id,
      queue_name: queue.name,
      active_slots: slots.get(queue.id) ?? 0,
      concurrency_limit: queue.concurrency_limit,
      flow_runs: slots.has(queue.id) ? await runsInSlots(core, inQueue(queue.id), OCCUPYING, { page: 1, limit: runLimit }) : [],
      flow_run_count: slots.get(queue.id) ?? 0,
    })),
  );
  return {
    active_slots: [...slots.values()].reduce((sum, count) => sum + count, 0),
    concurrency_limit: pool.concurrency_limit,
    queues: details,
    count: queues.length,
    limit,
    pages: limit === 0 ? 0 : Math.ceil(queues.length / limit),
    page,
  };
}

/** Who takes the slots of one queue; runs that only name it count too. */
export async function queueConcurrency(
  core: Core,
  queue: { id: string; name: string; concurrency_limit: number | null },
  { page, limit }: Page,
): Promise<WorkQueueConcurrencyStatus> {
  const belongs = runsOfQueue(queue);
  const row = await core.scan.first(
    core.storage.builder
      .selectFrom('flow_run')
      .select(sql<number>`count(*)`.as('count'))
      .where(belongs)
      .where(OCCUPYING_OR_CANCELLING),
  );
  const count = Number(row?.count ?? 0);
  return {
    active_slots: count,
    concurrency_limit: queue.concurrency_limit,
    flow_runs: count > 0 ? await runsInSlots(core, belongs, OCCUPYING_OR_CANCELLING, { page, limit }) : [],
    count,
    limit,
    pages: limit === 0 ? 0 : Math.ceil(count / limit),
    page,
  };
}

function inQueue(id: string): RawBuilder<boolean> {
  return sql`flow_run.work_queue_id = ${id}`;
}

async function runsInSlots(
  core: Core,
  belongs: RawBuilder<boolean>,
  occupying: RawBuilder<boolean>,
  { page, limit }: Page,
): Promise<FlowRunSlotSummary[]> {
  const rows = await core.scan.all(
    core.storage.builder
      .selectFrom('flow_run')
      .select(['id', 'name', 'state_type', 'state_name', 'start_time', 'state_timestamp'])
      .where(belongs)
      .where(occupying)
      .orderBy('state_timestamp')
      .orderBy('id')
      .limit(limit)
      .offset((page - 1) * limit),
  );
  const now = core.clock();
  return rows.map(({ start_time, state_timestamp, ...run }) => ({
    ...run,
    start_time: timestampOrNull(start_time),
    state_timestamp: timestampOrNull(state_timestamp),
    time_in_current_state: secondsSince(state_timestamp, now),
  }));
}

function secondsSince(time: Micros | null, now: Micros): number | null {
  return time === null ? null : (now - time) / SECOND;
}
