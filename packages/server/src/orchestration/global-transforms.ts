import { formatTimestamp, isTerminal, parseTimestamp } from '@prefect-ts/protocol';
import { isOlderApi } from './client-versions.ts';
import type { FlowRunDraft, FlowRunFacts, RunDraft, TaskRunDraft, TaskRunFacts, Transform } from './transition.ts';

/** Keeps the states of a run apart and in order: two of them never carry the same time. */
const keepTimestampsApart: Transform<RunDraft, unknown> = {
  name: 'keep timestamps apart',
  before({ run }, proposed) {
    const last = run.state_timestamp;
    if (last !== null && timeOf(proposed.timestamp) <= last) proposed.timestamp = formatTimestamp(last + 1);
  },
};

const describeState: Transform<RunDraft, unknown> = {
  name: 'describe the state on the run',
  before({ run }, proposed) {
    run.state_type = proposed.type;
    run.state_name = proposed.name;
    run.state_timestamp = timeOf(proposed.timestamp);
  },
};

const recordTimes: Transform<RunDraft, unknown> = {
  name: 'record start, end and run time',
  before({ run, initial }, proposed) {
    const time = timeOf(proposed.timestamp);
    if (proposed.type === 'RUNNING') run.start_time ??= time;
    const ends = isTerminal(proposed.type);
    if (!ends && isTerminal(initial?.type)) run.end_time = null;
    if (ends && run.end_time === null) {
      run.start_time ??= time;
      run.end_time = time;
    }
    if (initial?.type === 'RUNNING') run.total_run_time += time - timeOf(initial.timestamp);
  },
};

const recordSchedule: Transform<RunDraft, unknown> = {
  name: 'record expected and next start',
  before({ run, initial }, proposed) {
    const scheduled = proposed.state_details.scheduled_time;
    const start = proposed.type === 'SCHEDULED' && scheduled ? timeOf(scheduled) : null;
    run.expected_start_time ??= start ?? timeOf(proposed.timestamp);
    if (initial?.type === 'SCHEDULED') run.next_scheduled_start_time = null;
    if (start !== null) run.next_scheduled_start_time = start;
  },
};

const nameFlowRun: Transform<FlowRunDraft, FlowRunFacts> = {
  name: 'name the flow run in the state',
  before({ run }, proposed) {
    proposed.state_details.flow_run_id = run.id;
    if (run.parent_task_run_id) proposed.state_details.task_run_id = run.parent_task_run_id;
  },
};

const nameTaskRun: Transform<TaskRunDraft, TaskRunFacts> = {
  name: 'name the task run in the state',
  before({ run }, proposed) {
    proposed.state_details.flow_run_id = run.flow_run_id;
    proposed.state_details.task_run_id = run.id;
  },
};

const countFlowRun: Transform<FlowRunDraft, FlowRunFacts> = {
  name: 'count the flow run',
  before({ run }, proposed) {
    if (proposed.type === 'RUNNING' && !run.empirical_policy.resuming) run.run_count += 1;
  },
};

const endResuming: Transform<FlowRunDraft, FlowRunFacts> = {
  name: 'end resuming',
  before({ run, client }, proposed) {
    if (isOlderApi(client, [0, 8, 4]) || !run.empirical_policy.resuming) return;
    if (proposed.type === 'RUNNING' || isTerminal(proposed.type))
      run.empirical_policy = { ...run.empirical_policy, resuming: false };
  },
};

const countTaskRun: Transform<TaskRunDraft, TaskRunFacts> = {
  name: 'count the task run',
  before({ run }, proposed) {
    if (proposed.type === 'RUNNING') run.run_count += 1;
  },
};

function timeOf(timestamp: string): number {
  return parseTimestamp(timestamp) ?? 0;
}

/** What goes with every stored state of a flow run, forced ones too. Contract: orchestration 5. */
export const FLOW_RUN_TRANSFORMS: readonly Transform<FlowRunDraft, FlowRunFacts>[] = [
  keepTimestampsApart,
  describeState,
  recordTimes,
  recordSchedule,
  nameFlowRun,
  countFlowRun,
  endResuming,
];

/** What goes with every stored state of a task run. */
export const TASK_RUN_TRANSFORMS: readonly Transform<TaskRunDraft, TaskRunFacts>[] = [
  keepTimestampsApart,
  describeState,
  recordTimes,
  recordSchedule,
  nameTaskRun,
  countTaskRun,
];
