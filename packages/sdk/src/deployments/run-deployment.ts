import { type DeploymentResponse, type FlowRunResponse, uuid4 } from '@prefect-ts/protocol';
import { type Context, currentContext } from '../context/context.ts';
import { slug } from '../runner/run-resources.ts';
import { currentSession, type Session } from '../session/session.ts';
import { trackInputs } from '../tasks/track.ts';
import { createDeploymentRun, type RunDeploymentOptions } from './create-deployment-run.ts';

/** What a run of a deployment gets, and how the run that asks for it takes part. */
export interface RunDeploymentInRunOptions extends RunDeploymentOptions {
  /** Whether the run shows as a part of the run that asks for it. Default true. */
  readonly asSubflow?: boolean | undefined;
}

/**
 * Makes a run of a deployment and waits for its end. Inside a flow the run shows as a part of it.
 *
 * @param deployment `flow/deployment`, or the id
 * @returns the run as it was last seen; its state is not final when the timeout was shorter
 * @example const run = await runDeployment('etl/prod', { params: { day }, timeout: 0 })
 */
export async function runDeployment(deployment: string, options: RunDeploymentInRunOptions = {}): Promise<FlowRunResponse> {
  const context = currentContext();
  const session = currentSession();
  const { asSubflow = true, ...rest } = options;
  const inRun = asSubflow && (context.flow ?? context.task) !== undefined;
  return createDeploymentRun(deployment, {
    signal: (context.task ?? context.flow)?.node.signal,
    ...rest,
    client: session.client,
    ...(inRun ? { parentTaskRun: (found) => makePlaceholder(session, context, deployment, found, options.params) } : {}),
  });
}

/** Makes the task run that stands for the run in its parent (contract, SDK 28.6). */
async function makePlaceholder(
  session: Session,
  { flow, task, tags }: Context,
  name: string,
  deployment: DeploymentResponse,
  params: RunDeploymentOptions['params'],
): Promise<string> {
  const key = `prefect.deployments.flow_runs.run_deployment.${slug(name)}`;
  const inputs: Record<string, { input_type: 'task_run' | 'flow_run'; id: string }[]> = trackInputs(params ?? {}, flow?.results);
  if (task) inputs.__parents__ = [{ input_type: 'task_run', id: task.run.id }];
  // Inside a task the order of calls is not reliable, so the call is a new one each time.
  const dynamicKey = task || !flow ? uuid4() : String(flow.nextSubflowCall(key));
  const taskRun = await session.client.call('POST /task_runs/', {
    body: {
      state: { type: 'PENDING', name: 'Pending' },
      flow_run_id: flow?.run.id ?? null,
      task_key: key,
      dynamic_key: dynamicKey,
      task_version: deployment.version,
      tags: [...tags],
      task_inputs: inputs,
    },
  });
  return taskRun.id;
}
