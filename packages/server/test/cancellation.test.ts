import { type FlowRunResponse, nowMicros, SECOND, type TaskRun } from '@prefect-ts/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cancelledParents } from '../src/services/cancelled-parents.ts';
import { cancellingTimeout } from '../src/services/cancelling-timeout.ts';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;
let flowId: string;
let offset = 0;
let serial = 0;

beforeAll(async () => {
  server = await startTestServer({
    clock: () => nowMicros() + offset,
    environment: { PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_ENABLED: 'false' },
  });
  flowId = (await server.request<{ id: string }>('POST', '/flows/', { name: 'etl' })).body.id;
});
afterAll(() => server.stop());

async function createRun(type: string, body: object = {}): Promise<string> {
  const wanted = { flow_id: flowId, state: { type }, ...body };
  return (await server.request<FlowRunResponse>('POST', '/flow_runs/', wanted)).body.id;
}

async function createTask(flowRunId: string, type: string): Promise<string> {
  serial += 1;
  const wanted = { flow_run_id: flowRunId, task_key: 't', dynamic_key: `${serial}`, state: { type } };
  return (await server.request<TaskRun>('POST', '/task_runs/', wanted)).body.id;
}

const stateOf = async (kind: 'flow_runs' | 'task_runs', id: string) =>
  (await server.request<FlowRunResponse | TaskRun>('GET', `/${kind}/${id}`)).body.state;
const setState = (id: string, type: string) =>
  server.request('POST', `/flow_runs/${id}/set_state`, { state: { type }, force: true });

describe('a run that was asked to end', () => {
  it('is cancelled when it does not say within the time for it that it ended', async () => {
    const silent = await createRun('RUNNING');
    const obedient = await createRun('RUNNING');
    await setState(silent, 'CANCELLING');
    await setState(obedient, 'CANCELLING');
    offset += 299 * SECOND;
    await cancellingTimeout.run(server.running.core);
    expect((await stateOf('flow_runs', silent))?.type).toBe('CANCELLING');
    await setState(obedient, 'CANCELLED');
    offset += 2 * SECOND;
    await cancellingTimeout.run(server.running.core);
    const message = 'Flow run cancellation timed out; marked this flow run as Cancelled.';
    expect(await stateOf('flow_runs', silent)).toMatchObject({ type: 'CANCELLED', name: 'Cancelled', message });
    expect((await stateOf('flow_runs', obedient))?.message).toBeNull();
  });
});

describe('a cancelled run', () => {
  it('takes its open task runs along', async () => {
    const run = await createRun('RUNNING');
    const [running, done] = [await createTask(run, 'RUNNING'), await createTask(run, 'COMPLETED')];
    const elsewhere = await createTask(await createRun('RUNNING'), 'RUNNING');
    await cancelledParents.run(server.running.core);
    expect((await stateOf('task_runs', running))?.type).toBe('RUNNING');
    await setState(run, 'CANCELLED');
    await cancelledParents.run(server.running.core);
    expect(await stateOf('task_runs', running)).toMatchObject({
      type: 'CANCELLED',
      message: 'The parent flow run was cancelled.',
    });
    expect((await stateOf('task_runs', done))?.type).toBe('COMPLETED');
    expect((await stateOf('task_runs', elsewhere))?.type).toBe('RUNNING');
  });

  it('takes its subflows along, and theirs: what is executed elsewhere is asked to end', async () => {
    const deployment = await server.request<{ id: string }>('POST', '/deployments/', { name: 'd', flow_id: flowId });
    const run = await createRun('RUNNING');
    const parent_task_run_id = await createTask(run, 'RUNNING');
    const inside = await createRun('RUNNING', { parent_task_run_id });
    const deeper = await createRun('PENDING', { parent_task_run_id: await createTask(inside, 'RUNNING') });
    const deployed = await createRun('RUNNING', { parent_task_run_id, deployment_id: deployment.body.id });
    const planned = await createRun('SCHEDULED', { parent_task_run_id, deployment_id: deployment.body.id });
    await setState(run, 'CANCELLED');
    await cancelledParents.run(server.running.core);
    await cancelledParents.run(server.running.core);
    const message = 'The parent flow run was cancelled.';
    expect(await stateOf('flow_runs', inside)).toMatchObject({ type: 'CANCELLED', message });
    expect(await stateOf('flow_runs', deeper)).toMatchObject({ type: 'CANCELLED', message });
    expect(await stateOf('flow_runs', deployed)).toMatchObject({ type: 'CANCELLING', message });
    expect((await stateOf('flow_runs', planned))?.type).toBe('CANCELLED');
  });
});
