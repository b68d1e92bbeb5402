import type {
  FlowRunResponse,
  UiDeploymentPage,
  UiFlowPage,
  UiFlowRunPage,
  UiOverview,
  UiTimeline,
  UiWorkPoolPage,
} from '@prefect-ts/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectContract } from './contract.ts';
import { startTestServer, type TestServer } from './server.ts';
import { openSocket, type TestSocket } from './socket.ts';

let server: TestServer;
let flowId: string;

beforeAll(async () => {
  server = await startTestServer();
  flowId = (await server.request<{ id: string }>('POST', '/flows/', { name: 'etl' })).body.id;
  await server.request('POST', '/work_pools/', { name: 'local', type: 'process' });
});
afterAll(() => server.stop());

async function aRun(name: string, type = 'RUNNING', more: object = {}): Promise<FlowRunResponse> {
  const body = { flow_id: flowId, name, state: { type }, ...more };
  return (await server.request<FlowRunResponse>('POST', '/flow_runs/', body)).body;
}

async function runPage(body: object): Promise<UiFlowRunPage> {
  const answer = await server.request<UiFlowRunPage>('POST', '/ui/flow_runs/page', body);
  expect(answer.status).toBe(200);
  return answer.body;
}

/** A socket whose opening exchange is over. */
async function openLive(): Promise<TestSocket> {
  const socket = await openSocket(server.running.apiUrl, '/ui/live');
  expect(await socket.next()).toEqual({ type: 'auth_success' });
  return socket;
}

describe('a page of flow runs', () => {
  it('carries the names around each run', async () => {
    await aRun('named', 'RUNNING', { work_pool_name: 'local', tags: ['x'] });
    const { results, total, total_is_exact } = await runPage({ flow_runs: { name: { any_: ['named'] } } });
    expect(results[0]).toMatchObject({ flow_name: 'etl', work_pool_name: 'local', work_queue_name: 'default', tags: ['x'] });
    expect({ total, total_is_exact }).toEqual({ total: 1, total_is_exact: true });
  });

  it.each(['START_TIME_DESC', 'START_TIME_ASC', 'NAME_ASC', 'NAME_DESC', 'ID_DESC', 'END_TIME_DESC'])(
    'follows page upon page in the order %s, each run once',
    async (sort) => {
      const tag = `pages-${sort}`;
      for (const name of ['c', 'a', 'b', 'e', 'd']) await aRun(name, 'RUNNING', { tags: [tag] });
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: UiFlowRunPage = await runPage({ flow_runs: { tags: { all_: [tag] } }, sort, limit: 2, cursor });
        seen.push(...page.results.map((row) => row.name));
        cursor = page.next;
      } while (cursor);
      expect([...seen].sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
      if (sort === 'NAME_ASC') expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
      if (sort === 'START_TIME_DESC') expect(seen).toEqual(['d', 'e', 'b', 'a', 'c']);
    },
  );

  it('resolves a relative window on the server', async () => {
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    await aRun('planned', 'SCHEDULED', {
      tags: ['window'],
      state: { type: 'SCHEDULED', state_details: { scheduled_time: soon } },
    });
    const flow_runs = { tags: { all_: ['window'] } };
    expect((await runPage({ flow_runs, window: { relative: '-7d' } })).results).toEqual([]);
    expect((await runPage({ flow_runs, window: { relative: '+2h' } })).results).toHaveLength(1);
  });

  it('refuses what it does not know', async () => {
    expect((await server.request('POST', '/ui/flow_runs/page', { window: { relative: 'yesterday' } })).status).toBe(422);
    expect((await server.request('POST', '/ui/flow_runs/page', { unknown: 1 })).status).toBe(422);
  });
});

describe('the overview', () => {
  it('counts by state and by stretch, and groups failures by flow', async () => {
    const tags = ['overview'];
    await aRun('ok', 'COMPLETED', { tags });
    await aRun('bad-1', 'FAILED', { tags });
    await aRun('bad-2', 'CRASHED', { tags });
    await aRun('now', 'RUNNING', { tags });
    const { body } = await server.request<UiOverview>('POST', '/ui/overview', {
      flow_runs: { tags: { all_: tags } },
      window: { relative: '-1h' },
      buckets: 6,
    });
    expect(body.counts).toEqual({ COMPLETED: 1, FAILED: 1, CRASHED: 1, RUNNING: 1 });
    expect(body.buckets).toHaveLength(6);
    expect(body.buckets.at(-1)?.counts).toEqual(body.counts);
    expect(body.failures.map(({ flow_name, count }) => ({ flow_name, count }))).toEqual([{ flow_name: 'etl', count: 2 }]);
    expect(body.running.results.map((run) => run.name)).toEqual(['now']);
    expect(body.work_pools.map((pool) => pool.name)).toEqual(['local']);
  });
});

describe('a page of work pools', () => {
  it('counts workers and what waits', async () => {
    await server.request('POST', '/work_pools/', { name: 'busy', type: 'process' });
    await server.request('POST', '/work_pools/busy/workers/heartbeat', { name: 'w' });
    for (const type of ['RUNNING', 'PENDING', 'SCHEDULED']) await aRun(`busy ${type}`, type, { work_pool_name: 'busy' });
    const { body } = await server.request<UiWorkPoolPage>('POST', '/ui/work_pools/page', {
      work_pools: { name: { any_: ['busy'] } },
    });
    expect(body.results[0]).toMatchObject({ workers_online: 1, workers_total: 1, running: 1, pending: 1, scheduled: 1, late: 0 });
    expect(body.results[0]?.last_runs.map((run) => run.name).sort()).toEqual(['busy PENDING', 'busy RUNNING']);
  });
});

describe('the timeline of a flow run', () => {
  it('holds its task runs column by column', async () => {
    const run = await aRun('columns');
    for (const [index, key] of ['a', 'b', 'a'].entries())
      await server.request('POST', '/task_runs/', {
        flow_run_id: run.id,
        task_key: key,
        dynamic_key: String(index),
        name: `${key}${index}`,
        state: { type: 'RUNNING' },
      });
    const { body } = await server.request<UiTimeline>('GET', `/ui/flow_runs/${run.id}/timeline`);
    expect(body.name).toEqual(['a0', 'b1', 'a2']);
    expect(body.task_key.map((place) => body.task_keys[place])).toEqual(['a', 'b', 'a']);
    expect(body.states).toEqual([{ type: 'RUNNING', name: 'Running' }]);
    expect(body.end).toEqual([null, null, null]);
  });

  it('of an unknown run is not found', async () => {
    const answer = await server.request('GET', '/ui/flow_runs/00000000-0000-4000-8000-000000000000/timeline');
    expect(answer.status).toBe(404);
  });
});

describe('the live socket', () => {
  it('tells rows that match, and which runs do not any more', async () => {
    const { position } = await runPage({});
    const socket = await openLive();
    socket.send({
      op: 'sub',
      id: '1',
      topic: 'flow_runs',
      filter: { flow_runs: { state: { type: { any_: ['RUNNING'] } } } },
      position,
    });
    expect(await socket.next()).toMatchObject({ id: '1' });
    const run = await aRun('live');
    expect(await socket.next()).toMatchObject({ changes: [{ kind: 'flow_run', row: { id: run.id, name: 'live' } }] });
    await server.request('POST', `/flow_runs/${run.id}/set_state`, { state: { type: 'COMPLETED' }, force: true });
    expect(await socket.next()).toMatchObject({ changes: [{ kind: 'flow_run_gone', id: run.id }] });
    socket.close();
  });

  it('tells what came between an answer and the subscription', async () => {
    const { position } = await runPage({});
    const run = await aRun('between');
    const socket = await openLive();
    socket.send({ op: 'sub', id: '1', topic: 'flow_runs', filter: {}, position });
    await socket.next();
    expect(await socket.next()).toMatchObject({ changes: [{ kind: 'flow_run', row: { id: run.id } }] });
    socket.close();
  });

  it('tells what came since a page began to ask, when its answer has no position', async () => {
    const run = await aRun('asked');
    const socket = await openLive();
    socket.send({ op: 'sub', id: '1', topic: 'deployment', filter: { id: run.id }, back: 60_000 });
    expect(await socket.next()).toEqual({ id: '1', position: expect.any(String) });
    socket.send({ op: 'sub', id: '2', topic: 'counts', filter: {}, back: 60_000 });
    await socket.next();
    expect(await socket.next()).toMatchObject({ id: '2', changes: [{ kind: 'changed' }] });
    socket.close();
  });

  it('says reset to a position that it does not know', async () => {
    const socket = await openLive();
    socket.send({ op: 'sub', id: '1', topic: 'counts', filter: {}, position: 'another:3' });
    expect(await socket.next()).toMatchObject({ id: '1', reset: true });
    socket.close();
  });

  it('tells task runs and lines of one flow run only', async () => {
    const run = await aRun('mine');
    const other = await aRun('other');
    const socket = await openLive();
    socket.send({ op: 'sub', id: 'logs', topic: 'logs', filter: { flow_run_id: run.id } });
    await socket.next();
    const line = (flow_run_id: string, message: string) => ({
      name: 'l',
      level: 20,
      message,
      timestamp: '2026-01-01T00:00:00Z',
      flow_run_id,
    });
    await server.request('POST', '/logs/', [line(other.id, 'no'), line(run.id, 'yes')]);
    expect(await socket.next()).toMatchObject({ id: 'logs', changes: [{ kind: 'log', row: { message: 'yes' } }] });
    socket.close();
  });

  it('answers a topic or filter that makes no sense with an error', async () => {
    const socket = await openLive();
    socket.send({ op: 'sub', id: '1', topic: 'weather', filter: {} });
    expect(await socket.next()).toMatchObject({ id: '1', error: expect.any(String) });
    socket.send({ op: 'sub', id: '2', topic: 'flow_runs', filter: { unknown: 1 } });
    expect(await socket.next()).toMatchObject({ id: '2', error: expect.any(String) });
    socket.close();
  });
});

it('pages of flows and of deployments carry how often each ran', async () => {
  const flow = (await server.request<{ id: string }>('POST', '/flows/', { name: 'paged' })).body;
  const wanted = { name: 'main', flow_id: flow.id, tags: ['t'] };
  const deployment = (await server.request<{ id: string }>('POST', '/deployments/', wanted)).body;
  await server.request('POST', '/flow_runs/', { flow_id: flow.id, deployment_id: deployment.id, state: { type: 'COMPLETED' } });
  const flows = await server.request<UiFlowPage>('POST', '/ui/flows/page', { flows: { name: { any_: ['paged'] } } });
  expectContract('POST /ui/flows/page', flows.body);
  expect(flows.body).toMatchObject({ total: 1, results: [{ id: flow.id, name: 'paged' }] });
  const filter = { deployments: { name: { any_: ['main'] } } };
  const deployments = await server.request<UiDeploymentPage>('POST', '/ui/deployments/page', filter);
  expectContract('POST /ui/deployments/page', deployments.body);
  expect(deployments.body).toMatchObject({ total: 1, results: [{ id: deployment.id, flow_name: 'paged', tags: ['t'] }] });
});
