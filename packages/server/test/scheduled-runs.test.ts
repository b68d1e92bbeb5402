import type { FlowRunResponse, WorkerFlowRunResponse, WorkPoolConcurrencyStatus, WorkQueueResponse } from '@prefect-ts/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Topics } from '../src/events/bus.ts';
import { expectContract } from './contract.ts';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;
let flowId: string;
let pool: string;
let serial = 0;

beforeAll(async () => {
  server = await startTestServer();
  flowId = (await server.request<{ id: string }>('POST', '/flows/', { name: 'etl' })).body.id;
});
afterAll(() => server.stop());
beforeEach(async () => {
  serial += 1;
  pool = `pool-${serial}`;
  await server.request('POST', '/work_pools/', { name: pool, type: 'process' });
});

async function createRun(name: string, { queue = 'default', second = 0, ...body }: Record<string, unknown> = {}) {
  const scheduled_time = new Date(Date.UTC(2026, 0, 1, 12, 0, Number(second))).toISOString();
  const { status, body: run } = await server.request<FlowRunResponse>('POST', '/flow_runs/', {
    flow_id: flowId,
    name,
    work_pool_name: pool,
    work_queue_name: queue,
    state: { type: 'SCHEDULED', state_details: { scheduled_time } },
    ...body,
  });
  expect(status).toBe(201);
  return run;
}

function setState(id: string, type: string) {
  return server.request('POST', `/flow_runs/${id}/set_state`, { state: { type }, force: true });
}

function poll(body: object = {}) {
  return server.request<WorkerFlowRunResponse[]>('POST', `/work_pools/${pool}/get_scheduled_flow_runs`, body);
}

async function names(body: object = {}): Promise<string[]> {
  return (await poll(body)).body.map(({ flow_run }) => flow_run.name);
}

function createQueue(name: string, body: object = {}) {
  return server.request<WorkQueueResponse>('POST', `/work_pools/${pool}/queues`, { name, ...body });
}

/** Resolves with the next announcement that a kind of object changed. */
function nextChange(kind: Topics['changed']['kind']): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const stop = server.running.core.bus.subscribe('changed', (changed) => {
      if (changed.kind !== kind) return;
      stop();
      resolve(changed.ids);
    });
  });
}

describe('handing out runs', () => {
  it('answers the run as workers know it, without the state itself', async () => {
    const run = await createRun('one');
    const { body } = await poll();
    expect(body).toHaveLength(1);
    expectContract('POST /work_pools/{name}/get_scheduled_flow_runs', body);
    expect(body[0]).toMatchObject({
      work_queue_id: run.work_queue_id,
      work_pool_id: run.work_pool_id,
      flow_run: {
        id: run.id,
        name: 'one',
        state: null,
        state_id: run.state_id,
        state_type: 'SCHEDULED',
        state_name: 'Scheduled',
      },
    });
  });

  it('goes by the priority of queues, then by time, within the limits of queues and pool', async () => {
    await createQueue('hi', { priority: 1 });
    await createQueue('lo', { priority: 9, concurrency_limit: 1 });
    for (const [second, queue] of ['lo', 'default', 'hi'].entries()) {
      await createRun(`${queue}-late`, { queue, second: 30 + second });
      await createRun(`${queue}-early`, { queue, second });
    }
    expect(await names()).toEqual(['hi-early', 'hi-late', 'default-early', 'default-late', 'lo-early']);
    expect(await names({ limit: 1 })).toEqual(['hi-early']);
    expect(await names({ work_queue_names: ['lo', 'default'] })).toEqual(['default-early', 'default-late', 'lo-early']);
    await server.request('PATCH', `/work_pools/${pool}`, { concurrency_limit: 3 });
    expect(await names()).toEqual(['hi-early', 'hi-late', 'default-early']);
  });

  it('counts what is claimed or running against the limits, and not what is being cancelled', async () => {
    await server.request('PATCH', `/work_pools/${pool}`, { concurrency_limit: 3 });
    await createQueue('narrow', { concurrency_limit: 2 });
    const [claimed, running, cancelling] = [
      await createRun('claimed', { queue: 'narrow' }),
      await createRun('running'),
      await createRun('cancelling'),
    ];
    await setState(claimed.id, 'PENDING');
    await setState(running.id, 'RUNNING');
    await setState(cancelling.id, 'RUNNING');
    await setState(cancelling.id, 'CANCELLING');
    for (const second of [1, 2]) await createRun(`narrow-${second}`, { queue: 'narrow', second });
    // One of three slots of the pool is free, and one of two of the queue.
    expect(await names()).toEqual(['narrow-1']);
    await setState(running.id, 'COMPLETED');
    expect(await names()).toEqual(['narrow-1']);
    await createRun('other');
    expect(await names()).toEqual(['other', 'narrow-1']);

    const { body: status } = await server.request<WorkPoolConcurrencyStatus>('POST', `/work_pools/${pool}/concurrency_status`);
    expectContract('POST /work_pools/{name}/concurrency_status', status);
    expect(status).toMatchObject({ active_slots: 1, concurrency_limit: 3, count: 2, pages: 1 });
    expect(status.queues.map((queue) => [queue.queue_name, queue.active_slots, queue.flow_runs.map((run) => run.name)])).toEqual([
      ['default', 0, []],
      ['narrow', 1, ['claimed']],
    ]);
  });

  it('leaves out what is paused, not yet due, or retries in its own process', async () => {
    await createRun('in-process', { empirical_policy: { retry_type: 'in_process' } });
    await createRun('later', { second: 50 });
    await createQueue('idle', { is_paused: true });
    await createRun('held', { queue: 'idle' });
    await createRun('now', { second: 5 });
    expect(await names({ scheduled_before: '2026-01-01T12:00:10Z' })).toEqual(['now']);
    expect(await names({ scheduled_after: '2026-01-01T12:00:10Z' })).toEqual(['later']);
    await server.request('PATCH', `/work_pools/${pool}`, { is_paused: true });
    expect(await names()).toEqual([]);
  });

  it('tells of pools and queues that are not there, and of limits that are too large', async () => {
    expect(await poll({ work_queue_names: ['default', 'nope'] })).toMatchObject({
      status: 404,
      body: { detail: `Work pool queue '${pool}/nope' not found.` },
    });
    expect(await poll({ limit: 500 })).toMatchObject({
      status: 422,
      body: { detail: 'Invalid limit: must be less than or equal to 200.' },
    });
  });
});

describe('a poll', () => {
  it('makes queues ready, and the deployments whose runs they hold', async () => {
    const { body: queue } = await createQueue('polled');
    const { body: other } = await createQueue('silent');
    const deployment = await server.request<{ id: string; updated: string }>('POST', '/deployments/', {
      name: pool,
      flow_id: flowId,
      work_pool_name: pool,
      work_queue_name: 'polled',
    });
    const ready = nextChange('deployment');
    await poll({ work_queue_names: ['polled'] });
    expect(await ready).toEqual([deployment.body.id]);
    expect((await server.request('GET', `/work_queues/${queue.id}`)).body).toMatchObject({
      status: 'READY',
      last_polled: expect.any(String),
    });
    expect((await server.request('GET', `/work_queues/${other.id}`)).body).toMatchObject({
      status: 'NOT_READY',
      last_polled: null,
    });
    expect((await server.request('GET', `/deployments/${deployment.body.id}`)).body).toMatchObject({
      status: 'READY',
      updated: deployment.body.updated,
    });
  });

  it('writes nothing when the one before it was moments ago', async () => {
    const changed = nextChange('work-queue');
    await poll();
    await changed;
    const write = vi.spyOn(server.running.core.storage, 'write');
    try {
      for (let count = 0; count < 5; count += 1) expect((await poll()).status).toBe(200);
      expect(write).not.toHaveBeenCalled();
    } finally {
      write.mockRestore();
    }
  });

  it('is noted for a paused queue, which stays paused', async () => {
    await createQueue('idle', { is_paused: true });
    const changed = nextChange('work-queue');
    await poll();
    await changed;
    expect((await server.request('GET', `/work_pools/${pool}/queues/idle`)).body).toMatchObject({
      status: 'PAUSED',
      last_polled: expect.any(String),
    });
  });
});
