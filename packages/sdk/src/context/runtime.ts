import type { FlowRunResponse } from '@prefect-ts/protocol';
import { currentSession } from '../session/session.ts';
import { currentContext } from './context.ts';

/** The flow run that surrounds the caller; null, 0, [] or {} outside one. */
const flowRun = {
  get id(): string | null {
    return overridden('FLOW_RUN', 'ID') ?? currentContext().flow?.run.id ?? process.env.PREFECT__FLOW_RUN_ID ?? null;
  },
  get name(): string | null {
    return overridden('FLOW_RUN', 'NAME') ?? currentContext().flow?.run.name ?? null;
  },
  get flowName(): string | null {
    return overridden('FLOW_RUN', 'FLOW_NAME') ?? currentContext().flow?.flow.name ?? null;
  },
  get flowVersion(): string | null {
    return overridden('FLOW_RUN', 'FLOW_VERSION') ?? currentContext().flow?.run.flow_version ?? null;
  },
  get tags(): readonly string[] {
    return overriddenJson('FLOW_RUN', 'TAGS') ?? currentContext().flow?.run.tags ?? [];
  },
  get parameters(): Readonly<Record<string, unknown>> {
    return (
      overriddenJson('FLOW_RUN', 'PARAMETERS') ?? (currentContext().flow?.parameters as Record<string, unknown> | undefined) ?? {}
    );
  },
  /** Variables of the infrastructure that the run was given, beside those of its deployment. */
  get jobVariables(): Readonly<Record<string, unknown>> {
    return overriddenJson('FLOW_RUN', 'JOB_VARIABLES') ?? currentContext().flow?.run.job_variables ?? {};
  },
  /** Asks the server for the flow run that this one is a subflow of; null for one that is none. */
  async parentFlowRunId(): Promise<string | null> {
    const run = currentContext().flow?.run;
    return overridden('FLOW_RUN', 'PARENT_FLOW_RUN_ID') ?? (run ? await parentOf(run.parent_task_run_id) : null);
  },
  /** Asks the server for the deployment of the flow run that this one is a subflow of; null without one. */
  async parentDeploymentId(): Promise<string | null> {
    const overriding = overridden('FLOW_RUN', 'PARENT_DEPLOYMENT_ID');
    if (overriding !== undefined) return overriding;
    const id = await flowRun.parentFlowRunId();
    return id === null ? null : (await readFlowRun(id)).deployment_id;
  },
  /** Asks the server for the outermost flow run around this one: itself when it is no subflow. */
  async rootFlowRunId(): Promise<string | null> {
    const overriding = overridden('FLOW_RUN', 'ROOT_FLOW_RUN_ID');
    if (overriding !== undefined) return overriding;
    let id = currentContext().flow?.run.id ?? null;
    for (let parent = await flowRun.parentFlowRunId(); parent !== null; ) {
      id = parent;
      parent = await parentOf((await readFlowRun(parent)).parent_task_run_id);
    }
    return id;
  },
  get runCount(): number {
    return Number(overridden('FLOW_RUN', 'RUN_COUNT') ?? currentContext().flow?.run.run_count ?? 0);
  },
  get scheduledStartTime(): Date | null {
    const text = overridden('FLOW_RUN', 'SCHEDULED_START_TIME') ?? currentContext().flow?.run.expected_start_time;
    return text ? new Date(text) : null;
  },
  get apiUrl(): string | null {
    const { flow } = currentContext();
    return overridden('FLOW_RUN', 'API_URL') ?? (flow ? `${flow.session.client.apiUrl}/flow_runs/${flow.run.id}` : null);
  },
  get uiUrl(): string | null {
    const { flow } = currentContext();
    const ui = flow?.session.defaults.uiUrl;
    return overridden('FLOW_RUN', 'UI_URL') ?? (flow && ui ? `${ui}/runs/flow-run/${flow.run.id}` : null);
  },
};

/** The task run that surrounds the caller; null, 0 or [] outside one. */
const taskRun = {
  get id(): string | null {
    return overridden('TASK_RUN', 'ID') ?? currentContext().task?.run.id ?? null;
  },
  get name(): string | null {
    return overridden('TASK_RUN', 'NAME') ?? currentContext().task?.run.name ?? null;
  },
  get taskName(): string | null {
    return overridden('TASK_RUN', 'TASK_NAME') ?? currentContext().task?.task.name ?? null;
  },
  get tags(): readonly string[] {
    return overriddenJson('TASK_RUN', 'TAGS') ?? currentContext().task?.run.tags ?? [];
  },
  get parameters(): unknown {
    return overriddenJson('TASK_RUN', 'PARAMETERS') ?? currentContext().task?.input ?? {};
  },
  get runCount(): number {
    return Number(overridden('TASK_RUN', 'RUN_COUNT') ?? currentContext().task?.run.runCount ?? 0);
  },
  get apiUrl(): string | null {
    const { task } = currentContext();
    return overridden('TASK_RUN', 'API_URL') ?? (task ? `${task.session.client.apiUrl}/task_runs/${task.run.id}` : null);
  },
  get uiUrl(): string | null {
    const { task } = currentContext();
    const ui = task?.session.defaults.uiUrl;
    return overridden('TASK_RUN', 'UI_URL') ?? (task && ui ? `${ui}/runs/task-run/${task.run.id}` : null);
  },
};

/** The deployment that the surrounding flow run belongs to; null without one. */
const deployment = {
  get id(): string | null {
    return (
      overridden('DEPLOYMENT', 'ID') ?? currentContext().flow?.run.deployment_id ?? process.env.PREFECT__DEPLOYMENT_ID ?? null
    );
  },
  get name(): string | null {
    return overridden('DEPLOYMENT', 'NAME') ?? process.env.PREFECT__DEPLOYMENT_NAME ?? null;
  },
  get flowRunId(): string | null {
    return overridden('DEPLOYMENT', 'FLOW_RUN_ID') ?? flowRun.id;
  },
  /** Asks the server for the version of the deployment; null without one. */
  async version(): Promise<string | null> {
    return overridden('DEPLOYMENT', 'VERSION') ?? (await readDeployment())?.version ?? null;
  },
  /** Asks the server for the parameters of the deployment, which those of a run are put over. */
  async parameters(): Promise<Readonly<Record<string, unknown>>> {
    return overriddenJson('DEPLOYMENT', 'PARAMETERS') ?? (await readDeployment())?.parameters ?? {};
  },
};

/**
 * Facts about the run that surrounds the caller, for code that may also be called outside one. Tests set any of them with an environment
 * variable such as `PREFECT__RUNTIME__FLOW_RUN__NAME`.
 */
export const runtime = { flowRun, taskRun, deployment };

async function parentOf(taskRunId: string | null): Promise<string | null> {
  if (taskRunId === null) return null;
  const { client } = currentSession();
  return (await client.call('GET /task_runs/{id}', { path: { id: taskRunId } })).flow_run_id;
}

function readFlowRun(id: string): Promise<FlowRunResponse> {
  return currentSession().client.call('GET /flow_runs/{id}', { path: { id } });
}

async function readDeployment() {
  const { id } = deployment;
  return id === null ? undefined : currentSession().client.call('GET /deployments/{id}', { path: { id } });
}

function overridden(group: string, name: string): string | undefined {
  return process.env[`PREFECT__RUNTIME__${group}__${name}`];
}

function overriddenJson<T>(group: string, name: string): T | undefined {
  const text = overridden(group, name);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}
