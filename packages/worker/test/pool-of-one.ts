import type { DeploymentResponse, Flow, FlowRun, WorkPoolResponse } from '@prefect-ts/protocol';
import { accept, type ScriptedApi, scriptedApi } from '../../sdk/test/scripted-api.ts';
import { baseJobTemplate } from '../src/job-template/base-job-template.ts';
import { ProcessWorker } from '../src/process/process-worker.ts';

export const POOL = {
  id: 'p1',
  name: 'local',
  type: 'process',
  base_job_template: baseJobTemplate(ProcessWorker.variables),
  is_paused: false,
} as WorkPoolResponse;

export const FLOW = { id: 'f1', name: 'etl' } as Flow;

export const aDeployment = (more: Partial<DeploymentResponse> = {}): DeploymentResponse =>
  ({
    id: 'd1',
    name: 'daily',
    flow_id: 'f1',
    job_variables: {},
    tags: [],
    entrypoint: 'etl.ts:etl',
    ...more,
  }) as DeploymentResponse;

export const aFlowRun = (more: Partial<FlowRun> = {}): FlowRun =>
  ({
    id: 'r1',
    name: 'calm-owl',
    flow_id: 'f1',
    deployment_id: 'd1',
    job_variables: {},
    tags: [],
    state_type: 'SCHEDULED',
    ...more,
  }) as FlowRun;

/** An API with one pool, flow and deployment, which accepts every state; the test puts runs into `due`. */
export async function poolOfOne(): Promise<ScriptedApi & { due: FlowRun[] }> {
  const api = await scriptedApi();
  const due: FlowRun[] = [];
  api.on('GET /work_pools/local', { body: POOL });
  api.on('POST /work_pools/local/workers/heartbeat', { status: 204 });
  api.on('POST /work_pools/local/get_scheduled_flow_runs', () => ({
    body: due.splice(0).map((flow_run) => ({ work_pool_id: 'p1', work_queue_id: 'q1', flow_run })),
  }));
  api.on('GET /flows/f1', { body: FLOW });
  api.on('GET /deployments/d1', { body: aDeployment() });
  api.on('GET /flow_runs/*', { body: { ...aFlowRun(), state: { type: 'RUNNING' } } });
  api.on('POST /flow_runs/*/set_state', accept);
  api.on('PATCH /flow_runs/*/labels', { status: 204 });
  api.on('PATCH /flow_runs/*', { status: 204 });
  api.on('POST /flow_runs/filter', { body: [] });
  api.on('POST /events', { status: 204 });
  return Object.assign(api, { due });
}
