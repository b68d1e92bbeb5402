import { parseTimestamp, SECOND, STATE_TYPES, type StateType } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import { DetailError } from '../errors.ts';
import { matching } from '../filters/filtered.ts';
import { timestampOrNull } from '../resources/flow-runs.ts';
import { taskRunResponse } from '../resources/task-runs.ts';
import type { Routes } from './route.ts';

const BUCKETS = 20;
const MINUTE = 60 * SECOND;

/** Small counts that pages ask for. Contract: events 2.2. */
export const uiCountRoutes: Routes = {
  'POST /ui/flow_runs/count-task-runs': async ({ body }, core) => {
    const db = core.storage.builder;
    const ids = body.flow_run_ids;
    if (ids.length === 0) return {};
    const rows = await core.scan.all(
      db
        .selectFrom('task_run')
        .select(['flow_run_id', sql<number>`count(*)`.as('count')])
        .where('flow_run_id', 'in', ids)
        .where(sql<boolean>`not exists (select 1 from flow_run as sub where sub.parent_task_run_id = task_run.id)`)
        .groupBy('flow_run_id'),
    );
    return countsOf(
      ids,
      rows.map((row) => [row.flow_run_id ?? '', row.count]),
    );
  },

  'POST /ui/flows/count-deployments': async ({ body }, core) => {
    const ids = body.flow_ids;
    if (ids.length === 0) return {};
    const rows = await core.scan.all(
      core.storage.builder
        .selectFrom('deployment')
        .select(['flow_id', sql<number>`count(*)`.as('count')])
        .where('flow_id', 'in', ids)
        .groupBy('flow_id'),
    );
    return countsOf(
      ids,
      rows.map((row) => [row.flow_id, row.count]),
    );
  },

  'POST /ui/flows/next-runs': async ({ body }, core) => {
    if (body.flow_ids.length === 0) return {};
    const db = core.storage.builder;
    const rows = await core.scan.all(
      db
        .selectFrom('flow_run')
        .select(['id', 'flow_id', 'name', 'state_name', 'state_type', 'next_scheduled_start_time'])
        .where('flow_id', 'in', body.flow_ids)
        // Written out, so that a partial index serves.
        .where(sql<boolean>`state_type = 'SCHEDULED'`)
        .orderBy('next_scheduled_start_time', 'desc'),
    );
    const next = new Map(rows.map((row) => [row.flow_id, row]));
    return Object.fromEntries(
      body.flow_ids.map((id) => {
        const row = next.get(id);
        if (!row) return [id, null];
        return [
          id,
          {
            ...row,
            state_name: row.state_name ?? '',
            state_type: row.state_type ?? 'SCHEDULED',
            next_scheduled_start_time: timestampOrNull(row.next_scheduled_start_time) ?? '',
          },
        ];
      }),
    );
  },

  'POST /ui/task_runs/count': async ({ body }, core) => {
    const db = core.storage.builder;
    const rows = await core.scan.all(
      db
        .selectFrom('task_run')
        .select(['state_type', sql<number>`count(*)`.as('count')])
        .where(matching(db, 'task_run', body))
        .groupBy('state_type'),
    );
    const counts = new Map(rows.map((row) => [row.state_type, Number(row.count)]));
    return Object.fromEntries(STATE_TYPES.map((type) => [type, counts.get(type) ?? 0])) as Record<StateType, number>;
  },

  'POST /ui/task_runs/dashboard/counts': async ({ body }, core) => {
    const window = body.task_runs.start_time;
    const after = window?.after_ ? parseTimestamp(window.after_) : undefined;
    if (after === undefined) throw new DetailError(422, 'task_runs.start_time.after_ is required');
    const before = (window?.before_ && parseTimestamp(window.before_)) || core.clock();
    const start = after - (after % MINUTE);
    const end = before - (before % MINUTE) + MINUTE;
    const width = Math.max(1, Math.ceil((end - start) / BUCKETS));
    const db = core.storage.builder;
    const rows = await core.scan.all(
      db
        .selectFrom('task_run')
        .select([
          sql<number>`(task_run.start_time - ${sql.lit(start)}) / ${sql.lit(width)}`.as('bucket'),
          sql<number>`sum(case when state_type in ('FAILED', 'CRASHED') then 1 else 0 end)`.as('failed'),
          sql<number>`count(*)`.as('count'),
        ])
        .where(matching(db, 'task_run', { ...body, task_runs: { ...body.task_runs, state: null, start_time: null } }))
        .where('state_type', 'in', ['COMPLETED', 'CANCELLED', 'FAILED', 'CRASHED'])
        .where('start_time', '>=', start)
        .where('start_time', '<', end)
        .groupBy('bucket'),
    );
    return Array.from({ length: BUCKETS }, (_, index) => {
      const row = rows.find(({ bucket }) => Number(bucket) === index);
      const failed = Number(row?.failed ?? 0);
      return { completed: Number(row?.count ?? 0) - failed, failed };
    });
  },

  'GET /ui/task_runs/{id}': async ({ path }, core) => {
    const db = core.storage.builder;
    const row = await core.read.first(
      db
        .selectFrom('task_run')
        .leftJoin('flow_run', 'flow_run.id', 'task_run.flow_run_id')
        .selectAll('task_run')
        .select('flow_run.name as flow_run_name')
        .where('task_run.id', '=', path.id),
    );
    if (!row) throw new DetailError(404, 'Task not found');
    return { ...taskRunResponse(row, core.clock()), flow_run_name: row.flow_run_name };
  },
};

function countsOf(ids: readonly string[], rows: readonly (readonly [string, number])[]): Record<string, number> {
  const counts = new Map(rows);
  return Object.fromEntries(ids.map((id) => [id, Number(counts.get(id) ?? 0)]));
}
