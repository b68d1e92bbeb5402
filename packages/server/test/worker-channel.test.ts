import { type FlowRunResponse, nowMicros, SECOND, uuid4, type WorkerResponse } from '@prefect-ts/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cancellingTimeout } from '../src/services/cancelling-timeout.ts';
import { cleanupReconciler } from '../src/services/cleanup-reconciler.ts';
import { startTestServer, type TestServer } from './server.ts';
import { openSocket, type TestSocket } from './socket.ts';

type Payload = Record<string, unknown>;

const READY_CAPABILITIES = ['worker_heartbeat.v1', 'work_pool_snapshot.v1'];
const CLEANUP = { message_id: expect.any(String), reservation_token: expect.any(String), lease_expires_at: expect.any(String) };

let server: TestServer;
let flowId: string;
let pool: string;
let serial = 0;
/** How far the server's clock is ahead of ours. */
let ahead = 0;
const open: TestSocket[] = [];

beforeAll(async () => {
  server = await startTestServer({
    clock: () => nowMicros() + ahead,
    environment: {
      PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_ENABLED: 'false',
      PREFECT_SERVER_SERVICES_CLEANUP_RECONCILER_ENABLED: 'false',
    },
  });
  flowId = (await server.request<{ id: string }>('POST', '/flows/', { name: 'etl' })).body.id;
});
afterAll(() => server.stop());
beforeEach(async () => {
  serial += 1;
  pool = `channel-${serial}`;
  await server.request('POST', '/work_pools/', { name: pool, type: 'process' });
});
afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

async function connect(name = pool): Promise<TestSocket> {
  const socket = await openSocket(server.running.apiUrl, `/work_pools/${name}/workers/connect`);
  open.push(socket);
  expect(await socket.next()).toEqual({ type: 'auth_success' });
  return socket;
}

function say(socket: TestSocket, type: string, payload: object): string {
  const id = uuid4();
  socket.send({ type, id, sent_at: new Date().toISOString(), payload });
  return id;
}

function aHello(members: object = {}): Payload {
  return {
    consumer_id: uuid4(),
    worker_name: 'w1',
    worker_type: 'process',
    heartbeat_interval_seconds: 30,
    supported_channel_versions: ['work_pool_worker_channel.v1'],
    requested_capabilities: [...READY_CAPABILITIES, 'cleanup_delivery.v1'],
    work_queue_names: [],
    handled_cleanup_kinds: ['cancelling_timeout_teardown.v1', 'pending_claim_teardown.v1'],
    max_cleanup_concurrency: 2,
    create_pool_if_not_found: false,
    default_base_job_template: {},
    worker_metadata: null,
    ...members,
  };
}

/** A worker on the channel that has said hello. */
async function aWorker(members: object = {}, name = pool): Promise<{ socket: TestSocket; hello: Payload; ready: Payload }> {
  const socket = await connect(name);
  const hello = aHello(members);
  say(socket, 'worker.hello.v1', hello);
  return { socket, hello, ready: await payloadOf(socket, 'worker.ready.v1') };
}

async function payloadOf(socket: TestSocket, type: string): Promise<Payload> {
  const frame = await socket.next();
  expect(frame).toEqual({ type, id: expect.any(String), sent_at: expect.any(String), payload: expect.anything() });
  return frame.payload as Payload;
}

async function refusal(members: object | string, name = pool): Promise<unknown> {
  const socket = await connect(name);
  if (typeof members === 'string') socket.send(members);
  else say(socket, 'worker.hello.v1', aHello(members));
  return socket.closed;
}

/** A run that was asked to end and never did. */
async function loseARun(queue = 'default'): Promise<string> {
  const wanted = { flow_id: flowId, work_pool_name: pool, work_queue_name: queue, state: { type: 'RUNNING' } };
  const { body: run } = await server.request<FlowRunResponse>('POST', '/flow_runs/', wanted);
  await server.request('PATCH', `/flow_runs/${run.id}`, { infrastructure_pid: `host:${serial}` });
  await server.request('POST', `/flow_runs/${run.id}/set_state`, { state: { type: 'CANCELLING' }, force: true });
  ahead += 301 * SECOND;
  await cancellingTimeout.run(server.running.core);
  return run.id;
}

async function settle(socket: TestSocket, word: 'ack' | 'release' | 'renew', cleanup: Payload): Promise<Payload> {
  const { message_id, reservation_token } = cleanup;
  const reason = word === 'release' ? { reason: 'infrastructure_not_available' } : {};
  const id = say(socket, `cleanup.${word}.v1`, { message_id, reservation_token, ...reason });
  const result = await payloadOf(socket, 'cleanup.operation_result.v1');
  expect(result).toMatchObject({ request_frame_id: id, message_id, operation: word });
  return result;
}

describe('a worker that says hello', () => {
  it('is told its pool and queues, and is known to be alive', async () => {
    const { hello, ready } = await aWorker();
    const shown = (await server.request<Payload>('GET', `/work_pools/${pool}`)).body;
    expect(shown.status).toBe('READY');
    expect(ready).toEqual({
      consumer_id: hello.consumer_id,
      worker_id: null,
      selected_channel_version: 'work_pool_worker_channel.v1',
      effective_heartbeat_interval_seconds: 30,
      accepted_capabilities: [...READY_CAPABILITIES, 'cleanup_delivery.v1'],
      rejected_capabilities: [],
      effective_max_cleanup_concurrency: 2,
      resolved_work_queues: [{ id: shown.default_queue_id, name: 'default' }],
      initial_snapshot: { snapshot_sequence: 1, reason: 'initial', work_pool: shown },
    });
    const { body: workers } = await server.request<WorkerResponse[]>('POST', `/work_pools/${pool}/workers/filter`, {});
    expect(workers).toMatchObject([{ name: 'w1', status: 'ONLINE', heartbeat_interval_seconds: 30 }]);
  });

  it('gets no cleanups unless it can do some', async () => {
    for (const unable of [{ max_cleanup_concurrency: 0 }, { handled_cleanup_kinds: [] }])
      expect((await aWorker(unable)).ready).toMatchObject({
        accepted_capabilities: READY_CAPABILITIES,
        rejected_capabilities: ['cleanup_delivery.v1'],
        effective_max_cleanup_concurrency: 0,
      });
    const { work_queue_names, handled_cleanup_kinds, ...least } = aHello({ requested_capabilities: READY_CAPABILITIES });
    const socket = await connect();
    say(socket, 'worker.hello.v1', least);
    expect(await payloadOf(socket, 'worker.ready.v1')).toMatchObject({ rejected_capabilities: [] });
  });

  it('may make its pool, and gives one that has none its job template', async () => {
    const template = {
      job_configuration: { command: '{{ command }}' },
      variables: { properties: { command: { type: 'string' } } },
    };
    const made = { create_pool_if_not_found: true, default_base_job_template: template };
    const { ready } = await aWorker(made, `${pool}-made`);
    expect(ready.initial_snapshot).toMatchObject({ work_pool: { name: `${pool}-made`, base_job_template: template } });
    await aWorker({ default_base_job_template: template });
    expect((await server.request('GET', `/work_pools/${pool}`)).body).toMatchObject({ base_job_template: template });
    await aWorker({ default_base_job_template: { job_configuration: { a: 1 }, variables: { properties: {} } } });
    expect((await server.request('GET', `/work_pools/${pool}`)).body).toMatchObject({ base_job_template: template });
  });

  it('hears which queues its names stand for', async () => {
    const { body: queue } = await server.request<{ id: string }>('POST', `/work_pools/${pool}/queues`, { name: 'mine' });
    const { ready } = await aWorker({ work_queue_names: ['mine'] });
    expect(ready.resolved_work_queues).toEqual([{ id: queue.id, name: 'mine' }]);
  });

  it('is refused with a word that says whether to try again', async () => {
    const unauthorized = { code: 1008, reason: 'authorization_failed' };
    expect(await refusal({}, `${pool}-missing`)).toEqual(unauthorized);
    expect(await refusal({ create_pool_if_not_found: true }, 'Prefect-pool')).toEqual(unauthorized);
    expect(await refusal({ work_queue_names: ['missing'] })).toEqual(unauthorized);
    const version = { supported_channel_versions: ['work_pool_worker_channel.v9'] };
    expect(await refusal(version)).toEqual({ code: 1008, reason: 'unsupported_version' });
    for (const wrong of [
      'no frame',
      '[]',
      { surprise: 1 },
      { worker_name: '' },
      { heartbeat_interval_seconds: 0 },
      { default_base_job_template: { job_configuration: { command: '{{ missing }}' }, variables: { properties: {} } } },
      { handled_cleanup_kinds: ['everything'] },
      { requested_capabilities: ['worker_heartbeat.v1'] },
    ])
      expect(await refusal(wrong)).toEqual({ code: 1002, reason: 'protocol_error' });
    expect((await server.request('GET', `/work_pools/${pool}-missing`)).status).toBe(404);
  });

  it('says who it is first', async () => {
    const guarded = await startTestServer({ environment: { PREFECT_SERVER_API_AUTH_STRING: 'me:secret' } });
    try {
      for (const token of ['me:wrong', null]) {
        const socket = await openSocket(guarded.running.apiUrl, `/work_pools/${pool}/workers/connect`, token);
        expect(await socket.closed).toEqual({ code: 1008, reason: 'authentication_failed' });
      }
    } finally {
      await guarded.stop();
    }
  });
});

describe('a heartbeat on the channel', () => {
  it('keeps the worker alive', async () => {
    const { socket, hello } = await aWorker();
    ahead += 60 * SECOND;
    const before = server.running.core.clock();
    const heartbeat = { consumer_id: hello.consumer_id, worker_name: 'w1', heartbeat_interval_seconds: 10 };
    say(socket, 'worker.heartbeat.v1', heartbeat);
    await socket.flushed();
    // The pong only says that the frame was taken; the next one is taken when it is stored.
    say(socket, 'worker.heartbeat.v1', heartbeat);
    await socket.flushed();
    const { body: workers } = await server.request<WorkerResponse[]>('POST', `/work_pools/${pool}/workers/filter`, {});
    expect(workers).toMatchObject([{ heartbeat_interval_seconds: 10 }]);
    expect(Date.parse(workers[0]?.last_heartbeat_time ?? '') * 1000).toBeGreaterThanOrEqual(before - 1000);
  });

  it('of somebody else is an error', async () => {
    for (const wrong of [{ worker_name: 'w2' }, { consumer_id: uuid4() }]) {
      const { socket, hello } = await aWorker();
      const heartbeat = { consumer_id: hello.consumer_id, worker_name: 'w1', heartbeat_interval_seconds: 10 };
      say(socket, 'worker.heartbeat.v1', { ...heartbeat, ...wrong });
      expect(await socket.closed).toEqual({ code: 1002, reason: 'protocol_error' });
    }
  });
});

describe('a pool that changes', () => {
  it('is shown to its workers: changes that come together as one, and only what they act upon', async () => {
    const { socket } = await aWorker();
    const change = async (body: object) => {
      expect((await server.request('PATCH', `/work_pools/${pool}`, body)).status).toBe(204);
    };
    await change({ description: 'nobody cares' });
    await change({ concurrency_limit: 3 });
    expect(await payloadOf(socket, 'work_pool.snapshot.v1')).toMatchObject({
      snapshot_sequence: 2,
      reason: 'work_pool_updated',
      work_pool: { concurrency_limit: 3, description: 'nobody cares' },
    });
    await Promise.all([change({ is_paused: true }), change({ concurrency_limit: 4 })]);
    await change({ base_job_template: { job_configuration: { a: 1 }, variables: { properties: {} } } });
    let last: Payload = {};
    do last = await payloadOf(socket, 'work_pool.snapshot.v1');
    while (Object.keys((last.work_pool as Payload).base_job_template as object).length === 0);
    expect(last).toMatchObject({ work_pool: { concurrency_limit: 4, is_paused: true } });
  });

  it('ends the channel when it is deleted', async () => {
    const { socket } = await aWorker();
    await server.request('DELETE', `/work_pools/${pool}`);
    expect(await socket.closed).toEqual({ code: 1008, reason: 'authorization_failed' });
  });
});

describe('infrastructure of a run that was cancelled in vain', () => {
  it('is given to a worker to take down', async () => {
    const { socket } = await aWorker();
    const run = await loseARun();
    const cleanup = await payloadOf(socket, 'cleanup.message.v1');
    const { body: queue } = await server.request<{ id: string }>('GET', `/work_pools/${pool}/queues/default`);
    expect(cleanup).toEqual({
      ...CLEANUP,
      delivery_count: 1,
      work_queue_id: queue.id,
      kind: 'cancelling_timeout_teardown.v1',
      target: { flow_run_id: run, infrastructure_pid: `host:${serial}` },
      data: {},
    });
    expect(await settle(socket, 'ack', cleanup)).toMatchObject({ status: 'accepted', reason: null });
    const twice = { status: 'not_found', reason: 'message_not_found' };
    expect(await settle(socket, 'ack', cleanup)).toMatchObject(twice);
  });

  it('waits for a worker that can, and goes to one of them only, in any of the queues', async () => {
    await aWorker({ requested_capabilities: READY_CAPABILITIES });
    await server.request('POST', `/work_pools/${pool}/queues`, { name: 'other' });
    const lost = [await loseARun(), await loseARun('other')];
    const workers = [await aWorker({ max_cleanup_concurrency: 1 }), await aWorker({ max_cleanup_concurrency: 1 })];
    const taken = await Promise.all(workers.map(({ socket }) => payloadOf(socket, 'cleanup.message.v1')));
    expect(taken.map(({ target }) => (target as Payload).flow_run_id).sort()).toEqual(lost.sort());
  });

  it('comes one by one to a worker that does one at a time', async () => {
    const lost = [await loseARun(), await loseARun(), await loseARun()];
    const { socket } = await aWorker({ max_cleanup_concurrency: 1 });
    const taken: unknown[] = [];
    while (taken.length < lost.length) {
      const cleanup = await payloadOf(socket, 'cleanup.message.v1');
      taken.push((cleanup.target as Payload).flow_run_id);
      expect((await settle(socket, 'ack', cleanup)).status).toBe('accepted');
    }
    expect(taken).toEqual(lost);
  });

  it('is not asked for of pools without workers, nor of runs without a pool', async () => {
    await server.request('POST', '/work_pools/', { name: `${pool}-push`, type: 'ecs:push' });
    const at = pool;
    pool = `${at}-push`;
    await loseARun();
    pool = at;
    const { read, storage } = server.running.core;
    expect(await read.all(storage.builder.selectFrom('worker_cleanup').selectAll())).not.toContainEqual(
      expect.objectContaining({ target: expect.stringContaining(`host:${serial}`) }),
    );
  });

  it('goes to another worker when the first one releases it, and is given up the third time', async () => {
    const { socket } = await aWorker();
    await loseARun();
    const first = await payloadOf(socket, 'cleanup.message.v1');
    expect(await settle(socket, 'release', first)).toMatchObject({ status: 'accepted' });
    const second = await payloadOf(socket, 'cleanup.message.v1');
    expect(second).toMatchObject({ message_id: first.message_id, delivery_count: 2 });
    const stale = { status: 'invalid_token', reason: 'reservation_token_mismatch' };
    expect(await settle(socket, 'ack', first)).toMatchObject(stale);
    await settle(socket, 'release', second);
    const third = await payloadOf(socket, 'cleanup.message.v1');
    const givenUp = { status: 'dead_lettered', reason: 'max_delivery_attempts_reached' };
    expect(await settle(socket, 'release', third)).toMatchObject(givenUp);
    expect(await settle(socket, 'ack', third)).toMatchObject({ status: 'not_found' });
  });

  it("is anybody's again when a worker is gone with it, unless it says in time that it needs longer", async () => {
    const { socket: vanishing } = await aWorker();
    await loseARun();
    const cleanup = await payloadOf(vanishing, 'cleanup.message.v1');
    ahead += 20 * SECOND;
    const renewed = await settle(vanishing, 'renew', cleanup);
    expect(renewed.status).toBe('accepted');
    expect(Date.parse(String(renewed.lease_expires_at))).toBeGreaterThan(Date.parse(String(cleanup.lease_expires_at)));
    ahead += 20 * SECOND;
    await cleanupReconciler.run(server.running.core);
    vanishing.socket.terminate();
    const { socket: other } = await aWorker();
    await other.flushed();
    ahead += 11 * SECOND;
    await cleanupReconciler.run(server.running.core);
    const again = await payloadOf(other, 'cleanup.message.v1');
    expect(again).toMatchObject({ message_id: cleanup.message_id, delivery_count: 2 });
    ahead += 31 * SECOND;
    expect(await settle(other, 'ack', again)).toMatchObject({ status: 'expired' });
  });

  it('survives a restart of the server', async () => {
    const run = await loseARun();
    await server.restart();
    const { socket } = await aWorker();
    expect(await payloadOf(socket, 'cleanup.message.v1')).toMatchObject({ target: { flow_run_id: run } });
  });

  it('is forgotten when nobody came for it within a day, and with its pool', async () => {
    await loseARun();
    const { read, storage } = server.running.core;
    const waiting = () => read.all(storage.builder.selectFrom('worker_cleanup').select('target'));
    ahead += 86_401 * SECOND;
    await cleanupReconciler.run(server.running.core);
    expect(await waiting()).toEqual([]);
    await loseARun();
    expect(await waiting()).toHaveLength(1);
    await server.request('DELETE', `/work_pools/${pool}`);
    expect(await waiting()).toEqual([]);
  });
});
