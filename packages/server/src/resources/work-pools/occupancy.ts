import { type RawBuilder, sql } from '#kysely';
import type { QueryBuilder, Reader } from '../../storage/storage.ts';

/** Written out rather than as parameters, so that the index of active runs serves. */
const ACTIVE = `flow_run.state_type in ('PENDING', 'RUNNING', 'PAUSED', 'CANCELLING')`;

/** The runs that take slots of a pool or queue: those that are claimed or running. */
export const OCCUPYING: RawBuilder<boolean> = sql.raw(`${ACTIVE} and flow_run.state_type in ('PENDING', 'RUNNING')`);

/** The same as the routes by queue id count them: a run that is being cancelled still takes its slot. */
export const OCCUPYING_OR_CANCELLING: RawBuilder<boolean> = sql.raw(
  `${ACTIVE} and flow_run.state_type in ('PENDING', 'RUNNING', 'CANCELLING')`,
);

/** The runs of a queue: those that are in it, and those that were only ever given its name. */
export function runsOfQueue({ id, name }: { id: string; name: string }): RawBuilder<boolean> {
  return sql`(flow_run.work_queue_id = ${id} or (flow_run.work_queue_id is null and flow_run.work_queue_name = ${name}))`;
}

/** Slots in use of the work queue that a query selects; null for a queue without a limit. */
export function queueSlots(occupying = OCCUPYING): RawBuilder<number | null> {
  return sql`case when work_queue.concurrency_limit is null then null else
    (select count(*) from flow_run where flow_run.work_queue_id = work_queue.id and ${occupying}) end`;
}

/** Slots in use of the work pool that a query selects; null for a pool without a limit. */
export const poolSlots: RawBuilder<number | null> = sql`case when work_pool.concurrency_limit is null then null else
  (select count(*) from flow_run join work_queue as q on flow_run.work_queue_id = q.id
    where q.work_pool_id = work_pool.id and ${OCCUPYING}) end`;

/** Slots in use of each queue of a pool, by the queue's id. */
export async function slotsByQueue(reader: Reader, db: QueryBuilder, poolId: string): Promise<Map<string, number>> {
  const rows = await reader.all(
    db
      .selectFrom('flow_run')
      .innerJoin('work_queue', 'work_queue.id', 'flow_run.work_queue_id')
      .where('work_queue.work_pool_id', '=', poolId)
      .where(OCCUPYING)
      .groupBy('work_queue.id')
      .select(['work_queue.id', sql<number>`count(*)`.as('count')]),
  );
  return new Map(rows.map(({ id, count }) => [id, Number(count)]));
}
