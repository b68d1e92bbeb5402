import type { DeploymentResponse, FlowRunResponse } from '@prefect-ts/protocol';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { expectContract } from './contract.ts';
import { startTestServer, type TestServer } from './server.ts';

const NOBODY = 'b0000000-0000-4000-8000-000000000000';

let server: TestServer;
let flowId: string;
/** Serves a process of its own. */
let served: DeploymentResponse;
/** Has a pool that asks for a job variable. */
let pooled: DeploymentResponse;

beforeAll(async () => {
  server = await startTestServer({ environment: { PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED: 'false' } });
  flowId = (await server.request<{ id: string }>('POST', '/flows/', { name: 'etl' })).body.id;
  await server.request('POST', '/work_pools/', {
    name: 'pool',
    type: 'process',
    base_job_template: {
      job_configuration: { cpu: '{{ cpu }}' },
      variables: { type: 'object', properties: { cpu: { type: 'integer' } }, required: ['cpu'] },
    },
  });
  served = await deploy({
    name: 'served',
    version: '7',
    tags: ['nightly'],
    labels: { team: 'data' },
    parameters: { n: 1, base: true },
    parameter_openapi_schema: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] },
  });
  pooled = await deploy({ name: 'pooled', work_pool_name: 'pool', job_variables: { cpu: 2 } });
});
afterAll(() => server.stop());

async function deploy(body: object): Promise<DeploymentResponse> {
  return (await server.request<DeploymentResponse>('POST', '/deployments/', { flow_id: flowId, ...body })).body;
}

function run(deployment: DeploymentResponse, body: object = {}) {
  return server.request<FlowRunResponse>('POST', `/deployments/${deployment.id}/create_flow_run`, body);
}

describe('a run of a deployment', () => {
  it('is scheduled now, with what the deployment and the request say', async () => {
    const { status, body } = await run(served, { parameters: { n: 2 }, tags: ['mine', 'nightly'], labels: { own: true } });
    expect(status).toBe(201);
    expectContract('POST /deployments/{id}/create_flow_run', body);
    expect(body).toMatchObject({
      deployment_id: served.id,
      deployment_version: '7',
      state_type: 'SCHEDULED',
      parameters: { n: 2, base: true },
      tags: ['nightly', 'mine'],
      labels: { team: 'data', 'prefect.flow.id': flowId, 'prefect.deployment.id': served.id, own: true },
      auto_scheduled: false,
      job_variables: {},
    });
  });

  it('fills placeholders, those of the deployment too', async () => {
    const deployment = await deploy({ name: 'templated', parameters: { a: { __prefect_kind: 'json', value: '[1]' } } });
    expect((await run(deployment, { parameters: { b: { __prefect_kind: 'none', value: 'x' } } })).body.parameters).toEqual({
      a: [1],
      b: 'x',
    });
  });

  it('is made once for an idempotency key', async () => {
    const first = await run(served, { idempotency_key: 'once' });
    expect(await run(served, { idempotency_key: 'once' })).toMatchObject({ status: 200, body: { id: first.body.id } });
  });

  it('goes to the queue that it names, made when it is missing, or to that of the deployment', async () => {
    expect((await run(pooled)).body).toMatchObject({ work_pool_name: 'pool', work_queue_name: 'default' });
    expect((await run(pooled, { work_queue_name: 'fresh' })).body).toMatchObject({
      work_pool_name: 'pool',
      work_queue_name: 'fresh',
      work_queue_id: expect.any(String),
    });
  });

  it('of a paused deployment is made as well', async () => {
    const deployment = await deploy({ name: 'paused', paused: true });
    expect((await run(deployment)).status).toBe(201);
  });

  test.each([
    [
      'a placeholder that cannot be filled',
      () => run(served, { parameters: { n: { __prefect_kind: 'workspace_variable', variable_name: 'x' } } }),
      400,
      "Error hydrating flow run parameters: Variable 'x' not found in workspace.",
    ],
    [
      'parameters that break the schema',
      () => run(served, { parameters: { n: 'x' } }),
      409,
      "Error creating flow run: Validation failed for field 'n'. Failure reason: 'x' is not of type 'integer'",
    ],
    [
      'job variables that the pool refuses',
      () => run(pooled, { job_variables: { cpu: 'many' } }),
      422,
      "Error creating flow run: Validation failed for field 'cpu'. Failure reason: 'many' is not of type 'integer'",
    ],
    [
      'a queue without a pool',
      () => run(served, { work_queue_name: 'q' }),
      400,
      () =>
        `Cannot create flow run in work queue q because deployment ${served.id} is not associated with a work pool. Please remove work_pool_name and try again.`,
    ],
    [
      'a deployment that is not there',
      () => server.request('POST', `/deployments/${NOBODY}/create_flow_run`, {}),
      404,
      'Deployment not found',
    ],
  ])('is refused with %s', async (_, request, status, detail) => {
    expect(await request()).toMatchObject({ status, body: { detail: typeof detail === 'string' ? detail : detail() } });
  });

  it('may leave the schema aside', async () => {
    const { status, body } = await run(served, { parameters: { n: 'x' }, enforce_parameter_schema: false });
    expect([status, body.parameters?.n]).toEqual([201, 'x']);
  });
});

describe('many runs at once', () => {
  const bulk = (id: string, body: unknown) => server.request('POST', `/deployments/${id}/create_flow_run/bulk`, body);

  it('are made as far as they can be, each with its own answer', async () => {
    const { status, body } = await bulk(served.id, [
      { name: 'good' },
      { parameters: { n: 'x' } },
      { parameters: { n: { __prefect_kind: 'none' } } },
      { work_queue_name: 'q' },
      { parent_task_run_id: NOBODY },
      { name: 'good too' },
    ]);
    expect(status).toBe(200);
    expectContract('POST /deployments/{id}/create_flow_run/bulk', body);
    const failed = (error: string) => ({ flow_run_id: null, status: 'FAILED', error });
    const made = { flow_run_id: expect.any(String), status: 'CREATED', error: null };
    expect(body).toEqual({
      results: [
        made,
        failed("Parameter validation failed: Validation failed for field 'n'. Failure reason: 'x' is not of type 'integer'"),
        failed("Missing 'value' key in __prefect object"),
        failed('Cannot create flow run in work queue q because deployment is not associated with a work pool.'),
        failed(`There is no task run with id ${NOBODY}.`),
        made,
      ],
    });
  });

  it('may be none, and at most a hundred', async () => {
    expect(await bulk(served.id, [])).toMatchObject({ status: 200, body: { results: [] } });
    expect(await bulk(NOBODY, [])).toMatchObject({ status: 404, body: { detail: 'Deployment not found' } });
    expect(await bulk(served.id, Array(101).fill({}))).toMatchObject({
      status: 400,
      body: { detail: 'Cannot create more than 100 flow runs at once.' },
    });
  });
});

test('a runner gets the due runs of its deployments, in their order, and asking makes them ready', async () => {
  const deployment = await deploy({ name: 'runner' });
  const at = (scheduled_time: string) => run(deployment, { state: { type: 'SCHEDULED', state_details: { scheduled_time } } });
  const second = (await at('2026-01-02T00:00:00Z')).body;
  const first = (await at('2026-01-01T00:00:00Z')).body;
  await at('2099-01-01T00:00:00Z');
  const wanted = { deployment_ids: [deployment.id], scheduled_before: '2026-06-01T00:00:00Z' };
  const { status, body } = await server.request<FlowRunResponse[]>('POST', '/deployments/get_scheduled_flow_runs', wanted);
  expect(status).toBe(200);
  expectContract('POST /deployments/get_scheduled_flow_runs', body);
  expect(body.map(({ id }) => id)).toEqual([first.id, second.id]);
  const after = (await server.request<DeploymentResponse>('GET', `/deployments/${deployment.id}`)).body;
  expect(after).toMatchObject({ status: 'READY', updated: deployment.updated, last_polled: expect.any(String) });

  await server.request('POST', '/deployments/get_scheduled_flow_runs', wanted);
  const { core } = server.running;
  const events = await core.read.all(
    core.storage.builder
      .selectFrom('event')
      .select('event')
      .where('resource_id', '=', `prefect.deployment.${deployment.id}`)
      .orderBy('position'),
  );
  expect(events.map(({ event }) => event)).toEqual(['prefect.deployment.created', 'prefect.deployment.ready']);
});
