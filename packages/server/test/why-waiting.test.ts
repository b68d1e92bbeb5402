import type { FlowRunResponse, UiWaitingReason } from '@prefect-ts/protocol';
import { formatTimestamp, nowMicros, SECOND } from '@prefect-ts/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;
let flowId: string;
let pool: string;
let serial = 0;
let offset = 0;

beforeAll(async () => {
  server = await startTestServer({
    clock: () => nowMicros() + offset,
    environment: { PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED: 'false', PREFECT_SERVER_SERVICES_FOREMAN_ENABLED: 'false' },
  });
  flowId = (await server.request<{ id: string }>('POST', '/flows/', { name: 'etl' })).body.id;
});
afterAll(() => server.stop());
beforeEach(async () => {
  serial += 1;
  pool = `pool-${serial}`;
  await server.request('POST', '/work_pools/', { name: pool, type: 'process' });
});

const secondsFromNow = (seconds: number) => formatTimestamp(server.running.core.clock() + seconds * SECOND);

async function createRun(body: object = {}, inSeconds = 0): Promise<FlowRunResponse> {
  const state = { type: 'SCHEDULED', state_details: { scheduled_time: secondsFromNow(inSeconds) } };
  return (await server.request<FlowRunResponse>('POST', '/flow_runs/', { flow_id: flowId, state, ...body })).body;
}

const inPool = (body: object = {}, inSeconds = 0) => createRun({ work_pool_name: pool, ...body }, inSeconds);
const why = async ({ id }: { id: string }) => (await server.request<UiWaitingReason[]>('GET', `/ui/flow_runs/${id}/why`)).body;
const setState = ({ id }: { id: string }, state: object, force = true) =>
  server.request('POST', `/flow_runs/${id}/set_state`, { state, force });
const beat = () =>
  server.request('POST', `/work_pools/${pool}/workers/heartbeat`, { name: 'w1', heartbeat_interval_seconds: 30 });

/** A worker asks for runs, and takes none; the server writes that down behind the answer. */
async function poll(): Promise<void> {
  const lastPolled = async () =>
    (await server.request<{ last_polled: string | null }>('GET', `/work_pools/${pool}/queues/default`)).body.last_polled;
  const before = await lastPolled();
  await server.request('POST', `/work_pools/${pool}/get_scheduled_flow_runs`, {});
  await expect.poll(lastPolled).not.toBe(before);
}

describe('a run that does not run', () => {
  it('is not due', async () => {
    const run = await inPool({}, 600);
    expect(await why(run)).toMatchObject([{ code: 'not_due', next_check: run.expected_start_time, blockers: [] }]);
  });

  it('waits for its next attempt', async () => {
    const run = await inPool();
    const scheduled_time = secondsFromNow(60);
    await setState(run, { type: 'SCHEDULED', name: 'AwaitingRetry', state_details: { scheduled_time } });
    expect(await why(run)).toMatchObject([{ code: 'retry_delay', next_check: scheduled_time }]);
  });

  it('has a pool and a queue that are paused', async () => {
    const run = await inPool();
    await beat();
    await poll();
    await server.request('PATCH', `/work_pools/${pool}`, { is_paused: true });
    await server.request('PATCH', `/work_pools/${pool}/queues/default`, { is_paused: true });
    const reasons = await why(run);
    expect(reasons.map(({ code }) => code)).toEqual(['pool_paused', 'queue_paused']);
    expect(reasons[0]).toMatchObject({ blockers: [{ kind: 'work-pool', name: pool }], since: expect.any(String) });
  });

  it('has no worker: none at all, none that is online, or none that asks its queue', async () => {
    const run = await inPool();
    expect(await why(run)).toMatchObject([{ code: 'no_worker_online', blockers: [], message: expect.stringContaining(pool) }]);
    await beat();
    expect(await why(run)).toMatchObject([{ code: 'no_worker_online', blockers: [{ kind: 'work-queue', name: 'default' }] }]);
    offset += 120 * SECOND;
    expect(await why(run)).toMatchObject([{ code: 'no_worker_online', blockers: [{ kind: 'worker', name: 'w1' }] }]);
  });

  it('has no slot of its pool or queue, and is told who holds them', async () => {
    await server.request('PATCH', `/work_pools/${pool}`, { concurrency_limit: 1 });
    await server.request('PATCH', `/work_pools/${pool}/queues/default`, { concurrency_limit: 1 });
    await beat();
    const holder = await inPool();
    await setState(holder, { type: 'RUNNING' });
    const run = await inPool();
    await poll();
    const held = { limit: 1, used: 1, blockers: [{ kind: 'flow-run', id: holder.id, name: holder.name }] };
    expect(await why(run)).toMatchObject([
      { code: 'pool_limit', ...held },
      { code: 'queue_limit', ...held },
    ]);
    expect(await why(holder)).toEqual([]);
  });

  it('has no slot of its deployment, before and after it asked for one', async () => {
    const { body } = await server.request<{ id: string }>('POST', '/deployments/', {
      name: `limited-${serial}`,
      flow_id: flowId,
      work_pool_name: pool,
      concurrency_limit: 1,
    });
    await beat();
    const holder = await inPool({ deployment_id: body.id });
    await setState(holder, { type: 'PENDING' }, false);
    const run = await inPool({ deployment_id: body.id });
    await poll();
    const held = { code: 'deployment_limit', limit: 1, used: 1, blockers: [{ kind: 'flow-run', id: holder.id }] };
    expect(await why(run)).toMatchObject([held]);
    await setState(run, { type: 'PENDING' }, false);
    expect(await why(run)).toMatchObject([{ ...held, next_check: expect.any(String) }]);
    await setState(holder, { type: 'COMPLETED' });
    expect(await why(run)).toMatchObject([{ code: 'deployment_limit', blockers: [], next_check: expect.any(String) }]);
  });

  it('was cancelled because its deployment was full', async () => {
    const { body } = await server.request<{ id: string }>('POST', '/deployments/', {
      name: `cancelling-${serial}`,
      flow_id: flowId,
      concurrency_limit: 1,
      concurrency_options: { collision_strategy: 'CANCEL_NEW' },
    });
    await setState(await createRun({ deployment_id: body.id }), { type: 'PENDING' }, false);
    const run = await createRun({ deployment_id: body.id });
    await setState(run, { type: 'PENDING' }, false);
    expect(await why(run)).toMatchObject([{ code: 'collision_cancelled', limit: 1 }]);
  });

  it('is left by workers that are full', async () => {
    const run = await inPool();
    await beat();
    expect(await why(run)).toMatchObject([{ code: 'no_worker_online' }]);
    await poll();
    expect(await why(run)).toMatchObject([{ code: 'unknown', next_check: expect.any(String) }]);
    offset += 20 * SECOND;
    await poll();
    expect(await why(run)).toMatchObject([{ code: 'worker_slots_full' }]);
  });

  it('is being started, or waits for somebody', async () => {
    const run = await inPool();
    await setState(run, { type: 'PENDING', name: 'InfrastructurePending', message: 'The image is pulled.' });
    expect(await why(run)).toMatchObject([
      { code: 'infrastructure_pending', message: expect.stringContaining('The image is pulled.') },
    ]);
    await setState(run, { type: 'PAUSED' });
    expect(await why(run)).toMatchObject([{ code: 'awaiting_input' }]);
  });

  it('belongs to nobody who could start it', async () => {
    expect(await why(await createRun())).toMatchObject([{ code: 'unknown', message: expect.stringContaining('the process') }]);
    const served = await server.request<{ id: string }>('POST', '/deployments/', { name: `served-${serial}`, flow_id: flowId });
    expect(await why(await createRun({ deployment_id: served.body.id }))).toMatchObject([
      { code: 'no_worker_online', blockers: [{ kind: 'deployment', name: `served-${serial}` }] },
    ]);
  });
});

it('answers 404 for a run that is not there', async () => {
  const { status } = await server.request('GET', `/ui/flow_runs/${crypto.randomUUID()}/why`);
  expect(status).toBe(404);
});
