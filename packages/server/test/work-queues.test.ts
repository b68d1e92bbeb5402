import type { WorkQueueResponse } from '@prefect-ts/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from './contract.ts';
import { recordedEvents } from './recorded-events.ts';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;
let pool: string;
let serial = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  serial += 1;
  pool = `pool-${serial}`;
  await server.request('POST', '/work_pools/', { name: pool, type: 'process' });
});

const at = (path: string) => `/work_pools/${pool}/queues${path}`;

function create(name: string, body: object = {}) {
  return server.request<WorkQueueResponse>('POST', at(''), { name, ...body });
}

async function priorities(): Promise<Record<string, number>> {
  const { body } = await server.request<WorkQueueResponse[]>('POST', at('/filter'), {});
  return Object.fromEntries(body.map(({ name, priority }) => [name, priority]));
}

describe('a queue of a pool', () => {
  it('gets the first free priority', async () => {
    expect((await create('second')).body).toMatchObject({ priority: 2, status: 'NOT_READY', description: '', last_polled: null });
    await create('ninth', { priority: 9 });
    const { body: listed } = await server.request('POST', at('/filter'), {});
    expectContract('POST /work_pools/{work_pool_name}/queues/filter', listed);
    expect((await create('third')).body.priority).toBe(3);
  });

  it('pushes others back only as far as it must', async () => {
    await create('q2');
    await create('q3', { priority: 1 });
    expect(await priorities()).toEqual({ q3: 1, default: 2, q2: 3 });
    await create('q9', { priority: 9 });
    expect(await priorities()).toEqual({ q3: 1, default: 2, q2: 3, q9: 9 });
    await server.request('PATCH', at('/q9'), { priority: 2 });
    expect(await priorities()).toEqual({ q3: 1, q9: 2, default: 3, q2: 4 });
    await server.request('DELETE', at('/q9'));
    expect(await priorities()).toEqual({ q3: 1, default: 3, q2: 4 });
  });

  it('is found by its name, and by its id on the older routes', async () => {
    const { id } = (await create('fast', { concurrency_limit: 2 })).body;
    expect((await server.request('GET', at('/fast'))).body).toMatchObject({ id, active_slots: 0, work_pool_name: pool });
    expect((await server.request('GET', `/work_queues/${id}`)).body).toMatchObject({ name: 'fast' });
    expect(await server.request('GET', at('/slow'))).toMatchObject({
      status: 404,
      body: { detail: `Work pool queue '${pool}/slow' not found.` },
    });
    const { body } = await server.request<WorkQueueResponse[]>('POST', at('/filter'), {
      work_queues: { name: { startswith_: ['FA'] } },
    });
    expect(body.map(({ name }) => name)).toEqual(['fast']);
  });

  it('has a name of its own in its pool', async () => {
    await create('fast');
    expect(await create('fast')).toMatchObject({
      status: 409,
      body: { detail: `A work queue with this name already exists in work pool '${pool}'.` },
    });
    expect((await server.request('PATCH', at('/fast'), { name: 'default' })).status).toBe(409);
    expect((await server.request('PATCH', at('/fast'), { name: 'faster' })).status).toBe(204);
    expect((await server.request('GET', at('/faster'))).status).toBe(200);
  });

  it('is paused, and resumed into what its last poll says', async () => {
    const { id } = (await create('fast')).body;
    await server.request('PATCH', at('/fast'), { is_paused: true });
    expect((await server.request('GET', at('/fast'))).body).toMatchObject({ is_paused: true, status: 'PAUSED' });
    await server.request('PATCH', at('/fast'), { is_paused: false });
    expect((await server.request('GET', at('/fast'))).body).toMatchObject({ is_paused: false, status: 'NOT_READY' });
    await server.request('PATCH', at('/fast'), { is_paused: true, last_polled: new Date().toISOString() });
    await server.request('PATCH', `/work_queues/${id}`, { is_paused: false });
    expect((await server.request('GET', at('/fast'))).body).toMatchObject({ status: 'READY' });
    const events = await recordedEvents(server, `prefect.work-queue.${id}`);
    expect(events.map(({ event }) => event)).toEqual(
      ['created', 'paused', 'not-ready', 'paused', 'ready'].map((change) => `prefect.work-queue.${change}`),
    );
    expect(events[0]?.related).toMatchObject([{ 'prefect.resource.name': pool, 'prefect.work-pool.type': 'process' }]);
  });

  it('cannot go while it is the default of its pool', async () => {
    expect(await server.request('DELETE', at('/default'))).toMatchObject({
      status: 409,
      body: { detail: "Can't delete a pool's default queue." },
    });
    await create('fast');
    expect((await server.request('DELETE', at('/fast'))).status).toBe(204);
    expect((await server.request('DELETE', at('/fast'))).status).toBe(404);
  });
});

describe('a queue without a named pool', () => {
  it('lives in a pool that is made for it', async () => {
    const { status, body } = await server.request<WorkQueueResponse>('POST', '/work_queues/', {
      name: 'old',
      concurrency_limit: 1,
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ work_pool_name: 'default-agent-pool', priority: 2 });
    expect((await server.request('GET', '/work_queues/name/old')).body).toMatchObject({ id: body.id });
    expect(await server.request('POST', '/work_queues/', { name: 'old' })).toMatchObject({
      status: 409,
      body: { detail: 'A work queue with this name already exists.' },
    });
    expect(await server.request('GET', '/work_queues/name/nope')).toMatchObject({
      status: 404,
      body: { detail: 'work queue not found' },
    });
    expect((await server.request('DELETE', `/work_queues/${body.id}`)).status).toBe(204);
    expect((await server.request('GET', `/work_queues/${body.id}`)).status).toBe(404);
  });

  it('is healthy while it is polled and nothing is late', async () => {
    const { id } = (await server.request<WorkQueueResponse>('POST', '/work_queues/', { name: 'healthy' })).body;
    expect((await server.request('GET', `/work_queues/${id}/status`)).body).toEqual({
      healthy: false,
      late_runs_count: 0,
      last_polled: null,
      health_check_policy: { maximum_late_runs: 0, maximum_seconds_since_last_polled: 60 },
    });
    await server.request('PATCH', `/work_queues/${id}`, { last_polled: new Date().toISOString() });
    expect((await server.request('GET', `/work_queues/${id}/status`)).body).toMatchObject({ healthy: true });

    const flow = (await server.request<{ id: string }>('POST', '/flows/', { name: 'etl' })).body;
    await server.request('POST', '/flow_runs/', {
      flow_id: flow.id,
      work_pool_name: 'default-agent-pool',
      work_queue_name: 'healthy',
      state: { type: 'SCHEDULED', name: 'Late' },
    });
    expect((await server.request('GET', `/work_queues/${id}/status`)).body).toMatchObject({ healthy: false, late_runs_count: 1 });
    expect((await server.request<object[]>('POST', `/work_queues/${id}/get_runs`, {})).body).toHaveLength(1);
    expect(await server.request('GET', `/work_queues/${crypto.randomUUID()}/status`)).toMatchObject({ status: 404 });
  });

  it('hands out its runs while one that is being cancelled keeps its slot', async () => {
    const { id } = (await server.request<WorkQueueResponse>('POST', '/work_queues/', { name: 'one', concurrency_limit: 1 })).body;
    const flow = (await server.request<{ id: string }>('POST', '/flows/', { name: 'etl' })).body;
    const createRun = async (name: string) =>
      (
        await server.request<{ id: string }>('POST', '/flow_runs/', {
          flow_id: flow.id,
          name,
          work_pool_name: 'default-agent-pool',
          work_queue_name: 'one',
          state: { type: 'SCHEDULED' },
        })
      ).body;
    const getRuns = async () =>
      (await server.request<{ name: string }[]>('POST', `/work_queues/${id}/get_runs`, {}, { 'x-prefect-ui': 'true' })).body.map(
        ({ name }) => name,
      );
    const first = await createRun('first');
    await createRun('second');
    expect(await getRuns()).toEqual(['first']);
    for (const type of ['RUNNING', 'CANCELLING'])
      await server.request('POST', `/flow_runs/${first.id}/set_state`, { state: { type }, force: true });
    expect(await getRuns()).toEqual([]);
    const { body: status } = await server.request('POST', `/work_queues/${id}/concurrency_status`);
    expectContract('POST /work_queues/{id}/concurrency_status', status);
    expect(status).toMatchObject({ active_slots: 1, count: 1, flow_runs: [{ name: 'first', state_type: 'CANCELLING' }] });
    // Somebody who only looks does not poll.
    expect((await server.request('GET', `/work_queues/${id}`)).body).toMatchObject({ last_polled: null, active_slots: 1 });
  });

  it('of the oldest kind finds its runs by their tags', async () => {
    const { body: queue } = await server.request<WorkQueueResponse>('POST', '/work_queues/', {
      name: 'tagged',
      filter: { tags: ['nightly'] },
    });
    const flow = (await server.request<{ id: string }>('POST', '/flows/', { name: 'etl' })).body;
    for (const tags of [['nightly', 'db'], ['db']])
      await server.request('POST', '/flow_runs/', { flow_id: flow.id, tags, state: { type: 'SCHEDULED' } });
    const { body } = await server.request<{ tags: string[] }[]>('POST', `/work_queues/${queue.id}/get_runs`, {});
    expect(body.map(({ tags }) => tags)).toEqual([['nightly', 'db']]);
  });
});
