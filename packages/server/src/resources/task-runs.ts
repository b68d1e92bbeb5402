import { formatTimestamp, type Micros, SECOND, type State, type TaskRun, type TaskRunPolicy } from '@prefect-ts/protocol';
import { type Selectable, sql } from '#kysely';
import { parseJson } from '../storage/json-columns.ts';
import type { TaskRunTable } from '../storage/tables.ts';
import { estimatedRunTime, startDelay, timestampOrNull } from './flow-runs.ts';

/** A task run as the API answers it; times that grow are those of `now`. */
export function taskRunResponse(row: Selectable<TaskRunTable>, now: Micros): TaskRun {
  return {
    id: row.id,
    created: formatTimestamp(row.created),
    updated: formatTimestamp(row.updated),
    name: row.name,
    flow_run_id: row.flow_run_id,
    task_key: row.task_key,
    dynamic_key: row.dynamic_key,
    cache_key: row.cache_key,
    cache_expiration: timestampOrNull(row.cache_expiration),
    task_version: row.task_version,
    empirical_policy: parseJson<TaskRunPolicy>(row.empirical_policy),
    tags: parseJson<string[]>(row.tags),
    labels: parseJson<NonNullable<TaskRun['labels']>>(row.labels),
    state_id: row.state_id,
    task_inputs: parseJson<NonNullable<TaskRun['task_inputs']>>(row.task_inputs),
    state_type: row.state_type,
    state_name: row.state_name,
    run_count: row.run_count,
    flow_run_run_count: row.flow_run_run_count,
    expected_start_time: timestampOrNull(row.expected_start_time),
    next_scheduled_start_time: timestampOrNull(row.next_scheduled_start_time),
    start_time: timestampOrNull(row.start_time),
    end_time: timestampOrNull(row.end_time),
    total_run_time: row.total_run_time / SECOND,
    estimated_run_time: estimatedRunTime(row, now),
    estimated_start_time_delta: startDelay(row, now),
    state: parseJson<State | null>(row.state),
  };
}

/** The orders in which task runs can be listed. */
export const TASK_RUN_SORTS = {
  ID_DESC: sql`task_run.id desc`,
  EXPECTED_START_TIME_ASC: sql`task_run.expected_start_time asc`,
  EXPECTED_START_TIME_DESC: sql`task_run.expected_start_time desc`,
  NAME_ASC: sql`task_run.name asc`,
  NAME_DESC: sql`task_run.name desc`,
  NEXT_SCHEDULED_START_TIME_ASC: sql`task_run.next_scheduled_start_time asc`,
  END_TIME_DESC: sql`task_run.end_time desc`,
} as const;
