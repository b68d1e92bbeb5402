import type { FlowRunResponse, TaskRun } from '@prefect-ts/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { slotTable } from './models/sequences.ts';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;
let flowId: string;
let serial = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  serial += 1;
  flowId = (await server.request<{ id: string }>('POST', '/flows/', { name: `f${serial}` })).body.id;
  await server.request('POST', '/concurrency_limits/', { tag: `t${serial}`, concurrency_limit: 1 });
});

/** A run that holds a slot of its deployment, with a task run that holds one of its tag. */
async function aHolder(): Promise<{ flowRun: string; taskRun: string }> {
  const wanted = { name: 'd', flow_id: flowId, concurrency_limit: 1 };
  const { body: deployment } = await server.request<{ id: string }>('POST', '/deployments/', wanted);
  const run = { flow_id: flowId, deployment_id: deployment.id, state: { type: 'SCHEDULED' } };
  const { body: flowRun } = await server.request<FlowRunResponse>('POST', '/flow_runs/', run);
  for (const type of ['PENDING', 'RUNNING'])
    await server.request('POST', `/flow_runs/${flowRun.id}/set_state`, { state: { type } });
  const task = { flow_run_id: flowRun.id, task_key: 't', dynamic_key: '1', tags: [`t${serial}`] };
  const { body: taskRun } = await server.request<TaskRun>('POST', '/task_runs/', task);
  await server.request('POST', `/task_runs/${taskRun.id}/set_state`, { state: { type: 'RUNNING' } });
  expect((await slotTable(server)).leases).toHaveLength(2);
  return { flowRun: flowRun.id, taskRun: taskRun.id };
}

async function slotsTaken(): Promise<Record<string, number>> {
  const { leases, limits } = await slotTable(server);
  expect(leases).toHaveLength([...limits.values()].reduce((sum, { active_slots }) => sum + active_slots, 0));
  return Object.fromEntries([...limits.values()].map(({ name, active_slots }) => [name.replace(/:.*/, ''), active_slots]));
}

describe('what is deleted while it holds slots gives them back', () => {
  it('when it is a task run', async () => {
    const { flowRun, taskRun } = await aHolder();
    expect((await server.request('DELETE', `/task_runs/${taskRun}`)).status).toBe(204);
    expect(await slotsTaken()).toEqual({ tag: 0, deployment: 1 });
    await server.request('DELETE', `/flow_runs/${flowRun}`);
    expect(await slotsTaken()).toEqual({ tag: 0, deployment: 0 });
  });

  it('when it is a flow run with task runs', async () => {
    const { flowRun } = await aHolder();
    expect((await server.request('DELETE', `/flow_runs/${flowRun}`)).status).toBe(204);
    expect(await slotsTaken()).toEqual({ tag: 0, deployment: 0 });
  });

  it('when it is a whole flow, whose deployments take their limits along', async () => {
    await aHolder();
    expect((await server.request('DELETE', `/flows/${flowId}`)).status).toBe(204);
    const { limits, leases } = await slotTable(server);
    expect(leases).toEqual([]);
    expect([...limits.values()].filter(({ active_slots }) => active_slots > 0)).toEqual([]);
    expect((await server.request('POST', '/flow_runs/count', {})).body).toBe(0);
  });
});

describe('a deployment that is refused', () => {
  it('leaves nothing behind', async () => {
    const schema = { type: 'object', properties: { x: { type: 'integer' } }, required: ['x'] };
    const base_job_template = { job_configuration: { x: '{{ x }}' }, variables: schema };
    await server.request('POST', '/work_pools/', { name: `p${serial}`, type: 'process', base_job_template });
    const wanted = {
      name: 'refused',
      flow_id: flowId,
      work_pool_name: `p${serial}`,
      work_queue_name: 'new',
      concurrency_limit: 2,
    };
    const variables = { job_variables: { x: 'no number' } };
    const before = (await slotTable(server)).limits.size;
    const { status } = await server.request('POST', '/deployments/', {
      ...wanted,
      ...variables,
      schedules: [{ schedule: { cron: '@daily' } }],
    });
    expect(status).toBe(422);
    expect((await server.request('GET', `/deployments/name/f${serial}/refused`)).status).toBe(404);
    expect((await server.request('GET', `/work_pools/p${serial}/queues/new`)).status).toBe(404);
    expect((await slotTable(server)).limits.size).toBe(before);
    const runs = { flows: { id: { any_: [flowId] } } };
    expect((await server.request('POST', '/flow_runs/count', runs)).body).toBe(0);
  });
});
