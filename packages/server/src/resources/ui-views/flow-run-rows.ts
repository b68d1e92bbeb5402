import { SECOND, type State, type UiFlowRun } from '@prefect-ts/protocol';
import type { InferResult } from '#kysely';
import { parseJson } from '../../storage/json-columns.ts';
import type { QueryBuilder } from '../../storage/storage.ts';
import { timestampOrNull } from '../flow-runs.ts';

const LONGEST_MESSAGE = 500;

/** Flow runs with the names around them, without what a list does not show; to be narrowed by the caller. */
export function selectFlowRunRows(db: QueryBuilder) {
  return db
    .selectFrom('flow_run')
    .innerJoin('flow', 'flow.id', 'flow_run.flow_id')
    .leftJoin('deployment', 'deployment.id', 'flow_run.deployment_id')
    .leftJoin('work_queue', 'work_queue.id', 'flow_run.work_queue_id')
    .leftJoin('work_pool', 'work_pool.id', 'work_queue.work_pool_id')
    .leftJoin('task_run as parent_task', 'parent_task.id', 'flow_run.parent_task_run_id')
    .leftJoin('flow_run as parent', 'parent.id', 'parent_task.flow_run_id')
    .select([
      'flow_run.id',
      'flow_run.name',
      'flow_run.flow_id',
      'flow.name as flow_name',
      'flow_run.deployment_id',
      'deployment.name as deployment_name',
      'work_pool.name as work_pool_name',
      'work_queue.name as work_queue_name',
      'parent.id as parent_flow_run_id',
      'parent.name as parent_flow_run_name',
      'flow_run.state',
      'flow_run.state_type',
      'flow_run.state_name',
      'flow_run.state_timestamp',
      'flow_run.expected_start_time',
      'flow_run.start_time',
      'flow_run.end_time',
      'flow_run.total_run_time',
      'flow_run.run_count',
      'flow_run.auto_scheduled',
      'flow_run.tags',
    ]);
}

export type FlowRunRowOfList = InferResult<ReturnType<typeof selectFlowRunRows>>[number];

/** A row as pages receive it. */
export function uiFlowRun(row: FlowRunRowOfList): UiFlowRun {
  return {
    id: row.id,
    name: row.name,
    flow_id: row.flow_id,
    flow_name: row.flow_name,
    deployment_id: row.deployment_id,
    deployment_name: row.deployment_name,
    work_pool_name: row.work_pool_name,
    work_queue_name: row.work_queue_name,
    parent_flow_run_id: row.parent_flow_run_id,
    parent_flow_run_name: row.parent_flow_run_name,
    state_type: row.state_type,
    state_name: row.state_name,
    state_message: parseJson<State | null>(row.state)?.message?.slice(0, LONGEST_MESSAGE) ?? null,
    state_timestamp: timestampOrNull(row.state_timestamp),
    expected_start_time: timestampOrNull(row.expected_start_time),
    start_time: timestampOrNull(row.start_time),
    end_time: timestampOrNull(row.end_time),
    total_run_time: row.total_run_time / SECOND,
    run_count: row.run_count,
    auto_scheduled: row.auto_scheduled === 1,
    tags: parseJson<string[]>(row.tags),
  };
}
