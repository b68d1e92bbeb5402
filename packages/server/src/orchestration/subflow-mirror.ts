import type { State } from '@prefect-ts/protocol';
import type { WorkUnit } from '../work-unit.ts';
import { proposeTaskRunState } from './task-run-transition.ts';
import type { FlowRunDraft } from './transition.ts';

/** A subflow's states are also those of the task run that stands for it in its parent. Contract: orchestration 5.1. */
export async function mirrorOnParentTaskRun(unit: WorkUnit, run: FlowRunDraft, stored: State): Promise<void> {
  if (!run.parent_task_run_id) return;
  const { type, name, message, data, state_details } = stored;
  await proposeTaskRunState(
    unit,
    run.parent_task_run_id,
    { type, name, message, data, state_details: { ...state_details, child_flow_run_id: run.id } },
    { force: true },
  );
}
