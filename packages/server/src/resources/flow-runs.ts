import {
  type CreatedBy,
  type FlowRunPolicy,
  type FlowRunResponse,
  formatTimestamp,
  isTerminal,
  type Micros,
  SECOND,
  type State,
} from '@prefect-ts/protocol';
import { type RawBuilder, type Selectable, sql } from '#kysely';
import type { FilterMember } from '../filters/criteria.ts';
import { type FilterSet, matching } from '../filters/filtered.ts';
import { asksForOthers } from '../filters/resource-filters.ts';
import { parseJson } from '../storage/json-columns.ts';
import type { QueryBuilder } from '../storage/storage.ts';
import type { FlowRunTable } from '../storage/tables.ts';

/** A flow run with the names of its queue and pool. */
export interface FlowRunRow extends Selectable<FlowRunTable> {
  readonly queue_name: string | null;
  readonly work_pool_id: string | null;
  readonly work_pool_name: string | null;
}

/** Flow runs with the names of their queues and pools; to be narrowed by the caller. */
export function selectFlowRuns(db: QueryBuilder) {
  return db
    .selectFrom('flow_run')
    .leftJoin('work_queue', 'work_queue.id', 'flow_run.work_queue_id')
    .leftJoin('work_pool', 'work_pool.id', 'work_queue.work_pool_id')
    .selectAll('flow_run')
    .select(['work_queue.name as queue_name', 'work_pool.id as work_pool_id', 'work_pool.name as work_pool_name']);
}

/** Which flow runs a list shows, and in which order. */
export interface FlowRunList {
  readonly filters: FilterSet;
  readonly sort: keyof typeof FLOW_RUN_SORTS;
  readonly limit: number;
  readonly offset: number;
}

/** A list of flow runs: their ids are found by an index alone where there is one, and no other row is read. */
export function listFlowRuns(db: QueryBuilder, { filters, sort, limit, offset }: FlowRunList) {
  const order = FLOW_RUN_SORTS[sort];
  const ids = db
    .selectFrom('flow_run')
    .select('flow_run.id')
    .where((all) => all.and([matching(db, 'flow_run', filters), ...walkedInOrder(filters, sort)]))
    .orderBy(order)
    .limit(limit)
    .offset(offset);
  return selectFlowRuns(db).where('flow_run.id', 'in', ids).orderBy(order);
}

/**
 * The index of starts holds what most filters look at, and SQLite would read all of it, and sort, to spare itself a look at a row. A column
 * that the index has not makes it walk in the order that is wanted, which ends when the list is full. What narrows the runs down has an
 * index of its own, which holds what it needs.
 */
export function walkedInOrder(filters: FilterSet, sort: FlowRunList['sort']): RawBuilder<boolean>[] {
  const { flow_runs: own, flows, deployments, work_pools, work_pool_queues } = filters;
  const narrow = flows ?? deployments ?? work_pools ?? work_pool_queues ?? null;
  const { state } = (own ?? {}) as { state?: { type?: FilterMember | null } | null };
  const byStart = sort === 'START_TIME_ASC' || sort === 'START_TIME_DESC';
  return byStart || narrow !== null || asksForOthers(state?.type) ? [] : [sql`flow_run.run_count >= 0`];
}

/** A flow run as the API answers it; times that grow are those of `now`. */
export function flowRunResponse(row: FlowRunRow, now: Micros): FlowRunResponse {
  return {
    ...coreFlowRun(row, now),
    work_queue_name: row.queue_name ?? row.work_queue_name,
    work_pool_id: row.work_pool_id,
    work_pool_name: row.work_pool_name,
  };
}

/** A flow run without what is joined to it: what workers receive. */
export function coreFlowRun(row: Selectable<FlowRunTable>, now: Micros) {
  return {
    id: row.id,
    created: formatTimestamp(row.created),
    updated: formatTimestamp(row.updated),
    name: row.name,
    flow_id: row.flow_id,
    state_id: row.state_id,
    deployment_id: row.deployment_id,
    deployment_version: row.deployment_version,
    work_queue_id: row.work_queue_id,
    work_queue_name: row.work_queue_name,
    flow_version: row.flow_version,
    parameters: parseJson<Record<string, unknown>>(row.parameters),
    idempotency_key: row.idempotency_key,
    context: parseJson<Record<string, unknown>>(row.context),
    empirical_policy: parseJson<FlowRunPolicy>(row.empirical_policy),
    tags: parseJson<string[]>(row.tags),
    labels: parseJson<Record<string, string | number | boolean>>(row.labels),
    parent_task_run_id: row.parent_task_run_id,
    state_type: row.state_type,
    state_name: row.state_name,
    run_count: row.run_count,
    expected_start_time: timestampOrNull(row.expected_start_time),
    next_scheduled_start_time: timestampOrNull(row.next_scheduled_start_time),
    start_time: timestampOrNull(row.start_time),
    end_time: timestampOrNull(row.end_time),
    total_run_time: row.total_run_time / SECOND,
    estimated_run_time: estimatedRunTime(row, now),
    estimated_start_time_delta: startDelay(row, now),
    auto_scheduled: row.auto_scheduled === 1,
    infrastructure_document_id: row.infrastructure_document_id,
    infrastructure_pid: row.infrastructure_pid,
    created_by: parseJson<CreatedBy | null>(row.created_by),
    state: parseJson<State | null>(row.state),
    job_variables: parseJson<Record<string, unknown> | null>(row.job_variables),
  };
}

type Timed = Pick<
  Selectable<FlowRunTable>,
  'state_type' | 'state_timestamp' | 'total_run_time' | 'start_time' | 'expected_start_time'
>;

/** Seconds that a run has run, the current stretch included. */
export function estimatedRunTime({ state_type, state_timestamp, total_run_time }: Timed, now: Micros): number {
  const current = state_type === 'RUNNING' && state_timestamp !== null ? now - state_timestamp : 0;
  return (total_run_time + current) / SECOND;
}

/** Seconds by which a run started, or has not started yet, after it was expected to. */
export function startDelay({ state_type, start_time, expected_start_time }: Timed, now: Micros): number {
  if (expected_start_time === null) return 0;
  if (start_time !== null) return Math.max(0, start_time - expected_start_time) / SECOND;
  return expected_start_time < now && !isTerminal(state_type) ? (now - expected_start_time) / SECOND : 0;
}

export function timestampOrNull(time: Micros | null): string | null {
  return time === null ? null : formatTimestamp(time);
}

/** When a run began, or is expected to, as the indexes have it. */
export const START = sql<number>`coalesce(flow_run.start_time, flow_run.expected_start_time, 0)`;

/** The orders in which flow runs can be listed. */
export const FLOW_RUN_SORTS = {
  ID_DESC: sql`flow_run.id desc`,
  START_TIME_ASC: sql`${START} asc`,
  START_TIME_DESC: sql`${START} desc`,
  EXPECTED_START_TIME_ASC: sql`flow_run.expected_start_time asc`,
  EXPECTED_START_TIME_DESC: sql`flow_run.expected_start_time desc`,
  NAME_ASC: sql`flow_run.name asc`,
  NAME_DESC: sql`flow_run.name desc`,
  NEXT_SCHEDULED_START_TIME_ASC: sql`flow_run.next_scheduled_start_time asc`,
  END_TIME_DESC: sql`coalesce(flow_run.end_time, 0) desc`,
} as const;
