import type { DeploymentResponse, DeploymentSchedule, FlowRunResponse } from '@prefect-ts/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { expectContract } from './contract.ts';
import { startTestServer, type TestServer } from './server.ts';

const NOBODY = 'b0000000-0000-4000-8000-000000000000';

let server: TestServer;
let flowId: string;
let number = 0;

beforeAll(async () => {
  server = await startTestServer({ environment: { PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED: 'false' } });
  flowId = (await server.request<{ id: string }>('POST', '/flows/', { name: 'etl', labels: { team: 'data' } })).body.id;
  await server.request('POST', '/work_pools/', {
    name: 'pool',
    type: 'process',
    base_job_template: {
      job_configuration: { cpu: '{{ cpu }}' },
      variables: { type: 'object', properties: { cpu: { type: 'integer' } }, required: ['cpu'] },
    },
  });
});
afterAll(() => server.stop());
beforeEach(() => {
  number += 1;
});

async function deploy(body: object = {}): Promise<DeploymentResponse> {
  const wanted = { name: `deployment-${number}`, flow_id: flowId, ...body };
  const answer = await server.request<DeploymentResponse>('POST', '/deployments/', wanted);
  if (answer.status > 201) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

const patch = (id: string, body: object) => server.request('PATCH', `/deployments/${id}`, body);

async function read(id: string): Promise<DeploymentResponse> {
  return (await server.request<DeploymentResponse>('GET', `/deployments/${id}`)).body;
}

async function runsOf(id: string): Promise<FlowRunResponse[]> {
  const filter = { deployments: { id: { any_: [id] } }, sort: 'EXPECTED_START_TIME_ASC' };
  return (await server.request<FlowRunResponse[]>('POST', '/flow_runs/filter', filter)).body;
}

async function eventsOf(id: string): Promise<{ event: string; payload: { updated_fields?: string[]; updates?: object } }[]> {
  const { core } = server.running;
  const rows = await core.read.all(
    core.storage.builder
      .selectFrom('event')
      .select('body')
      .where('resource_id', '=', `prefect.deployment.${id}`)
      .orderBy('position'),
  );
  return rows.map(({ body }) => JSON.parse(body));
}

describe('creating a deployment', () => {
  it('answers as the contract document says, with defaults for what was not sent', async () => {
    const created = await deploy();
    expectContract('POST /deployments/', created);
    expect(created).toMatchObject({
      paused: false,
      status: 'NOT_READY',
      parameters: {},
      parameter_openapi_schema: {},
      pull_steps: [],
      enforce_parameter_schema: true,
      labels: { team: 'data', 'prefect.flow.id': flowId },
      schedules: [],
      global_concurrency_limit: null,
    });
    expect((await server.request('GET', `/deployments/name/etl/deployment-${number}`)).body).toEqual(created);
  });

  it('changes the one of its name and flow: only what is named, but schedules are replaced', async () => {
    const first = await deploy({
      description: 'kept',
      tags: ['old'],
      labels: { own: 1 },
      job_variables: { image: 'a', env: {} },
      schedules: [{ schedule: { cron: '0 0 * * *' }, slug: 'nightly' }],
    });
    const answer = await server.request<DeploymentResponse>('POST', '/deployments/', {
      name: first.name,
      flow_id: flowId,
      tags: ['new'],
      job_variables: { image: 'b' },
      schedules: [{ schedule: { interval: 60 } }],
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      id: first.id,
      created: first.created,
      description: 'kept',
      tags: ['new'],
      job_variables: { image: 'b' },
      labels: { team: 'data', 'prefect.flow.id': flowId },
    });
    expect(answer.body.schedules?.map(({ slug }) => slug)).toEqual([null]);
    expect((await deploy({ job_variables: {} })).schedules).toEqual([]);
    expect((await read(first.id)).job_variables).toEqual({});
  });

  it('makes its queue when the pool has none of that name', async () => {
    const made = await deploy({ work_pool_name: 'pool', work_queue_name: 'fresh' });
    expect(made).toMatchObject({ work_pool_name: 'pool', work_queue_name: 'fresh' });
    const queue = await server.request('GET', '/work_pools/pool/queues/fresh');
    expect(queue.body).toMatchObject({ id: made.work_queue_id, priority: 2 });
    expect(await deploy({ work_pool_name: 'pool' })).toMatchObject({ work_queue_name: 'default' });
  });

  it('makes the pool of queues without a pool', async () => {
    const made = await deploy({ work_queue_name: 'legacy' });
    expect(made).toMatchObject({ work_pool_name: 'default-agent-pool', work_queue_name: 'legacy' });
  });

  it('leaves out members that only old clients know', async () => {
    const { status } = await server.request('POST', '/deployments/', {
      name: `deployment-${number}`,
      flow_id: flowId,
      worker_pool_name: 'x',
    });
    expect(status).toBe(201);
  });

  test.each([
    ['a flow that is not there', { flow_id: NOBODY }, 409, 'Data integrity conflict'],
    ['a pool that is not there', { work_pool_name: 'none' }, 404, 'Work pool "none" not found.'],
    ['a limit that is not there', { global_concurrency_limit_id: NOBODY }, 404, 'Concurrency limit not found'],
    [
      'job variables that the pool refuses',
      { work_pool_name: 'pool', job_variables: { cpu: 'many' } },
      422,
      "Error creating deployment: Validation failed for field 'cpu'. Failure reason: 'many' is not of type 'integer'",
    ],
    [
      'two kinds of limit',
      { concurrency_limit: 1, global_concurrency_limit_id: NOBODY },
      422,
      'Value error, A deployment cannot have both a concurrency limit and a global concurrency limit.',
    ],
    [
      'parameters that break the schema which it wants enforced',
      {
        enforce_parameter_schema: true,
        parameter_openapi_schema: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n', 'm'] },
        parameters: { n: 'x' },
      },
      422,
      "Value error, Validation failed for field 'n'. Failure reason: 'x' is not of type 'integer'",
    ],
    [
      'a schema that is none',
      { enforce_parameter_schema: true, parameter_openapi_schema: { type: 'nope' } },
      422,
      "Value error, The provided schema is not a valid json schema. Schema error: 'nope' is not valid under any of the given schemas",
    ],
    ['a bad cron', { schedules: [{ schedule: { cron: 'x y' } }] }, 422, 'Value error, Invalid cron string: "x y"'],
    [
      'a schedule with too many runs',
      { schedules: [{ schedule: { cron: '* * * * *' }, max_scheduled_runs: 51 }] },
      422,
      'Value error, `max_scheduled_runs` must be less than or equal to 50.',
    ],
    ['a name with a slash', { name: 'a/b' }, 422, 'String should match pattern'],
  ])('refuses %s and makes nothing', async (_, body, status, text) => {
    const wanted = { name: `deployment-${number}`, flow_id: flowId, ...body };
    const answer = await server.request<{ detail?: string; exception_detail?: { msg: string }[] }>(
      'POST',
      '/deployments/',
      wanted,
    );
    expect(answer.status).toBe(status);
    expect(answer.body.detail ?? answer.body.exception_detail?.[0]?.msg).toContain(text);
    expect((await server.request('GET', `/deployments/name/etl/deployment-${number}`)).status).toBe(404);
  });
});

describe('changing a deployment', () => {
  it('changes what is named and tells what changed', async () => {
    const { id } = await deploy({ description: 'a', tags: ['t'] });
    expect((await patch(id, { description: 'b', paused: true })).status).toBe(204);
    expect(await read(id)).toMatchObject({ description: 'b', paused: true, tags: ['t'] });
    await patch(id, {});
    const events = await eventsOf(id);
    expect(events.map(({ event }) => event)).toEqual(['prefect.deployment.created', 'prefect.deployment.updated']);
    expect(events[1]?.payload).toEqual({
      updated_fields: ['description', 'paused'],
      updates: { description: { from: 'a', to: 'b' }, paused: { from: false, to: true } },
    });
  });

  it('takes a null pool for none at all', async () => {
    const { id } = await deploy({ work_pool_name: 'pool' });
    await patch(id, { work_pool_name: null });
    expect(await read(id)).toMatchObject({ work_pool_name: null, work_queue_id: null });
  });

  it('fills the placeholders in parameters', async () => {
    const { id } = await deploy();
    await patch(id, { parameters: { a: { __prefect_kind: 'json', value: '{"b": 1}' } } });
    expect((await read(id)).parameters).toEqual({ a: { b: 1 } });
  });

  const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
  test.each([
    ['a pool that is not there', { work_pool_name: 'none' }, 404, 'Work pool "none" not found.'],
    [
      'a placeholder without a value',
      { parameters: { n: { __prefect_kind: 'none' } } },
      400,
      "Error hydrating deployment parameters: Missing 'value' key in __prefect object",
    ],
    [
      'parameters that break its schema',
      { parameters: { n: 'x' } },
      409,
      "Error updating deployment: Validation failed for field 'n'. Failure reason: 'x' is not of type 'integer'",
    ],
    [
      'a schema that refers to itself',
      {
        parameters: { n: 1 },
        parameter_openapi_schema: {
          type: 'object',
          properties: { n: { $ref: '#/definitions/A' } },
          definitions: { A: { $ref: '#/definitions/A' } },
        },
      },
      422,
      'Invalid schema: Unable to validate schema with circular references.',
    ],
    [
      'schedules without slugs when those there have them',
      { schedules: [{ schedule: { interval: 60 } }] },
      422,
      'Please provide a slug for each schedule in your request to ensure schedules are updated correctly.',
    ],
  ])('refuses %s and changes nothing', async (_, body, status, detail) => {
    const before = await deploy({
      parameter_openapi_schema: schema,
      parameters: { n: 1 },
      schedules: [{ schedule: { cron: '0 0 * * *' }, slug: 'nightly' }],
    });
    expect(await patch(before.id, body)).toMatchObject({ status, body: { detail } });
    expect(await read(before.id)).toEqual(before);
  });

  it('answers 404 when it is not there', async () => {
    expect(await patch(NOBODY, {})).toMatchObject({ status: 404, body: { detail: 'Deployment not found.' } });
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/pause_deployment'],
      ['POST', '/resume_deployment'],
      ['GET', '/work_queue_check'],
    ] as const)
      expect(await server.request(method, `/deployments/${NOBODY}${path}`)).toMatchObject({
        status: 404,
        body: { detail: 'Deployment not found' },
      });
  });
});

describe('the limit of a deployment', () => {
  it('is made, changed and deleted by its number', async () => {
    const made = await deploy({ concurrency_limit: 2, concurrency_options: { collision_strategy: 'CANCEL_NEW' } });
    expect(made).toMatchObject({
      concurrency_limit: null,
      concurrency_options: { collision_strategy: 'CANCEL_NEW', grace_period_seconds: null },
      global_concurrency_limit: { name: `deployment:${made.id}`, limit: 2, active: true, active_slots: 0 },
    });
    await patch(made.id, { concurrency_limit: 3 });
    const limit = made.global_concurrency_limit;
    expect((await read(made.id)).global_concurrency_limit).toMatchObject({ id: limit?.id, limit: 3 });
    await patch(made.id, { concurrency_limit: null });
    expect((await read(made.id)).global_concurrency_limit).toBeNull();
    expect((await server.request('GET', `/v2/concurrency_limits/${limit?.id}`)).status).toBe(404);
  });

  it('may be one that others share, which outlives the deployment', async () => {
    const shared = (
      await server.request<{ id: string }>('POST', '/v2/concurrency_limits/', { name: `shared-${number}`, limit: 5 })
    ).body;
    const { id } = await deploy({ global_concurrency_limit_id: shared.id });
    expect((await read(id)).global_concurrency_limit).toMatchObject({ id: shared.id });
    await patch(id, { concurrency_limit: 1 });
    expect((await read(id)).global_concurrency_limit).toMatchObject({ name: `deployment:${id}`, limit: 1 });
    await patch(id, { global_concurrency_limit_id: shared.id });
    await server.request('DELETE', `/deployments/${id}`);
    expect((await server.request('GET', `/v2/concurrency_limits/${shared.id}`)).body).toMatchObject({ limit: 5 });
    expect((await server.request('GET', `/v2/concurrency_limits/deployment:${id}`)).status).toBe(404);
  });
});

describe('the schedules of a deployment', () => {
  const at = (id: string, schedule = '') => `/deployments/${id}/schedules${schedule && `/${schedule}`}`;
  const list = async (id: string) => (await server.request<DeploymentSchedule[]>('GET', at(id))).body;

  it('are added, changed and deleted one by one, and the runs follow at once', async () => {
    const { id } = await deploy();
    const added = await server.request<DeploymentSchedule[]>('POST', at(id), [
      { schedule: { cron: '0 0 * * *', timezone: 'Europe/Berlin' }, slug: 'nightly', parameters: { n: 1 } },
      { schedule: { rrule: 'FREQ=DAILY' }, active: false, max_scheduled_runs: 5 },
    ]);
    expect(added.status).toBe(201);
    expectContract('POST /deployments/{id}/schedules', added.body);
    expect(await runsOf(id)).toHaveLength(3);
    expect((await runsOf(id))[0]).toMatchObject({
      auto_scheduled: true,
      tags: ['auto-scheduled'],
      parameters: { n: 1 },
      created_by: { type: 'SCHEDULE', display_value: 'nightly' },
      state: { type: 'SCHEDULED', message: 'Flow run scheduled' },
    });

    const [nightly = '', rule = ''] = added.body.map(({ id }) => id);
    expect((await server.request('PATCH', at(id, rule), { active: true })).status).toBe(204);
    expect(await runsOf(id)).toHaveLength(6);
    await server.request('PATCH', at(id, nightly), { active: false });
    expect(await list(id)).toMatchObject([
      { id: nightly, active: false, parameters: { n: 1 }, slug: 'nightly' },
      { id: rule, active: true, max_scheduled_runs: 5 },
    ]);
    expect(await runsOf(id)).toHaveLength(3);
    expect((await server.request('DELETE', at(id, rule))).status).toBe(204);
    expect(await runsOf(id)).toEqual([]);
    expect((await list(id)).map(({ id }) => id)).toEqual([nightly]);
  });

  it('are refused with a slug that is taken', async () => {
    const { id } = await deploy({ schedules: [{ schedule: { interval: 60 }, slug: 'a' }] });
    expect((await server.request('POST', at(id), [{ schedule: { interval: 60 }, slug: 'a' }])).status).toBe(409);
  });

  it('are not there for a deployment that is not', async () => {
    const { id } = await deploy();
    for (const [method, path, body, detail] of [
      ['GET', at(NOBODY), undefined, 'Deployment not found.'],
      ['POST', at(NOBODY), [], 'Deployment not found.'],
      ['PATCH', at(NOBODY, NOBODY), {}, 'Deployment not found.'],
      ['PATCH', at(id, NOBODY), {}, 'Schedule not found.'],
      ['DELETE', at(id, NOBODY), undefined, 'Schedule not found.'],
    ] as const)
      expect(await server.request(method, path, body)).toMatchObject({ status: 404, body: { detail } });
  });

  it('are changed by their slugs with the deployment, keep their ids, and may swap', async () => {
    const { id } = await deploy({
      schedules: [
        { schedule: { interval: 60 }, slug: 'a', parameters: { n: 1 } },
        { schedule: { cron: '0 0 * * *' }, slug: 'b' },
      ],
    });
    const before = new Map((await list(id)).map((each) => [each.slug, each.id]));
    await patch(id, {
      schedules: [
        { slug: 'a', replaces: 'b' },
        { slug: 'b', replaces: 'a', active: false },
        { slug: 'c', schedule: { cron: '0 1 * * *' } },
      ],
    });
    const after = await list(id);
    expect(after).toHaveLength(3);
    expect(after.find(({ slug }) => slug === 'a')).toMatchObject({ id: before.get('b'), active: true });
    expect(after.find(({ slug }) => slug === 'b')).toMatchObject({ id: before.get('a'), active: false, parameters: { n: 1 } });
    await patch(id, { schedules: [] });
    expect(await list(id)).toHaveLength(3);
  });
});

describe('pausing a deployment', () => {
  it('deletes the runs of its schedules, and resuming makes them again', async () => {
    const { id } = await deploy({ schedules: [{ schedule: { cron: '0 0 * * *' } }] });
    const own = await server.request<FlowRunResponse>('POST', `/deployments/${id}/create_flow_run`, {});
    expect(await runsOf(id)).toHaveLength(4);
    expect(await server.request('POST', `/deployments/${id}/pause_deployment`)).toMatchObject({ status: 200, body: null });
    expect((await runsOf(id)).map((run) => run.id)).toEqual([own.body.id]);
    expect((await read(id)).paused).toBe(true);
    await patch(id, { description: 'still paused' });
    expect(await runsOf(id)).toHaveLength(1);
    await server.request('POST', `/deployments/${id}/resume_deployment`);
    expect(await runsOf(id)).toHaveLength(4);
  });
});

describe('deleting deployments', () => {
  it('deletes runs that have not begun and tells of it', async () => {
    const { id } = await deploy({ schedules: [{ schedule: { cron: '0 0 * * *' } }], concurrency_limit: 1 });
    const run = await server.request<FlowRunResponse>('POST', `/deployments/${id}/create_flow_run`, {});
    await server.request('POST', `/flow_runs/${run.body.id}/set_state`, { state: { type: 'PENDING' } });
    await server.request('POST', `/flow_runs/${run.body.id}/set_state`, { state: { type: 'RUNNING' } });
    expect((await server.request('DELETE', `/deployments/${id}`)).status).toBe(204);
    const left = await server.request<FlowRunResponse[]>('POST', '/flow_runs/filter', {
      flow_runs: { deployment_id: { any_: [id] } },
    });
    expect(left.body).toMatchObject([{ id: run.body.id, deployment_id: id, state_type: 'RUNNING' }]);
    expect((await server.request('POST', `/flow_runs/${run.body.id}/set_state`, { state: { type: 'COMPLETED' } })).status).toBe(
      201,
    );
    expect((await eventsOf(id)).at(-1)?.event).toBe('prefect.deployment.deleted');
  });

  it('deletes those that a filter names', async () => {
    const { id } = await deploy();
    const other = await deploy({ name: `other-${number}` });
    const filter = { deployments: { id: { any_: [id] } } };
    expect((await server.request('POST', '/deployments/bulk_delete', filter)).body).toEqual({ deleted: [id] });
    expect((await read(other.id)).id).toBe(other.id);
    expect((await server.request('POST', '/deployments/bulk_delete', { limit: 51 })).status).toBe(422);
  });
});

test('deployments are listed, paged and counted by filters', async () => {
  const names = ['one', 'two', 'three'].map((name) => `${name}-${number}`);
  for (const name of names) await deploy({ name, tags: [`page-${number}`] });
  const filters = { deployments: { tags: { all_: [`page-${number}`] } } };
  const list = await server.request<DeploymentResponse[]>('POST', '/deployments/filter', { ...filters, sort: 'NAME_DESC' });
  expectContract('POST /deployments/filter', list.body);
  expect(list.body.map(({ name }) => name)).toEqual([`two-${number}`, `three-${number}`, `one-${number}`]);
  const page = await server.request('POST', '/deployments/paginate', { ...filters, limit: 2, page: 2 });
  expectContract('POST /deployments/paginate', page.body);
  expect(page.body).toMatchObject({ count: 3, pages: 2, page: 2, limit: 2, results: [{ name: `two-${number}` }] });
  expect((await server.request('POST', '/deployments/count', filters)).body).toBe(3);
  expect(await server.request('POST', '/deployments/filter', { limit: 201 })).toMatchObject({
    status: 422,
    body: { detail: 'Invalid limit: must be less than or equal to 200.' },
  });
});

test('queues that would take a deployment are those whose filter it passes', async () => {
  const { id } = await deploy({ tags: ['gpu'] });
  const queue = (name: string, filter: object) => server.request('POST', '/work_queues/', { name: `${name}-${number}`, filter });
  await queue('matching', { tags: ['gpu'], deployment_ids: [id] });
  await queue('other', { tags: ['cpu'] });
  const { body } = await server.request<{ name: string }[]>('GET', `/deployments/${id}/work_queue_check`);
  expectContract('GET /deployments/{id}/work_queue_check', body);
  const names = body.map(({ name }) => name);
  expect(names).toContain(`matching-${number}`);
  expect(names).not.toContain(`other-${number}`);
});

test('two clients that deploy the same at the same time make one deployment', async () => {
  const wanted = { name: `deployment-${number}`, flow_id: flowId, work_pool_name: 'pool', work_queue_name: `queue-${number}` };
  const answers = await Promise.all([1, 2, 3, 4].map(() => server.request<DeploymentResponse>('POST', '/deployments/', wanted)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 201]);
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
});
