import { formatTimestamp, type Log, nowMicros, parseTimestamp, uuid7 } from '@prefect-ts/protocol';
import { type Selectable, sql } from '#kysely';
import { filterCondition } from '../filters/filtered.ts';
import { statement } from '../storage/statement.ts';
import type { Compilable, QueryBuilder } from '../storage/storage.ts';
import type { LogTable } from '../storage/tables.ts';
import type { WorkUnit } from '../work-unit.ts';
import { limitOf } from './limits.ts';
import { Reply, type Routes } from './route.ts';

/** So many rows go into one statement: a batch of a client holds hundreds. */
const ROWS_A_STATEMENT = 20;

/** The statement that inserts `count` rows, whose columns are numbered. */
function insertStatement(count: number) {
  return statement((db, p: Record<string, never>) =>
    db.insertInto('log').values(
      Array.from({ length: count }, (_, row) => ({
        id: p[`id${row}`] as never,
        created: p[`created${row}`] as never,
        name: p[`name${row}`] as never,
        level: p[`level${row}`] as never,
        message: p[`message${row}`] as never,
        timestamp: p[`timestamp${row}`] as never,
        flow_run_id: p[`flow_run_id${row}`] as never,
        task_run_id: p[`task_run_id${row}`] as never,
        worker_id: p[`worker_id${row}`] as never,
      })),
    ),
  ) as (db: QueryBuilder, args: Record<string, unknown>) => Compilable<unknown>;
}

const insertOne = insertStatement(1);
const insertMany = insertStatement(ROWS_A_STATEMENT);

async function insertLogs(unit: WorkUnit, rows: readonly LogTable[]): Promise<void> {
  let next = 0;
  for (; rows.length - next >= ROWS_A_STATEMENT; next += ROWS_A_STATEMENT)
    await unit.run(insertMany(unit.db, numbered(rows.slice(next, next + ROWS_A_STATEMENT))));
  for (const row of rows.slice(next)) await unit.run(insertOne(unit.db, numbered([row])));
}

function numbered(rows: readonly LogTable[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  rows.forEach((row, index) => {
    for (const column in row) values[column + index] = row[column as keyof LogTable];
  });
  return values;
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
