import { formatTimestamp, nowMicros, uuid4 } from '@prefect-ts/protocol';
import { type Context, currentContext } from '../context/context.ts';
import { TaskRunScope } from '../engine/task-scope.ts';
import { emitTaskRunState } from '../events/task-run-event.ts';
import { currentSession } from '../session/session.ts';
import type { TaskDefinition } from '../tasks/definition.ts';
import { Future } from '../tasks/future.ts';
import { resolveInput, waitForUpstreams } from '../tasks/resolve.ts';
import { runsBehind, trackInputs } from '../tasks/track.ts';
import { storeInput } from './parameters.ts';
import { runElsewhere } from './run-elsewhere.ts';

/** Leaves a run of a task for a process that serves it (contract, SDK 21.1). */
export async function delayTask(
  task: TaskDefinition,
  given: unknown,
  waitFor: Iterable<unknown>,
): Promise<Future<unknown> & Future<never>> {
  const context = currentContext();
  const session = currentSession();
  const upstreams = [...waitFor];
  const taskInputs = trackInputs(given, context.flow?.results);
  if (upstreams.length > 0) taskInputs.wait_for = runsBehind(upstreams, context.flow?.results);
  await waitForUpstreams(upstreams);
  const input = await resolveInput(given);
  const parametersId = await storeInput(session.results, input);
  const existing = await session.client.call('POST /task_runs/', {
    body: {
      state: {
        type: 'SCHEDULED',
        name: 'Scheduled',
        message: null,
        data: null,
        state_details: {
          scheduled_time: formatTimestamp(nowMicros()),
          deferred: true,
          ...(parametersId === undefined ? {} : { task_parameters_id: parametersId }),
        },
      },
      ...namesOf(task, context),
      flow_run_id: context.flow?.run.id ?? null,
      task_key: task.key,
      task_version: task.version ?? null,
      empirical_policy: {
        max_retries: 0,
        retry_delay_seconds: 0,
        retries: task.retries ?? session.defaults.taskRetries,
        retry_delay: task.retryDelays.map(Math.ceil),
        retry_jitter_factor: task.retryJitter ?? null,
      },
      tags: [...new Set([...task.tags, ...context.tags])].sort(),
      labels: {},
      task_inputs: taskInputs,
    },
  });
  const scope = new TaskRunScope({ task, input, taskInputs, session, context, existing });
  emitTaskRunState(scope, undefined, scope.state);
  scope.node.dispose();
  return new Future(runElsewhere(session, existing)) as Future<unknown> & Future<never>;
}

function namesOf(task: TaskDefinition, { flow, task: enclosing }: Context): { name: string; dynamic_key: string } {
  if (!flow) return { name: task.name, dynamic_key: `${task.key}-${uuid4().replaceAll('-', '')}` };
  // Inside a task the order of calls is not reliable, so the call is a new one each time.
  const dynamicKey = enclosing ? uuid4() : String(flow.nextSubflowCall(task.key));
  return { name: `${task.name}-${dynamicKey.slice(0, 3)}`, dynamic_key: dynamicKey };
}
