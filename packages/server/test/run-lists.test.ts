import {
  type DeploymentResponse,
  type FlowRunResponse,
  formatTimestamp,
  type HistoryResponse,
  nowMicros,
  type OperationName,
  SECOND,
  type State,
  type TaskRun,
} from '@prefect-ts/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from './contract.ts';
import { recordedEvents } from './recorded-events.ts';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;
let flowId: string;

beforeEach(async () => {
  server = await startTestServer();
  flowId = await aFlow('lists');
});
afterEach(() => server.stop());

async function aFlow(name: string): Promise<string> {
  return (await server.request<{ id: string }>('POST', '/flows/', { name })).body.id;
}

async function aRun(members: object = {}): Promise<FlowRunResponse> {
  return (await server.request<FlowRunResponse>('POST', '/flow_runs/', { flow_id: flowId, ...members })).body;
}

async function aTask(flowRunId: string | null, name: string, type: string): Promise<TaskRun> {
  const body = { flow_run_id: flowRunId, task_key: name, dynamic_key: crypto.randomUUID(), name, state: { type } };
  return (await server.request<TaskRun>('POST', '/task_runs/', body)).body;
}

/** Asks, and checks that the answer is what the contract says of the operation. */
async function ask<Body>(name: OperationName, body: unknown, path = name.split(' ')[1] ?? ''): Promise<Body> {
  const [method = ''] = name.split(' ');
  const answer = await server.request<Body>(method, path, body);
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 200 });
  expectContract(name, answer.body);
  return answer.body;
}

interface OldNode {
  readonly name: string;
  readonly upstream_dependencies: readonly { readonly id: string }[];
}

interface Page<Row> {
  readonly results: Row[];
  readonly count: number;
  readonly limit: number;
  readonly page: number;
  readonly pages: number;
}

describe('pages', () => {
  it('of flows', async () => {
    await aFlow('more');
    const page = await ask<Page<{ name: string }>>('POST /flows/paginate', { sort: 'NAME_ASC', limit: 1, page: 2 });
    expect(page).toMatchObject({ results: [{ name: 'more' }], count: 2, limit: 1, page: 2, pages: 2 });
    expect(await ask('POST /flows/count', { flows: { name: { any_: ['more'] } } })).toBe(1);
    expect(await ask('POST /flows/count', {})).toBe(2);
  });

  it('of flow runs', async () => {
    for (const name of ['a', 'b', 'c']) await aRun({ name });
    const page = await ask<Page<FlowRunResponse>>('POST /flow_runs/paginate', { sort: 'NAME_DESC', limit: 2, page: 2 });
    expect(page).toMatchObject({ results: [{ name: 'a' }], count: 3, limit: 2, page: 2, pages: 2 });
    expect((await server.request('POST', '/flow_runs/paginate', { page: 0 })).status).toBe(422);
  });

  it('of task runs, without what their table does not show', async () => {
    const run = await aRun();
    for (const name of ['a', 'b']) await aTask(run.id, name, 'COMPLETED');
    const body = { sort: 'NAME_ASC', limit: 1, task_runs: { flow_run_id: { any_: [run.id] } } };
    const page = await ask<Page<TaskRun>>('POST /task_runs/paginate', body);
    expect(page).toMatchObject({ results: [{ name: 'a' }], count: 2, pages: 2 });
    expect(page.results[0]).not.toHaveProperty('dynamic_key');
  });
});

describe('histories', () => {
  it('of task runs count them by interval and state', async () => {
    const run = await aRun();
    await aTask(run.id, 'a', 'COMPLETED');
    await aTask(run.id, 'b', 'FAILED');
    const now = nowMicros();
    const history = await ask<HistoryResponse[]>('POST /task_runs/history', {
      history_start: formatTimestamp(now - 60 * SECOND),
      history_end: formatTimestamp(now + 60 * SECOND),
      history_interval_seconds: 60,
    });
    const states = history.flatMap((interval) => interval.states.map(({ state_type, count_runs }) => [state_type, count_runs]));
    expect(states.sort()).toEqual([
      ['COMPLETED', 1],
      ['FAILED', 1],
    ]);
  });

  it('of flow runs as points of the page', async () => {
    const expected = formatTimestamp(nowMicros() + 3600 * SECOND);
    await aRun({ name: 'soon', state: { type: 'SCHEDULED', state_details: { scheduled_time: expected } } });
    await aRun({ name: 'now', state: { type: 'RUNNING' } });
    const points = await ask<{ state_type: string; timestamp: string }[]>('POST /ui/flow_runs/history', {});
    expect(points.map(({ state_type }) => state_type)).toEqual(['SCHEDULED', 'RUNNING']);
    expect(points[0]?.timestamp).toBe(expected);
    expect((await server.request('POST', '/ui/flow_runs/history', { limit: 1001 })).status).toBe(422);
  });

  it('tell how late runs are', async () => {
    expect(await ask('POST /flow_runs/lateness', {})).toBe(null);
    const scheduled_time = formatTimestamp(nowMicros() - 600 * SECOND);
    await aRun({ state: { type: 'SCHEDULED', state_details: { scheduled_time } } });
    expect(await ask<number>('POST /flow_runs/lateness', {})).toBeGreaterThanOrEqual(600);
  });
});

describe('states', () => {
  it('of flow runs and task runs are read by their ids', async () => {
    const run = await aRun({ state: { type: 'RUNNING', message: 'going' } });
    const task = await aTask(run.id, 'a', 'COMPLETED');
    expect(await ask<State>('GET /flow_run_states/{id}', undefined, `/flow_run_states/${run.state_id}`)).toMatchObject({
      type: 'RUNNING',
      message: 'going',
    });
    expect(await ask<State>('GET /task_run_states/{id}', undefined, `/task_run_states/${task.state_id}`)).toMatchObject({
      type: 'COMPLETED',
    });
    for (const path of ['flow_run_states', 'task_run_states'])
      expect(await server.request('GET', `/${path}/${crypto.randomUUID()}`)).toMatchObject({
        status: 404,
        body: { detail: 'Flow run state not found' },
      });
  });
});

describe('a task run', () => {
  it('is renamed and deleted', async () => {
    const { id } = await aTask((await aRun()).id, 'a', 'COMPLETED');
    expect((await server.request('PATCH', `/task_runs/${id}`, { name: 'renamed' })).status).toBe(204);
    expect((await server.request('GET', `/task_runs/${id}`)).body).toMatchObject({ name: 'renamed' });
    expect((await server.request('DELETE', `/task_runs/${id}`)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await server.request(method, `/task_runs/${id}`)).status).toBe(404);
    expect((await server.request('PATCH', `/task_runs/${id}`, { name: 'x' })).status).toBe(404);
  });

  it('is shown with the name of its flow run', async () => {
    const run = await aRun({ name: 'around' });
    const { id } = await aTask(run.id, 'a', 'RUNNING');
    expect(await ask('GET /ui/task_runs/{id}', undefined, `/ui/task_runs/${id}`)).toMatchObject({ id, flow_run_name: 'around' });
    expect(await server.request('GET', `/ui/task_runs/${crypto.randomUUID()}`)).toMatchObject({
      status: 404,
      body: { detail: 'Task not found' },
    });
  });
});

describe('counts for pages', () => {
  it('of task runs of flow runs leave out what stands for a subflow', async () => {
    const [run, empty] = [await aRun(), await aRun()];
    await aTask(run.id, 'a', 'COMPLETED');
    const placeholder = await aTask(run.id, 'sub', 'PENDING');
    await aRun({ parent_task_run_id: placeholder.id });
    expect(await ask('POST /ui/flow_runs/count-task-runs', { flow_run_ids: [run.id, empty.id] })).toEqual({
      [run.id]: 1,
      [empty.id]: 0,
    });
    expect(await ask('POST /ui/flow_runs/count-task-runs', { flow_run_ids: [] })).toEqual({});
  });

  it('of deployments of flows', async () => {
    const other = await aFlow('other');
    await server.request<DeploymentResponse>('POST', '/deployments/', { name: 'd', flow_id: flowId });
    expect(await ask('POST /ui/flows/count-deployments', { flow_ids: [flowId, other] })).toEqual({ [flowId]: 1, [other]: 0 });
    expect(await ask('POST /ui/flows/count-deployments', { flow_ids: [] })).toEqual({});
  });

  it('name the next run of each flow', async () => {
    const other = await aFlow('other');
    const at = (seconds: number) => ({
      state: { type: 'SCHEDULED', state_details: { scheduled_time: formatTimestamp(nowMicros() + seconds * SECOND) } },
    });
    await aRun({ name: 'later', ...at(900) });
    const next = await aRun({ name: 'next', ...at(300) });
    expect(await ask('POST /ui/flows/next-runs', { flow_ids: [flowId, other] })).toMatchObject({
      [flowId]: { id: next.id, name: 'next', state_type: 'SCHEDULED', flow_id: flowId },
      [other]: null,
    });
    expect(await ask('POST /ui/flows/next-runs', { flow_ids: [] })).toEqual({});
  });

  it('of task runs by state', async () => {
    const run = await aRun();
    await aTask(run.id, 'a', 'COMPLETED');
    await aTask(run.id, 'b', 'CRASHED');
    expect(await ask('POST /ui/task_runs/count', {})).toMatchObject({ COMPLETED: 1, CRASHED: 1, RUNNING: 0, SCHEDULED: 0 });
  });

  it('of task runs for the dashboard, in twenty parts of a time', async () => {
    const run = await aRun();
    for (const type of ['COMPLETED', 'FAILED', 'CRASHED', 'RUNNING']) {
      const task = await aTask(run.id, type, 'PENDING');
      await server.request('POST', `/task_runs/${task.id}/set_state`, { state: { type: 'RUNNING' } });
      if (type !== 'RUNNING') await server.request('POST', `/task_runs/${task.id}/set_state`, { state: { type } });
    }
    const after_ = formatTimestamp(nowMicros() - 3600 * SECOND);
    const parts = await ask<{ completed: number; failed: number }[]>('POST /ui/task_runs/dashboard/counts', {
      task_runs: { start_time: { after_ } },
    });
    expect(parts).toHaveLength(20);
    expect(parts.reduce((sum, { completed }) => sum + completed, 0)).toBe(1);
    expect(parts.reduce((sum, { failed }) => sum + failed, 0)).toBe(2);
    expect(await server.request('POST', '/ui/task_runs/dashboard/counts', { task_runs: {} })).toMatchObject({
      status: 422,
      body: { detail: 'task_runs.start_time.after_ is required' },
    });
  });
});

it('the older graph of a flow run names what each task came from', async () => {
  const run = await aRun({ state: { type: 'RUNNING' } });
  const load = await aTask(run.id, 'load', 'COMPLETED');
  const inputs = { task_inputs: { a: [{ input_type: 'task_run', id: load.id }] } };
  const clean = { flow_run_id: run.id, task_key: 'clean', dynamic_key: '0', name: 'clean', ...inputs };
  await server.request('POST', '/task_runs/', clean);
  const graph = await ask<OldNode[]>('GET /flow_runs/{id}/graph', undefined, `/flow_runs/${run.id}/graph`);
  const upstream = new Map(graph.map(({ name, upstream_dependencies }) => [name, upstream_dependencies]));
  expect(upstream.get('clean')).toMatchObject([{ id: load.id }]);
  expect(upstream.get('load')).toEqual([]);
});

it('flows are deleted in bulk, with their runs and deployments', async () => {
  const run = await aRun();
  const kept = await aFlow('kept');
  const { body } = await server.request('POST', '/flows/bulk_delete', { flows: { name: { any_: ['lists'] } } });
  expect(body).toEqual({ deleted: [flowId] });
  expect((await server.request('GET', `/flow_runs/${run.id}`)).status).toBe(404);
  expect((await server.request('GET', `/flows/${kept}`)).status).toBe(200);
});

it('a flow tells that it was made, changed and deleted, and nothing when it was there', async () => {
  const id = await aFlow('told');
  await aFlow('told');
  await server.request('PATCH', `/flows/${id}`, { tags: ['t'] });
  await server.request('DELETE', `/flows/${id}`);
  const events = await recordedEvents(server, `prefect.flow.${id}`);
  expect(events.map(({ event, resource, payload }) => [event, resource['prefect.resource.name'], payload])).toEqual([
    ['prefect.flow.created', 'told', { name: 'told', tags: [], labels: {} }],
    ['prefect.flow.updated', 'told', { name: 'told', tags: ['t'], labels: {} }],
    ['prefect.flow.deleted', 'told', { name: 'told', tags: ['t'], labels: {} }],
  ]);
  expect((await server.request('PATCH', `/flows/${id}`, { tags: [] })).status).toBe(404);
});

it('schedules of a deployment are listed', async () => {
  const wanted = { name: 'd', flow_id: flowId, schedules: [{ schedule: { interval: 3600 }, active: false }] };
  const { id } = (await server.request<DeploymentResponse>('POST', '/deployments/', wanted)).body;
  expect(await ask('GET /deployments/{id}/schedules', undefined, `/deployments/${id}/schedules`)).toMatchObject([
    { active: false, schedule: { interval: 3600 }, deployment_id: id },
  ]);
});

it('work queues are listed', async () => {
  await server.request('POST', '/work_queues/', { name: 'mine' });
  expect(await ask('POST /work_queues/filter', { work_queues: { name: { any_: ['mine'] } } })).toMatchObject([{ name: 'mine' }]);
});

it('artifacts are counted', async () => {
  for (const key of ['a', 'b']) await server.request('POST', '/artifacts/', { key, type: 'markdown', data: 'x' });
  expect(await ask('POST /artifacts/count', { artifacts: { key: { any_: ['a'] } } })).toBe(1);
  expect(await ask('POST /artifacts/count', {})).toBe(2);
});

it('the server says which API it speaks and that its database answers', async () => {
  expect(await ask('GET /version', undefined)).toBe('0.8.4');
  expect(await ask('GET /ready', undefined)).toEqual({ message: 'OK' });
});
