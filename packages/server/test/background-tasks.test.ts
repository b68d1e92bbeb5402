import type { OrchestrationResult, TaskRun, TaskWorkerResponse } from '@prefect-ts/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './server.ts';
import { openSocket, type TestSocket } from './socket.ts';

const PATH = '/task_runs/subscriptions/scheduled';

let server: TestServer;
let key: string;
let serial = 0;
const open: TestSocket[] = [];

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(() => {
  serial += 1;
  key = `task-${serial}`;
});
afterEach(async () => {
  for (const { socket, closed } of open.splice(0)) {
    socket.terminate();
    await closed;
  }
});

async function connect(): Promise<TestSocket> {
  const socket = await openSocket(server.running.apiUrl, PATH);
  open.push(socket);
  expect(await socket.next()).toEqual({ type: 'auth_success' });
  return socket;
}

async function subscribe(keys = [key], client_id = 'host-1'): Promise<TestSocket> {
  const socket = await connect();
  socket.send({ type: 'subscribe', keys, client_id });
  return socket;
}

async function submit(task_key = key, state_details: object = {}): Promise<TaskRun> {
  serial += 1;
  const { body } = await server.request<TaskRun>('POST', '/task_runs/', {
    task_key,
    dynamic_key: `call-${serial}`,
    flow_run_id: null,
    state: { type: 'SCHEDULED', state_details: { deferred: true, ...state_details } },
  });
  return body;
}

async function setState(id: string, state: object): Promise<OrchestrationResult> {
  return (await server.request<OrchestrationResult>('POST', `/task_runs/${id}/set_state`, { state })).body;
}

async function received(socket: TestSocket): Promise<unknown> {
  const run = await socket.next();
  socket.send({ type: 'ack' });
  return run.id;
}

async function workers(keys = [key]): Promise<TaskWorkerResponse[]> {
  return (await server.request<TaskWorkerResponse[]>('POST', '/task_workers/filter', { task_worker_filter: { task_keys: keys } }))
    .body;
}

describe('a task worker', () => {
  it('receives a background task as soon as it is submitted, whole', async () => {
    const worker = await subscribe();
    await worker.flushed();
    const run = await submit(key, { task_parameters_id: '5f1f4b3c-5d3f-4c4a-9d57-1f9e1a8f6a11' });
    const delivered = (await worker.next()) as unknown as TaskRun;
    expect({ ...delivered, estimated_start_time_delta: 0 }).toEqual({ ...run, estimated_start_time_delta: 0 });
    expect(delivered.state?.state_details).toMatchObject({
      deferred: true,
      task_parameters_id: '5f1f4b3c-5d3f-4c4a-9d57-1f9e1a8f6a11',
    });
  });

  it('receives what was submitted before it came, oldest first, each once it acknowledged the one before', async () => {
    const runs = [await submit(), await submit(), await submit()];
    const worker = await subscribe();
    for (const run of runs) expect(await received(worker)).toBe(run.id);
  });

  it('receives the tasks of its first key first, and of none that it did not name', async () => {
    await submit(`${key}-other`);
    const second = await submit(`${key}-b`);
    const first = await submit(`${key}-a`);
    const worker = await subscribe([`${key}-a`, `${key}-b`]);
    expect(await received(worker)).toBe(first.id);
    expect(await received(worker)).toBe(second.id);
    const last = await submit(`${key}-b`);
    expect(await received(worker)).toBe(last.id);
  });

  it('shares the tasks with others: each goes to one of them', async () => {
    const two = await Promise.all([subscribe(), subscribe([key], 'host-2')]);
    await Promise.all(two.map((worker) => worker.flushed()));
    const submitted = await Promise.all(Array.from({ length: 12 }, () => submit()));
    const delivered: unknown[] = [];
    const everything = new Promise<void>((resolve) => {
      for (const worker of two)
        void (async () => {
          for (;;) {
            delivered.push(await received(worker));
            if (delivered.length === submitted.length) return resolve();
          }
        })().catch(() => undefined);
    });
    await everything;
    expect(delivered.sort()).toEqual(submitted.map(({ id }) => id).sort());
  });

  it('that leaves without a word loses the task to another', async () => {
    const run = await submit();
    const other = await submit();
    const first = await subscribe();
    await first.next();
    first.socket.terminate();
    const second = await subscribe();
    const ids = [await received(second), await received(second)];
    expect(ids.sort()).toEqual([run.id, other.id].sort());
    expect((await setState(run.id, { type: 'PENDING', state_details: { deferred: true } })).status).toBe('ACCEPT');
  });

  it('that answers nonsense loses the task, and one that quits keeps it', async () => {
    const run = await submit();
    const first = await subscribe();
    await first.next();
    first.send({ type: 'what' });
    expect(await first.closed).toMatchObject({ code: 4001 });
    const second = await subscribe();
    expect((await second.next()).id).toBe(run.id);
    second.send({ type: 'quit' });
    expect(await second.closed).toEqual({ code: 1000, reason: '' });
    const third = await subscribe();
    const next = await submit();
    expect(await received(third)).toBe(next.id);
  });

  it('receives a retry before what is new, and nothing that was cancelled meanwhile', async () => {
    const cancelled = await submit();
    const late = await submit();
    const retried = await submit();
    await setState(cancelled.id, { type: 'CANCELLED', state_details: { deferred: true } });
    await setState(retried.id, { type: 'SCHEDULED', name: 'AwaitingRetry', state_details: { deferred: true } });
    const worker = await subscribe();
    expect(await received(worker)).toBe(retried.id);
    expect(await received(worker)).toBe(late.id);
  });

  it('finds everything that was not acknowledged after the server started again', async () => {
    const handed = await submit();
    const waiting = await submit();
    const before = await subscribe();
    await before.next();
    await server.restart();
    const after = await subscribe();
    expect(await received(after)).toBe(handed.id);
    expect(await received(after)).toBe(waiting.id);
  });

  it('claims a task by making it pending, which another cannot any more', async () => {
    const run = await submit(key, { task_parameters_id: '5f1f4b3c-5d3f-4c4a-9d57-1f9e1a8f6a11' });
    const claim = { type: 'PENDING', state_details: { deferred: true } };
    const { state } = await setState(run.id, claim);
    expect(state?.state_details?.task_parameters_id).toBe('5f1f4b3c-5d3f-4c4a-9d57-1f9e1a8f6a11');
    expect((await setState(run.id, claim)).status).toBe('ABORT');
  });

  it('is listed while it is connected', async () => {
    const worker = await subscribe([key, 'more'], 'host-77');
    const run = await submit();
    expect(await received(worker)).toBe(run.id);
    expect(await workers()).toEqual([{ identifier: 'host-77', task_keys: [key, 'more'], timestamp: expect.any(String) }]);
    expect(await workers(['nothing'])).toEqual([]);
    expect((await server.request<unknown[]>('POST', '/task_workers/filter', {})).body).toHaveLength(1);
    worker.close();
    await worker.closed;
    await expect.poll(() => workers()).toEqual([]);
  });

  it('is told what its first message lacks', async () => {
    const refused = async (message: unknown) => {
      const socket = await connect();
      socket.send(message);
      return socket.closed;
    };
    const because = (what: string) => ({ code: 4001, reason: `Protocol violation: expected ${what}` });
    expect(await refused({ type: 'hello' })).toEqual(because("'subscribe' message"));
    expect(await refused('no json')).toEqual(because("'subscribe' message"));
    expect(await refused({ type: 'subscribe', keys: [] })).toEqual(because("'keys' in subscribe message"));
    expect(await refused({ type: 'subscribe', keys: ['a'] })).toEqual(because("'client_id' in subscribe message"));
  });
});
