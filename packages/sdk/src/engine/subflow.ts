import { createHash } from 'node:crypto';
import { type FlowRunResponse, type TaskRun, uuid4 } from '@prefect-ts/protocol';
import type { Context } from '../context/context.ts';
import type { FlowDefinition } from '../flows/definition.ts';
import type { Session } from '../session/session.ts';
import { State } from '../states/state.ts';
import type { RunInputs } from '../tasks/track.ts';
import type { FlowRunScope } from './flow-scope.ts';

/** The task run that stands for a subflow in its parent, and the flow run of an earlier execution where there is one. */
export interface Placeholder {
  readonly taskRun: TaskRun;
  readonly earlier: FlowRunResponse | undefined;
}

/**
 * Asks for the placeholder of a subflow. The same call in another execution of the parent gets the same one, and with it the flow run
 * that it had started (contract, SDK 6).
 */
export async function openPlaceholder(
  session: Session,
  flow: FlowDefinition,
  parent: FlowRunScope,
  context: Context,
  taskInputs: RunInputs,
): Promise<Placeholder> {
  const key = `${flow.name}-${createHash('md5').update(`${flow.name}@flow`).digest('hex').slice(0, 8)}`;
  // Inside a task the order of calls is not reliable, so the call is a new one each time.
  const dynamicKey = context.task ? uuid4() : String(parent.nextSubflowCall(key));
  const taskRun = await session.client.call('POST /task_runs/', {
    body: {
      state: { type: 'PENDING', name: 'Pending', message: null, data: null, state_details: {} },
      name: `${flow.name}-${context.task ? dynamicKey.slice(0, 3) : dynamicKey}`,
      flow_run_id: parent.run.id,
      task_key: key,
      dynamic_key: dynamicKey,
      task_version: flow.version ?? null,
      empirical_policy: { max_retries: 0, retry_delay_seconds: 0, retries: 0, retry_delay: 0, retry_jitter_factor: null },
      tags: [...context.tags],
      labels: {},
      task_inputs: taskInputs,
    },
  });
  const [found] = await session.client.call('POST /flow_runs/filter', {
    body: { flow_runs: { parent_task_run_id: { any_: [taskRun.id] } }, sort: 'EXPECTED_START_TIME_DESC', limit: 1, offset: 0 },
  });
  return { taskRun, earlier: found && isUsable(found, taskRun, parent) ? found : undefined };
}

function isUsable(found: FlowRunResponse, placeholder: TaskRun, parent: FlowRunScope): boolean {
  if (parent.run.run_count <= 1 || !placeholder.state) return true;
  const state = new State({ type: placeholder.state.type });
  if (state.isFinal() && !state.isCompleted()) return false;
  const withoutResult = found.state_type === 'COMPLETED' && (found.state?.data ?? null) === null;
  return !(state.isCompleted() && withoutResult);
}
