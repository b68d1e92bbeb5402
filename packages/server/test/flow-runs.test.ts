import type { FlowRunResponse, OrchestrationResult } from '@prefect-ts/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;
let flowId: string;

beforeAll(async () => {
  server = await startTestServer();
  flowId = (await server.request<{ id: string }>('POST', '/flows/', { name: 'etl' })).body.id;
});
afterAll(() => server.stop());

async function createRun(body: object = {}): Promise<FlowRunResponse> {
  const { status, body: run } = await server.request<FlowRunResponse>('POST', '/flow_runs/', { flow_id: flowId, ...body });
  expect(status).toBe(201);
  return run;
}

async function setState(id: string, state: object, force = false) {
  return server.request<OrchestrationResult>('POST', `/flow_runs/${id}/set_state`, { state, force });
}

async function read(id: string): Promise<FlowRunResponse> {
  return (await server.request<FlowRunResponse>('GET', `/flow_runs/${id}`)).body;
}

describe('a flow run', () => {
  it('lives from Pending over Running to Completed, and keeps its history', async () => {
    const run = await createRun();
    expect(run).toMatchObject({ state_type: 'PENDING', run_count: 0, expected_start_time: run.state?.timestamp });
    expect((await setState(run.id, { type: 'RUNNING' })).body).toMatchObject({ status: 'ACCEPT', state: { type: 'RUNNING' } });
    expect((await setState(run.id, { type: 'COMPLETED' })).status).toBe(201);

    expect(await read(run.id)).toMatchObject({ state_type: 'COMPLETED', run_count: 1 });
    const states = await server.request<{ type: string }[]>('GET', `/flow_run_states/?flow_run_id=${run.id}`);
    expect(states.body.map(({ type }) => type)).toEqual(['PENDING', 'RUNNING', 'COMPLETED']);
  });

  it('is created once for an idempotency key', async () => {
    const first = await createRun({ idempotency_key: 'once', name: 'first' });
    const again = await server.request<FlowRunResponse>('POST', '/flow_runs/', {
      flow_id: flowId,
      idempotency_key: 'once',
      name: 'second',
    });
    expect(again).toMatchObject({ status: 200, body: { id: first.id, name: 'first' } });
  });

  it('answers 200 with its state when a transition is refused', async () => {
    const run = await createRun({ state: { type: 'RUNNING' } });
    const { status, body } = await setState(run.id, { type: 'PENDING' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'ABORT',
      state: { id: run.state_id },
      details: { type: 'abort_details', reason: 'This run is in a RUNNING state and cannot transition to a PENDING state.' },
    });
  });

  it('takes an empty name as a wish for one', async () => {
    expect((await createRun({ name: null })).name).toMatch(/^[a-z]+-[a-z]+$/);
  });

  it('has no job variables, rather than none known, when it is made without', async () => {
    expect((await createRun()).job_variables).toEqual({});
    expect((await createRun({ job_variables: null })).job_variables).toEqual({});
    expect((await createRun({ job_variables: { env: {} } })).job_variables).toEqual({ env: {} });
  });

  it('is changed only where a change names a member', async () => {
    const run = await createRun({ name: 'before', tags: ['a'] });
    expect((await server.request('PATCH', `/flow_runs/${run.id}`, { infrastructure_pid: '42' })).status).toBe(204);
    expect(await read(run.id)).toMatchObject({ name: 'before', tags: ['a'], infrastructure_pid: '42' });
  });

  it('goes with its task runs and logs when it is deleted', async () => {
    const run = await createRun();
    const task = { flow_run_id: run.id, task_key: 't', dynamic_key: '0' };
    const { body } = await server.request<{ id: string }>('POST', '/task_runs/', task);
    expect((await server.request('DELETE', `/flow_runs/${run.id}`)).status).toBe(204);
    expect((await server.request('GET', `/flow_runs/${run.id}`)).status).toBe(404);
    expect((await server.request('GET', `/task_runs/${body.id}`)).status).toBe(404);
  });

  it('mirrors its states on the task run that stands for it', async () => {
    const parent = await createRun({ state: { type: 'RUNNING' } });
    const task = { flow_run_id: parent.id, task_key: 'child', dynamic_key: '0' };
    const placeholder = (await server.request<{ id: string }>('POST', '/task_runs/', task)).body;
    const child = await createRun({ parent_task_run_id: placeholder.id });
    await setState(child.id, { type: 'RUNNING' });
    const { body } = await server.request('GET', `/task_runs/${placeholder.id}`);
    expect(body).toMatchObject({ state_type: 'RUNNING', state: { state_details: { child_flow_run_id: child.id } } });
  });
});

describe('lists of flow runs', () => {
  it('are filtered by everything around a run', async () => {
    const wanted = await createRun({ name: 'needle', tags: ['x', 'y'], state: { type: 'RUNNING' } });
    await server.request('POST', '/task_runs/', { flow_run_id: wanted.id, task_key: 't', dynamic_key: '0', name: 'inner' });
    const filters = [
      { flow_runs: { id: { any_: [wanted.id] } } },
      { flow_runs: { name: { like_: 'EEDL' } } },
      { flow_runs: { tags: { all_: ['x', 'y'] }, state: { type: { any_: ['RUNNING'] } } } },
      { flow_runs: { operator: 'or_', name: { any_: ['needle'] }, tags: { all_: ['nothing'] } } },
      { task_runs: { name: { any_: ['inner'] } } },
      { flows: { name: { any_: ['etl'] } }, flow_runs: { name: { any_: ['needle'] } } },
    ];
    for (const filter of filters) {
      const { body } = await server.request<FlowRunResponse[]>('POST', '/flow_runs/filter', filter);
      expect(
        body.map(({ id }) => id),
        JSON.stringify(filter),
      ).toEqual([wanted.id]);
      expect((await server.request('POST', '/flow_runs/count', filter)).body).toBe(1);
    }
  });

  it('are empty for an empty list of ids', async () => {
    expect((await server.request('POST', '/flow_runs/filter', { flow_runs: { id: { any_: [] } } })).body).toEqual([]);
  });

  it('refuse more rows than the server gives', async () => {
    expect(await server.request('POST', '/flow_runs/filter', { limit: 201 })).toMatchObject({
      status: 422,
      body: { detail: 'Invalid limit: must be less than or equal to 200.' },
    });
  });
});

describe('bad requests', () => {
  it.each([
    { body: { flow_id: 'no-uuid' }, loc: ['body', 'flow_id'], type: 'uuid_parsing' },
    { body: {}, loc: ['body', 'flow_id'], type: 'missing' },
    { body: { flow_id: crypto.randomUUID(), extra: 1 }, loc: ['body', 'extra'], type: 'extra_forbidden' },
    { body: { flow_id: crypto.randomUUID(), state: { type: 'NOPE' } }, loc: ['body', 'state', 'type'], type: 'enum' },
  ])('say where they are wrong: $type', async ({ body, loc, type }) => {
    const answer = await server.request('POST', '/flow_runs/', body);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      exception_message: 'Invalid request received.',
      exception_detail: [{ loc, type }],
      request_body: body,
    });
  });

  it('say that they are no JSON', async () => {
    const answer = await server.request('POST', '/flow_runs/', '{"flow_id": NaN');
    expect(answer).toMatchObject({ status: 422, body: { exception_detail: [{ type: 'json_invalid' }] } });
  });

  it('change nothing when what they refer to is not there', async () => {
    const count = () => server.request('POST', '/flow_runs/count', {});
    const before = await count();
    expect((await server.request('POST', '/flow_runs/', { flow_id: crypto.randomUUID() })).status).toBe(409);
    expect(
      (await server.request('POST', '/flow_runs/', { flow_id: flowId, parent_task_run_id: crypto.randomUUID() })).status,
    ).toBe(409);
    expect((await count()).body).toBe(before.body);
  });

  it('are answered with 404 for unknown ids, and for ids that are none', async () => {
    const id = crypto.randomUUID();
    expect(await server.request('GET', `/flow_runs/${id}`)).toMatchObject({
      status: 404,
      body: { detail: 'Flow run not found' },
    });
    expect(await setState(id, { type: 'RUNNING' })).toMatchObject({
      status: 404,
      body: { exception_message: `Flow run with id ${id} not found` },
    });
    expect(await server.request('GET', '/flow_runs/nonsense')).toMatchObject({ status: 404, body: { detail: 'Not Found' } });
  });

  it('are told of other methods and other spellings of a path', async () => {
    expect(await server.request('PUT', '/flow_runs/filter')).toMatchObject({
      status: 405,
      body: { detail: 'Method Not Allowed' },
    });
    const redirect = await server.request('POST', '/flows', { name: 'x' });
    expect(redirect.status).toBe(307);
    expect(redirect.headers.get('location')).toMatch(/\/api\/flows\/$/);
  });

  it.each([
    { version: '0.8', message: "Invalid X-PREFECT-API-VERSION header format.Expected header in format 'x.y.z' but received 0.8" },
    { version: '0.7.9', message: 'The request specified API version 0.7.9 but this server requires version 0.8.0 or higher.' },
  ])('of an API version that is not spoken are refused: $version', async ({ version, message }) => {
    const answer = await server.request('POST', '/flow_runs/count', {}, { 'X-PREFECT-API-VERSION': version });
    expect(answer).toMatchObject({ status: 400, body: { detail: message } });
  });
});

describe('many clients at once', () => {
  it('lose nothing and see no error', async () => {
    const runs = await Promise.all(Array.from({ length: 40 }, () => createRun()));
    const answers = await Promise.all(runs.map(({ id }) => setState(id, { type: 'RUNNING' })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    const ids = runs.map(({ id }) => id);
    const filter = { flow_runs: { id: { any_: ids }, state: { type: { any_: ['RUNNING'] } } } };
    expect((await server.request('POST', '/flow_runs/count', filter)).body).toBe(40);
  });

  it('get one winner when they claim the same run', async () => {
    const run = await createRun({ state: { type: 'SCHEDULED' } });
    const answers = await Promise.all(Array.from({ length: 20 }, () => setState(run.id, { type: 'PENDING' })));
    expect(answers.filter(({ body }) => body.status === 'ACCEPT')).toHaveLength(1);
  });
});

describe('a restart', () => {
  it('keeps what was acknowledged', async () => {
    const run = await createRun({ state: { type: 'RUNNING' } });
    await server.restart();
    expect(await read(run.id)).toMatchObject({ state_id: run.state_id });
  });
});
