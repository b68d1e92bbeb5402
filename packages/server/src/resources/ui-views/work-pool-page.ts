import type { Micros, UiWorkPool, UiWorkPoolPage, UiWorkPoolPageRequest } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../../core.ts';
import { changeFeed } from '../../events/change-feed.ts';
import { matching } from '../../filters/filtered.ts';
import { timestampOrNull } from '../flow-runs.ts';
import { afterCursor, boundedTotal, cutPage, type KeysetOrder, orderBy } from './keyset.ts';
import { lastRunsOfPools } from './run-marks.ts';

const ORDER: KeysetOrder = { key: sql<string>`work_pool.name`, id: 'work_pool.id', direction: 'asc' };

/** One page of work pools with their workers and what they have to do. */
export async function workPoolPage(core: Core, request: UiWorkPoolPageRequest): Promise<UiWorkPoolPage> {
  const position = changeFeed(core).position;
  const db = core.storage.builder;
  const limit = request.limit ?? 50;
  const wanted = matching(db, 'work_pool', request);
  const [rows, total] = await Promise.all([
    core.scan.all(
      db
        .selectFrom('work_pool')
        .select(['id', 'name', 'type', 'description', 'status', 'is_paused', 'concurrency_limit'])
        .select(ORDER.key.as('page_key'))
        .where((where) => where.and([wanted, ...afterCursor(ORDER, request.cursor)]))
        .orderBy(orderBy(ORDER))
        .limit(limit + 1),
    ),
    boundedTotal(core.scan, db.selectFrom('work_pool').select(sql<number>`count(*)`.as('count')).where(wanted)),
  ]);
  const { page, next } = cutPage(rows, limit);
  const ids = page.map((row) => row.id);
  const [workers, load, last] = await Promise.all([workersByPool(core, ids), loadByPool(core, ids), lastRunsOfPools(core, ids)]);
  return {
    results: page.map(
      ({ is_paused, page_key: _key, ...row }): UiWorkPool => ({
        ...row,
        is_paused: is_paused === 1,
        ...(workers.get(row.id) ?? NO_WORKERS),
        ...(load.get(row.id) ?? NO_LOAD),
        last_runs: last.get(row.id) ?? [],
      }),
    ),
    ...total,
    next,
    window: { after: null, before: null },
    position,
  };
}

type Workers = Pick<UiWorkPool, 'workers_online' | 'workers_total' | 'last_heartbeat_time'>;
type Load = Pick<UiWorkPool, 'running' | 'pending' | 'scheduled' | 'late' | 'oldest_late_time'>;

const NO_WORKERS: Workers = { workers_online: 0, workers_total: 0, last_heartbeat_time: null };
const NO_LOAD: Load = { running: 0, pending: 0, scheduled: 0, late: 0, oldest_late_time: null };

async function workersByPool(core: Core, ids: readonly string[]): Promise<Map<string, Workers>> {
  if (ids.length === 0) return new Map();
  const rows = await core.scan.all(
    core.storage.builder
      .selectFrom('worker')
      .select('work_pool_id')
      .select(sql<number>`count(*)`.as('total'))
      .select(sql<number>`sum(case when status = 'ONLINE' then 1 else 0 end)`.as('online'))
      .select(sql<Micros | null>`max(last_heartbeat_time)`.as('last_heartbeat_time'))
      .where('work_pool_id', 'in', ids)
      .groupBy('work_pool_id'),
  );
  return new Map(
    rows.map((row) => [
      row.work_pool_id,
      {
        workers_online: Number(row.online),
        workers_total: Number(row.total),
        last_heartbeat_time: timestampOrNull(row.last_heartbeat_time === null ? null : Number(row.last_heartbeat_time)),
      },
    ]),
  );
}

/** Counts only what is not over, for which there are indexes. */
async function loadByPool(core: Core, ids: readonly string[]): Promise<Map<string, Load>> {
  if (ids.length === 0) return new Map();
  const counted = (states: string) =>
    core.storage.builder
      .selectFrom('work_queue')
      .innerJoin('flow_run', 'flow_run.work_queue_id', 'work_queue.id')
      .select(['work_queue.work_pool_id', 'flow_run.state_type', 'flow_run.state_name'])
      .select(sql<number>`count(*)`.as('count'))
      .select(sql<Micros | null>`min(flow_run.next_scheduled_start_time)`.as('oldest'))
      .where('work_queue.work_pool_id', 'in', ids)
      // Written out, so that the partial indexes serve.
      .where(sql<boolean>`${sql.raw(`flow_run.state_type ${states}`)}`)
      .groupBy(['work_queue.work_pool_id', 'flow_run.state_type', 'flow_run.state_name']);
  const [active, scheduled] = await Promise.all([
    core.scan.all(counted(`in ('PENDING', 'RUNNING', 'PAUSED', 'CANCELLING')`)),
    core.scan.all(counted(`= 'SCHEDULED'`)),
  ]);
  const loads = new Map<string, Load>();
  for (const row of [...active, ...scheduled]) {
    const load = { ...(loads.get(row.work_pool_id) ?? NO_LOAD) };
    const count = Number(row.count);
    if (row.state_type === 'RUNNING' || row.state_type === 'CANCELLING') load.running += count;
    else if (row.state_type === 'PENDING') load.pending += count;
    else if (row.state_name === 'Late') {
      load.late += count;
      load.oldest_late_time = timestampOrNull(row.oldest === null ? null : Number(row.oldest));
    } else if (row.state_type === 'SCHEDULED') load.scheduled += count;
    loads.set(row.work_pool_id, load);
  }
  return loads;
}
