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
  get runCount(): number {
    return Number(overridden('TASK_RUN', 'RUN_COUNT') ?? currentContext().task?.run.runCount ?? 0);
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
};

/**
 * Facts about the run that surrounds the caller, for code that may also be called outside one. Tests set any of them with an environment
 * variable such as `PREFECT__RUNTIME__FLOW_RUN__NAME`.
 */
export const runtime = { flowRun, taskRun, deployment };

function overridden(group: string, name: string): string | undefined {
  return process.env[`PREFECT__RUNTIME__${group}__${name}`];
}

function overriddenJson<T>(group: string, name: string): T | undefined {
  const text = overridden(group, name);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}
