import { COMPATIBLE_VERSION, type DeploymentResponse, type Flow, type FlowRun } from '@prefect-ts/protocol';
import type { JobConfiguration } from './job-configuration.ts';
import { applyValues } from './placeholders.ts';

/** What a run and its worker bring to a job configuration. */
export interface RunContext {
  flowRun: FlowRun;
  flow: Flow | undefined;
  deployment: DeploymentResponse | undefined;
  workPool: { id: string; name: string };
  workerName: string;
  /** The worker's own settings that its runs share, such as `PREFECT_API_URL`. */
  settings: Readonly<Record<string, string>>;
}

/** Adds to a job configuration what every run needs: which run it is, on whose behalf, and how to reach the server (contract 9.3). */
export function prepareForRun<C extends JobConfiguration>(configuration: C, context: RunContext): C {
  const { flowRun, flow } = context;
  const name =
    configuration.name === null
      ? flowRun.name
      : applyValues(configuration.name, { ctx: { flow: flow ?? {}, flow_run: flowRun } });
  return {
    ...configuration,
    name: typeof name === 'string' && name !== '' ? name : flowRun.name,
    env: { ...context.settings, ...attribution(context), ...configuration.env },
    labels: { ...labels(context), ...configuration.labels },
  };
}

function attribution({ flowRun, flow, deployment, workerName }: RunContext): Record<string, string> {
  return {
    PREFECT__FLOW_RUN_ID: flowRun.id,
    PREFECT__WORKER_NAME: workerName,
    PREFECT__FLOW_ID: flowRun.flow_id,
    ...(flow ? { PREFECT__FLOW_NAME: flow.name } : {}),
    ...(deployment ? { PREFECT__DEPLOYMENT_ID: deployment.id, PREFECT__DEPLOYMENT_NAME: deployment.name } : {}),
  };
}

function labels({ flowRun, flow, deployment, workPool, workerName }: RunContext): Record<string, string> {
  return {
    'prefect.io/flow-run-id': flowRun.id,
    'prefect.io/flow-run-name': flowRun.name,
    'prefect.io/version': COMPATIBLE_VERSION,
    'prefect.io/work-pool-name': workPool.name,
    'prefect.io/work-pool-id': workPool.id,
    'prefect.io/worker-name': workerName,
    'prefect.io/flow-id': flowRun.flow_id,
    ...(flow ? { 'prefect.io/flow-name': flow.name } : {}),
    ...(deployment
      ? {
          'prefect.io/deployment-id': deployment.id,
          'prefect.io/deployment-name': deployment.name,
          ...(deployment.updated ? { 'prefect.io/deployment-updated': deployment.updated } : {}),
        }
      : {}),
  };
}
