import { formatTimestamp, type Log, nowMicros, parseTimestamp, uuid7 } from '@prefect-ts/protocol';
import { type Selectable, sql } from '#kysely';
import { filterCondition } from '../filters/filtered.ts';
import { bulkInsert } from '../storage/statement.ts';
import type { LogTable } from '../storage/tables.ts';
import type { WorkUnit } from '../work-unit.ts';
import { limitOf } from './limits.ts';
import { Reply, type Routes } from './route.ts';

/** So many rows go into one statement at most; a statement is kept for each smaller number that comes. */
const ROWS_A_STATEMENT = 50;

const insert = bulkInsert('log', [
  'id',
  'created',
  'name',
  'level',
  'message',
  'timestamp',
  'flow_run_id',
  'task_run_id',
  'worker_id',
]);

async function insertLogs(unit: WorkUnit, rows: readonly LogTable[]): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT)
    await unit.run(insert(unit.db, rows.slice(from, from + ROWS_A_STATEMENT)));
}

export const logRoutes: Routes = {
  'POST /logs/': async ({ body }, core) => {
    const rows = body.map((log): LogTable => {
      const timestamp = parseTimestamp(log.timestamp) ?? nowMicros();
      return {
        id: uuid7(timestamp / 1000),
        created: core.clock(),
        name: log.name,
        level: log.level,
        message: log.message,
        timestamp,
        flow_run_id: log.flow_run_id ?? null,
        task_run_id: log.task_run_id ?? null,
        worker_id: null,
      };
    });
    if (rows.length > 0)
      await core.write(async (unit) => {
        await insertLogs(unit, rows);
        unit.announce('logs', rows);
      });
    return new Reply(201, null);
  },

  'POST /logs/filter': async ({ body }, core) => {
    const db = core.storage.builder;
    const direction = body.sort === 'TIMESTAMP_DESC' ? 'desc' : 'asc';
    const rows = await core.scan.all(
      db
        .selectFrom('log')
        .selectAll()
        .where(filterCondition(db, 'log', body.logs) ?? sql<boolean>`1 = 1`)
        .orderBy('timestamp', direction)
        .limit(limitOf(body, core.settings))
        .offset(body.offset ?? 0),
    );
    return rows.map(logResponse);
  },
};

function logResponse(row: Selectable<LogTable>): Log {
  return {
    id: row.id,
    created: formatTimestamp(row.created),
    updated: formatTimestamp(row.created),
    name: row.name,
    level: row.level,
    message: row.message,
    timestamp: formatTimestamp(row.timestamp),
    flow_run_id: row.flow_run_id,
    task_run_id: row.task_run_id,
  };
}
