import { nowMicros, SECOND, type WorkerResponse } from '@prefect-ts/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { foreman } from '../src/services/foreman.ts';
import { expectContract } from './contract.ts';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;
let pool: string;
let serial = 0;
/** How far the server's clock is ahead of ours. */
let ahead = 0;

beforeAll(async () => {
  server = await startTestServer({
    clock: () => nowMicros() + ahead,
    environment: { PREFECT_SERVER_SERVICES_FOREMAN_ENABLED: 'false' },
  });
});
afterAll(() => server.stop());
beforeEach(async () => {
  serial += 1;
  pool = `pool-${serial}`;
  await server.request('POST', '/work_pools/', { name: pool, type: 'process' });
});

function heartbeat(name: string, body: object = {}) {
  return server.request('POST', `/work_pools/${pool}/workers/heartbeat`, { name, ...body });
}

async function workers(filter?: object) {
  return (await server.request<WorkerResponse[]>('POST', `/work_pools/${pool}/workers/filter`, { workers: filter })).body;
}

async function statusOf(path: string): Promise<unknown> {
  return (await server.request<{ status: unknown }>('GET', path)).body.status;
}

async function passTime(seconds: number): Promise<void> {
  ahead += seconds * SECOND;
  await foreman.run(server.running.core);
}

describe('a heartbeat', () => {
  it('makes a worker known, and its pool ready', async () => {
    expect((await heartbeat('w1', { heartbeat_interval_seconds: 10, metadata: {} })).status).toBe(204);
    await heartbeat('w1');
    await heartbeat('w2');
    const listed = await workers();
    expectContract('POST /work_pools/{work_pool_name}/workers/filter', listed);
    const [last, first] = listed;
    expect(last).toMatchObject({ name: 'w2', status: 'ONLINE', heartbeat_interval_seconds: null });
    expect(first).toMatchObject({ name: 'w1', status: 'ONLINE', heartbeat_interval_seconds: 10 });
    expect(await statusOf(`/work_pools/${pool}`)).toBe('READY');
  });

  it('does not wake a pool that is paused, which is ready again once resumed', async () => {
    await server.request('PATCH', `/work_pools/${pool}`, { is_paused: true });
    await heartbeat('w1');
    expect(await statusOf(`/work_pools/${pool}`)).toBe('PAUSED');
    await server.request('PATCH', `/work_pools/${pool}`, { is_paused: false });
    expect(await statusOf(`/work_pools/${pool}`)).toBe('READY');
  });
});

describe('a worker', () => {
  it('stays until it is deleted', async () => {
    await heartbeat('w1');
    expect((await server.request('DELETE', `/work_pools/${pool}/workers/w1`)).status).toBe(204);
    expect(await server.request('DELETE', `/work_pools/${pool}/workers/w1`)).toMatchObject({
      status: 404,
      body: { detail: 'Worker not found.' },
    });
  });

  it('is offline after three intervals of silence, and its pool not ready', async () => {
    await heartbeat('quick', { heartbeat_interval_seconds: 5 });
    await heartbeat('slow', { heartbeat_interval_seconds: 60 });
    await passTime(20);
    expect(Object.fromEntries((await workers()).map(({ name, status }) => [name, status]))).toEqual({
      quick: 'OFFLINE',
      slow: 'ONLINE',
    });
    expect((await workers({ status: { any_: ['OFFLINE'] } })).map(({ name }) => name)).toEqual(['quick']);
    expect(await statusOf(`/work_pools/${pool}`)).toBe('READY');
    await passTime(180);
    expect(await statusOf(`/work_pools/${pool}`)).toBe('NOT_READY');
    await heartbeat('quick');
    expect(await statusOf(`/work_pools/${pool}`)).toBe('READY');
  });

  it('is not missed where the server itself starts runs', async () => {
    await server.request('POST', '/work_pools/', { name: `${pool}-push`, type: 'cloud-run:push' });
    await passTime(300);
    expect(await statusOf(`/work_pools/${pool}-push`)).toBe('READY');
  });
});

describe('queues and deployments', () => {
  it('are not ready once nobody has polled them for a minute', async () => {
    const flow = (await server.request<{ id: string }>('POST', '/flows/', { name: 'etl' })).body;
    const { body } = await server.request<{ id: string; updated: string }>('POST', '/deployments/', {
      name: pool,
      flow_id: flow.id,
      work_pool_name: pool,
    });
    const deployment = `/deployments/${body.id}`;
    const queue = `/work_pools/${pool}/queues/default`;
    const ready = new Promise<void>((resolve) => {
      const stop = server.running.core.bus.subscribe('changed', ({ kind }) => {
        if (kind !== 'deployment') return;
        stop();
        resolve();
      });
    });
    await server.request('POST', `/work_pools/${pool}/get_scheduled_flow_runs`);
    await ready;
    await passTime(55);
    expect([await statusOf(queue), await statusOf(deployment)]).toEqual(['READY', 'READY']);
    await passTime(10);
    expect([await statusOf(queue), await statusOf(deployment)]).toEqual(['NOT_READY', 'NOT_READY']);
    expect((await server.request('GET', deployment)).body).toMatchObject({ updated: body.updated });
  });
});
