import { type FlowRunResponse, formatTimestamp, SECOND } from '@prefect-ts/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './server.ts';
import { openSocket, type TestSocket } from './socket.ts';

let server: TestServer;
let flowId: string;
let pool: string;
let serial = 0;
const open: TestSocket[] = [];

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
afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

async function subscribe(subscription: object = {}): Promise<TestSocket> {
  const socket = await openSocket(server.running.apiUrl, `/work_pools/${pool}/wake`);
  open.push(socket);
  expect(await socket.next()).toEqual({ type: 'auth_success' });
  socket.send({ type: 'subscribe', work_queue_names: null, worker_name: 'w', ...subscription });
  await socket.flushed();
  return socket;
}

async function createRun(secondsFromNow = 0, queue = 'default') {
  const scheduled_time = new Date(Date.now() + secondsFromNow * 1000).toISOString();
  const { body } = await server.request<FlowRunResponse>('POST', '/flow_runs/', {
    flow_id: flowId,
    work_pool_name: pool,
    work_queue_name: queue,
    state: { type: 'SCHEDULED', state_details: { scheduled_time } },
  });
  return body;
}

function setState(id: string, type: string) {
  return server.request('POST', `/flow_runs/${id}/set_state`, { state: { type }, force: true });
}

const WAKE = { type: 'wake', at: expect.any(String) };

describe('a worker that waits', () => {
  it('is woken for a run that is created due', async () => {
    const socket = await subscribe();
    await createRun();
    expect(await socket.next()).toEqual(WAKE);
  });

  it('is woken once for runs that come together', async () => {
    await createRun();
    const socket = await subscribe();
    // The wake for the run that waits tells that the server has read which queues this worker serves.
    expect(await socket.next()).toEqual(WAKE);
    const { bus, clock } = server.running.core;
    const { body: queue } = await server.request<{ id: string }>('GET', `/work_pools/${pool}/queues/default`);
    for (let count = 0; count < 3; count += 1) bus.publish('due', { workQueueId: queue.id, at: clock() });
    expect(await socket.next()).toEqual(WAKE);
    const at = clock() + 5 * SECOND;
    bus.publish('due', { workQueueId: queue.id, at });
    expect(await socket.next()).toEqual({ type: 'wake', at: formatTimestamp(at) });
  });

  it('is woken for what was due before it came', async () => {
    await createRun();
    expect(await (await subscribe()).next()).toEqual(WAKE);
  });

  it('is woken when a planned run may be claimed, whether it was planned before or after', async () => {
    await createRun(1);
    const before = await subscribe({ prefetch_seconds: 0.5 });
    expect(await before.next()).toEqual(WAKE);
    await createRun(0.7);
    expect(await before.next()).toEqual(WAKE);
  });

  it('hears nothing of queues that it does not serve', async () => {
    await server.request('POST', `/work_pools/${pool}/queues`, { name: 'mine' });
    const socket = await subscribe({ work_queue_names: ['mine'] });
    await createRun(0, 'default');
    const run = await createRun(0, 'mine');
    const woken = (await socket.next()) as { at: string };
    // The run of the other queue would have woken it with an earlier time.
    expect(woken.at >= (run.expected_start_time ?? '')).toBe(true);
  });

  it('is woken when a slot becomes free, a limit rises or its pool is resumed', async () => {
    const run = await createRun();
    const socket = await subscribe();
    await socket.next();
    await setState(run.id, 'RUNNING');
    await setState(run.id, 'COMPLETED');
    expect(await socket.next()).toEqual(WAKE);

    await createRun();
    expect(await socket.next()).toEqual(WAKE);
    await server.request('PATCH', `/work_pools/${pool}`, { concurrency_limit: 4 });
    expect(await socket.next()).toEqual(WAKE);
    await server.request('PATCH', `/work_pools/${pool}`, { is_paused: true });
    expect(await socket.next()).toEqual(WAKE);
    await server.request('PATCH', `/work_pools/${pool}`, { is_paused: false });
    expect(await socket.next()).toEqual(WAKE);
  });

  it('is woken when a slot of its pool becomes free in another queue', async () => {
    await server.request('PATCH', `/work_pools/${pool}`, { concurrency_limit: 1 });
    await server.request('POST', `/work_pools/${pool}/queues`, { name: 'mine' });
    const run = await createRun(0, 'default');
    const socket = await subscribe({ work_queue_names: ['mine'] });
    await setState(run.id, 'RUNNING');
    await setState(run.id, 'COMPLETED');
    expect(await socket.next()).toEqual(WAKE);
  });

  it('is sent away from a pool that is not there, or without a subscription', async () => {
    const lost = await openSocket(server.running.apiUrl, '/work_pools/nope/wake');
    await lost.next();
    lost.send({ type: 'subscribe', work_queue_names: [] });
    expect(await lost.closed).toEqual({ code: 1008, reason: 'Work pool "nope" not found.' });
    const mute = await openSocket(server.running.apiUrl, `/work_pools/${pool}/wake`);
    await mute.next();
    mute.send({ type: 'hello' });
    expect(await mute.closed).toMatchObject({ code: 1002 });
  });
});
