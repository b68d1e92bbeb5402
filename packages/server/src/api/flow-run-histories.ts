import { SECOND } from '@prefect-ts/protocol';
import { type RawBuilder, sql } from '#kysely';
import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { type FilterSet, matching } from '../filters/filtered.ts';
import { estimatedRunTime, FLOW_RUN_SORTS, startDelay, timestampOrNull } from '../resources/flow-runs.ts';
import { lateness, runHistory } from '../resources/run-history.ts';
import { notNegative } from './limits.ts';
import { RawText, type Routes } from './route.ts';

const LONGEST_PAGE_HISTORY = 1000;

/** Runs over time, and what they wrote. */
export const flowRunHistoryRoutes: Routes = {
  'POST /flow_runs/history': ({ body }, core) => runHistory(core, 'flow_run', body, body),

  'POST /task_runs/history': ({ body }, core) => runHistory(core, 'task_run', body, body),

  'POST /flow_runs/lateness': async ({ body }, core) => {
    const row = await core.scan.first(average(core, body, lateness(core.clock())));
    return row?.average === null || row?.average === undefined ? null : Number(row.average) / SECOND;
  },

  'POST /ui/flow_runs/history': async ({ body }, core) => {
    const limit = notNegative(body.limit ?? LONGEST_PAGE_HISTORY);
    const db = core.storage.builder;
    const rows = await core.scan.all(
      db
        .selectFrom('flow_run')
        .select(['id', 'state_type', 'state_timestamp', 'start_time', 'expected_start_time', 'total_run_time'])
        .where(matching(db, 'flow_run', body))
        .orderBy(FLOW_RUN_SORTS[body.sort ?? 'EXPECTED_START_TIME_DESC'])
        .limit(limit)
        .offset(body.offset ?? 0),
    );
    const now = core.clock();
    return rows.map((row) => ({
      id: row.id,
      state_type: row.state_type ?? 'PENDING',
      timestamp: timestampOrNull(row.start_time ?? row.expected_start_time) ?? '',
      duration: estimatedRunTime(row, now),
      lateness: startDelay(row, now),
    }));
  },

  'GET /flow_runs/{id}/logs/download': async ({ path }, core) => {
    const db = core.storage.builder;
    const run = await core.read.first(db.selectFrom('flow_run').select('name').where('id', '=', path.id));
    if (!run) throw new DetailError(404, 'Flow run not found');
    const rows = await core.scan.all(
      db
        .selectFrom('log')
        .select(['timestamp', 'level', 'flow_run_id', 'task_run_id', 'message'])
        .where('flow_run_id', '=', path.id)
        .orderBy('timestamp'),
    );
    const lines = rows.map((row) =>
      [timestampOrNull(row.timestamp), row.level, row.flow_run_id, row.task_run_id, row.message].map(csvField).join(','),
    );
    const text = ['timestamp,level,flow_run_id,task_run_id,message', ...lines, ''].join('\r\n');
    return new RawText(text, 'text/csv; charset=utf-8', {
      'content-disposition': `attachment; filename="flow-run-logs.csv"; filename*=UTF-8''${encodeURIComponent(run.name)}-logs.csv`,
    });
  },
};

function average(core: Core, filters: FilterSet, expression: RawBuilder<number>) {
  const db = core.storage.builder;
  return db
    .selectFrom('flow_run')
    .select(sql<number | null>`avg(${expression})`.as('average'))
    .where(matching(db, 'flow_run', filters));
}

function csvField(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
