import {
  formatTimestamp,
  type Micros,
  SECOND,
  type StateType,
  type UiBucket,
  type UiFailureGroup,
  type UiOverview,
  type UiOverviewRequest,
  type UiRunGroup,
} from '@prefect-ts/protocol';
import { type RawBuilder, sql } from '#kysely';
import type { Core } from '../../core.ts';
import { changeFeed } from '../../events/change-feed.ts';
import type { Condition } from '../../filters/criteria.ts';
import { matching } from '../../filters/filtered.ts';
import type { QueryBuilder } from '../../storage/storage.ts';
import { START } from '../flow-runs.ts';
import { selectFlowRunRows, uiFlowRun } from './flow-run-rows.ts';
import { resolveWindow, windowResponse } from './time-window.ts';
import { workPoolPage } from './work-pool-page.ts';

const LIST = 8;
/** So many of the last failures are looked at to find the last one of each flow. */
const FAILURES_READ = 200;
/** What the index of runs that are not completed needs to hear. */
const NOT_COMPLETED: Condition = sql`flow_run.state_type is distinct from 'COMPLETED'`;
const WAITS: Condition = sql`flow_run.state_type in ('PENDING', 'PAUSED', 'SCHEDULED')
  and (flow_run.state_type <> 'SCHEDULED' or flow_run.state_name = 'Late')`;
const DAY: Micros = 86_400 * SECOND;

/** What is wrong, what waits, what runs and what comes, in one answer. */
export async function overview(core: Core, request: UiOverviewRequest): Promise<UiOverview> {
  const position = changeFeed(core).position;
  const now = core.clock();
  const asked = resolveWindow(request.window ?? { relative: '-24h' }, now);
  const window = { after: asked.after ?? now - DAY, before: asked.before ?? now };
  const mine = matching(core.storage.builder, 'flow_run', request);
  const inWindow: Condition[] = [mine, sql`${START} >= ${window.after}`, sql`${START} <= ${window.before}`];
  const [counted, failures, waiting, running, upcoming, pools, totals] = await Promise.all([
    countRuns(core, inWindow, window, request.buckets ?? 48),
    failureGroups(core, [...inWindow, NOT_COMPLETED, sql`flow_run.state_type in ('FAILED', 'CRASHED')`]),
    runGroup(core, [mine, NOT_COMPLETED, WAITS], 'asc'),
    runGroup(core, [mine, NOT_COMPLETED, sql`flow_run.state_type in ('RUNNING', 'CANCELLING')`], 'desc'),
    runGroup(core, [mine, NOT_COMPLETED, sql`flow_run.state_type = 'SCHEDULED'`, sql`flow_run.state_name <> 'Late'`], 'asc'),
    workPoolPage(core, { limit: 50 }),
    countAll(core),
  ]);
  return {
    window: windowResponse(window),
    ...counted,
    failures,
    waiting,
    running,
    upcoming,
    work_pools: pools.results,
    totals: { ...totals, work_pools: pools.total },
    position,
  };
}

/** Runs of the window by state, in all and by stretches of the same length. Late runs are counted once more, as `LATE`. */
async function countRuns(
  core: Core,
  conditions: Condition[],
  { after, before }: { after: Micros; before: Micros },
  buckets: number,
): Promise<Pick<UiOverview, 'counts' | 'buckets'>> {
  const step = Math.max(1, Math.ceil((before - after) / buckets));
  // Written out: PostgreSQL takes two parameters of one value for two expressions.
  const bucket = sql<number>`cast((${START} - ${sql.lit(after)}) / ${sql.lit(step)} as integer)`;
  const rows = await core.scan.all(
    core.storage.builder
      .selectFrom('flow_run')
      .select(bucket.as('bucket'))
      .select('state_type')
      .select(sql<number>`count(*)`.as('count'))
      .select(sql<number>`sum(case when flow_run.state_name = 'Late' then 1 else 0 end)`.as('late'))
      .where((where) => where.and(conditions))
      .groupBy([bucket, 'state_type']),
  );
  const result: UiBucket[] = Array.from({ length: buckets }, (_, index) => ({
    start: formatTimestamp(after + index * step),
    end: formatTimestamp(Math.min(before, after + (index + 1) * step)),
    counts: {},
  }));
  const counts: Record<string, number> = {};
  const add = (to: Record<string, number>, state: StateType | 'LATE', count: number) => {
    if (count > 0) to[state] = (to[state] ?? 0) + count;
  };
  for (const row of rows) {
    if (row.state_type === null) continue;
    add(counts, row.state_type, Number(row.count));
    add(counts, 'LATE', Number(row.late));
    const place = result[Math.min(buckets - 1, Math.floor(Number(row.bucket)))];
    if (place) add(place.counts, row.state_type, Number(row.count));
  }
  return { counts, buckets: result };
}

async function failureGroups(core: Core, conditions: Condition[]): Promise<UiFailureGroup[]> {
  const db = core.storage.builder;
  const [rows, totals] = await Promise.all([
    core.scan.all(firstRuns(db, conditions, sql`flow_run.state_timestamp desc`, FAILURES_READ)),
    core.scan.all(
      db
        .selectFrom('flow_run')
        .select('flow_run.flow_id')
        .select(sql<number>`count(*)`.as('count'))
        .where((where) => where.and(conditions))
        .groupBy('flow_run.flow_id'),
    ),
  ]);
  const countByFlow = new Map(totals.map((row) => [row.flow_id, Number(row.count)]));
  const groups = new Map<string, UiFailureGroup>();
  for (const row of rows) {
    if (groups.has(row.flow_id)) continue;
    groups.set(row.flow_id, {
      flow_id: row.flow_id,
      flow_name: row.flow_name,
      count: countByFlow.get(row.flow_id) ?? 1,
      last: uiFlowRun(row),
    });
  }
  return [...groups.values()].slice(0, LIST);
}

async function runGroup(core: Core, conditions: Condition[], direction: 'asc' | 'desc'): Promise<UiRunGroup> {
  const db = core.storage.builder;
  const [rows, count] = await Promise.all([
    // The sign keeps SQLite from walking over all runs in the order that it has, for the few that are open.
    core.scan.all(firstRuns(db, conditions, sql`+flow_run.expected_start_time ${sql.raw(direction)}`, LIST)),
    core.scan.first(
      db
        .selectFrom('flow_run')
        .select(sql<number>`count(*)`.as('count'))
        .where((where) => where.and(conditions)),
    ),
  ]);
  return { count: Number(count?.count ?? 0), results: rows.map(uiFlowRun) };
}

/** The first runs of an order; the names around them are looked up for those alone. */
function firstRuns(db: QueryBuilder, conditions: Condition[], order: RawBuilder<unknown>, limit: number) {
  const ids = db
    .selectFrom('flow_run')
    .select('flow_run.id')
    .where((where) => where.and(conditions))
    .orderBy(order)
    .limit(limit);
  return selectFlowRunRows(db).where('flow_run.id', 'in', ids).orderBy(order);
}

async function countAll(core: Core): Promise<{ flows: number; deployments: number; flow_runs: number }> {
  const count = async (table: 'flow' | 'deployment' | 'flow_run') => {
    const row = await core.scan.first(core.storage.builder.selectFrom(table).select(sql<number>`count(*)`.as('count')));
    return Number(row?.count ?? 0);
  };
  const [flows, deployments, flow_runs] = await Promise.all([count('flow'), count('deployment'), count('flow_run')]);
  return { flows, deployments, flow_runs };
}
