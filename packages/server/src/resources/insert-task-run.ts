import { statement } from '../storage/statement.ts';
import type { TaskRunTable } from '../storage/tables.ts';

/** Inserts a task run; no row is changed when its id, or its keys in its flow run, are there already. */
export const insertTaskRun = statement((db, p: TaskRunTable) =>
  db
    .insertInto('task_run')
    .values({
      id: p.id,
      created: p.created,
      updated: p.updated,
      name: p.name,
      state_id: p.state_id,
      state_type: p.state_type,
      state_name: p.state_name,
      state_timestamp: p.state_timestamp,
      state: p.state,
      tags: p.tags,
      labels: p.labels,
      run_count: p.run_count,
      expected_start_time: p.expected_start_time,
      next_scheduled_start_time: p.next_scheduled_start_time,
      start_time: p.start_time,
      end_time: p.end_time,
      total_run_time: p.total_run_time,
      empirical_policy: p.empirical_policy,
      flow_run_id: p.flow_run_id,
      task_key: p.task_key,
      dynamic_key: p.dynamic_key,
      cache_key: p.cache_key,
      cache_expiration: p.cache_expiration,
      task_version: p.task_version,
      task_inputs: p.task_inputs,
      flow_run_run_count: p.flow_run_run_count,
    })
    .onConflict((conflict) => conflict.doNothing()),
);
