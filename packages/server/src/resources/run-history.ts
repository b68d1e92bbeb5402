import { formatTimestamp, type HistoryResponse, type Micros, parseTimestamp, SECOND, type StateType } from '@prefect-ts/protocol';
import { type RawBuilder, sql } from '#kysely';
import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { type FilterSet, matching } from '../filters/filtered.ts';

const MOST_BUCKETS = 500;

export interface HistoryWindow {
  readonly history_start: string;
  readonly history_end: string;
  readonly history_interval_seconds: number;
}

/** Counts runs by state in equal stretches of time, by when they were expected to start. Contract: orchestration 11.4. */
export async function runHistory(
  core: Core,
  table: 'flow_run' | 'task_run',
  window: HistoryWindow,
  filters: FilterSet,
): Promise<HistoryResponse[]> {
  if (window.history_interval_seconds < 1) throw new DetailError(422, 'History interval must not be less than 1 second.');
  const interval = Math.round(window.history_interval_seconds * SECOND);
  const start = parseTimestamp(window.history_start) ?? 0;
  const end = parseTimestamp(window.history_end) ?? 0;
  const buckets = Math.min(Math.max(0, Math.ceil((end - start) / interval)), MOST_BUCKETS);
  const rows = buckets === 0 ? [] : await countByState(core, table, filters, start, start + buckets * interval, interval);
  return Array.from({ length: buckets }, (_, index) => ({
    interval_start: formatTimestamp(start + index * interval),
    interval_end: formatTimestamp(start + (index + 1) * interval),
    states: rows
      .filter((row) => Number(row.bucket) === index && row.state_type !== null)
      .map((row) => ({
        state_type: row.state_type as StateType,
        state_name: row.state_name ?? '',
        count_runs: Number(row.count),
        sum_estimated_run_time: Number(row.run_time) / SECOND,
        sum_estimated_lateness: Number(row.lateness) / SECOND,
      })),
  }));
}

async function countByState(
  core: Core,
  table: 'flow_run' | 'task_run',
  filters: FilterSet,
  start: Micros,
  end: Micros,
  interval: Micros,
) {
  const db = core.storage.builder;
  const now = core.clock();
  const expected = sql.ref<number>(`${table}.expected_start_time`);
  return core.scan.all(
    db
      .selectFrom(table)
      .select([
        // Both operands are whole, so that both databases divide without a remainder.
        sql<number>`(${expected} - ${sql.lit(start)}) / ${sql.lit(interval)}`.as('bucket'),
        sql<StateType | null>`state_type`.as('state_type'),
        sql<string | null>`state_name`.as('state_name'),
        sql<number>`count(*)`.as('count'),
        sql<number>`sum(${runTime(now)})`.as('run_time'),
        sql<number>`sum(${lateness(now)})`.as('lateness'),
      ])
      .where(matching(db, table, filters))
      .where(sql<boolean>`${expected} >= ${start} and ${expected} < ${end}`)
      .groupBy(['bucket', 'state_type', 'state_name'])
      .orderBy('bucket')
      .orderBy('state_type')
      .orderBy('state_name'),
  );
}

/** Microseconds that a run has run, the current stretch included. */
function runTime(now: Micros): RawBuilder<number> {
  return sql`total_run_time + case when state_type = 'RUNNING' and state_timestamp < ${sql.lit(now)} then ${sql.lit(now)} - state_timestamp else 0 end`;
}

/** Microseconds by which a run started, or has not started yet, after it was expected to. */
export function lateness(now: Micros): RawBuilder<number> {
  const waiting = sql`state_type not in ('COMPLETED', 'CANCELLED', 'FAILED', 'CRASHED')`;
  return sql`case
    when start_time > expected_start_time then start_time - expected_start_time
    when start_time is null and expected_start_time < ${sql.lit(now)} and ${waiting} then ${sql.lit(now)} - expected_start_time
    else 0 end`;
}
