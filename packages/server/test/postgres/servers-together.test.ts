import { type FlowRunResponse, formatTimestamp, nowMicros, type TaskRun, uuid7 } from '@prefect-ts/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '#kysely';
import { LINE_NAME } from '../../src/events/notify-line.ts';
import { scheduler } from '../../src/services/scheduler.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { openSocket, type TestSocket } from '../socket.ts';

/** Two servers on one database. */
let here: TestServer;
let there: TestServer;
let flowId: string;
const open: TestSocket[] = [];

beforeAll(async () => {
  const quiet = { PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED: 'false' };
  here = await startTestServer({ environment: quiet });
  there = await startTestServer({
    environment: { ...quiet, PREFECT_API_DATABASE_CONNECTION_URL: here.settings.databaseUrl },
  });
  flowId = (await here.request<{ id: string }>('POST', '/flows/', { name: 'etl' })).body.id;
});
afterAll(async () => {
  await there.stop();
  await here.stop();
});
afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

async function connect(server: TestServer, path: string, opening: object): Promise<TestSocket> {
  const socket = await openSocket(server.running.apiUrl, path);
  open.push(socket);
  expect(await socket.next()).toEqual({ type: 'auth_success' });
  socket.send(opening);
  await socket.flushed();
  return socket;
}

function anEvent(name: string) {
  return {
    id: uuid7(),
    occurred: formatTimestamp(nowMicros()),
    event: name,
    resource: { 'prefect.resource.id': 'a.thing' },
    related: [],
    payload: {},
  };
}

const eventsOut = (server: TestServer, prefix: string) => {
  const until = formatTimestamp(nowMicros() + 3600e6);
  const since = formatTimestamp(nowMicros());
  const filter = { occurred: { since, until }, event: { prefix: [prefix] } };
  return connect(server, '/events/out', { type: 'filter', filter });
};

async function sendEvents(server: TestServer, ...events: object[]): Promise<void> {
  const socket = await connect(server, '/events/in', events[0] ?? {});
  for (const event of events.slice(1)) socket.send(event);
  await socket.flushed();
}

async function eventNames(socket: TestSocket, count: number): Promise<string[]> {
  const names: string[] = [];
  while (names.length < count) names.push(((await socket.next()).event as { event: string }).event);
  return names;
}

const numbered = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}.${n}`);

/** Cuts the lines between the servers as a restart of the database would. */
async function cutLines(): Promise<void> {
  const { read, storage } = here.running.core;
  const cut = await read.all(
    storage.builder
      .selectFrom(sql<{ application_name: string; datname: string }>`pg_stat_activity`.as('activity'))
      .select(sql<boolean>`pg_terminate_backend(pid)`.as('cut'))
      .where('application_name', '=', LINE_NAME)
      .where(sql<boolean>`datname = current_database()`),
  );
  expect(cut).toEqual([{ cut: true }, { cut: true }]);
}

describe('servers on one database', () => {
  it('wake the workers that wait at another', async () => {
    await here.request('POST', '/work_pools/', { name: 'shared', type: 'process' });
    const worker = await connect(there, '/work_pools/shared/wake', {
      type: 'subscribe',
      work_queue_names: null,
      worker_name: 'w',
    });
    await here.request('POST', '/flow_runs/', { flow_id: flowId, work_pool_name: 'shared', state: { type: 'SCHEDULED' } });
    expect(await worker.next()).toMatchObject({ type: 'wake' });
  });

  it('pass events on, each once and in the order in which a server took them', async () => {
    const both = await Promise.all([eventsOut(here, 'order.'), eventsOut(there, 'order.')]);
    const names = numbered('order', 400);
    await sendEvents(here, ...names.map(anEvent));
    for (const socket of both) expect(await eventNames(socket, 400)).toEqual(names);
    await sendEvents(there, anEvent('order.last'));
    for (const socket of both) expect(await eventNames(socket, 1)).toEqual(['order.last']);
  });

  it('pass lines of log on', async () => {
    const { body: run } = await here.request<FlowRunResponse>('POST', '/flow_runs/', { flow_id: flowId });
    const filter = { flow_run_id: { any_: [run.id] } };
    const reader = await connect(there, '/logs/out', { type: 'filter', filter });
    const line = (n: number) => ({ name: 'l', level: 20, message: `line ${n}`, timestamp: new Date(1e12 + n).toISOString() });
    const lines = Array.from({ length: 150 }, (_, n) => ({ ...line(n), flow_run_id: run.id }));
    await here.request('POST', '/logs/', [{ ...line(0), message: 'of nobody' }, ...lines]);
    const heard: unknown[] = [];
    while (heard.length < lines.length) heard.push(((await reader.next()).log as { message: string }).message);
    expect(heard).toEqual(lines.map(({ message }) => message));
  });

  it('hand a background task that one of them took to a worker of another', async () => {
    const subscription = { type: 'subscribe', keys: ['shared'], client_id: 'host-1' };
    const worker = await connect(there, '/task_runs/subscriptions/scheduled', subscription);
    const state = { type: 'SCHEDULED', state_details: { deferred: true } };
    const submitted = { task_key: 'shared', dynamic_key: '1', flow_run_id: null, state };
    const { body: run } = await here.request<TaskRun>('POST', '/task_runs/', submitted);
    expect((await worker.next()).id).toBe(run.id);
    const { body: workers } = await here.request<object[]>('POST', '/task_workers/filter', {});
    expect(workers).toMatchObject([{ identifier: 'host-1', task_keys: ['shared'] }]);
  });

  it('schedule each run once, however many of them try', async () => {
    const schedules = [{ schedule: { interval: 600 } }];
    const { body } = await here.request<{ id: string }>('POST', '/deployments/', { name: 'd', flow_id: flowId, schedules });
    const count = async () =>
      (await here.request<number>('POST', '/flow_runs/count', { deployments: { id: { any_: [body.id] } } })).body;
    const before = await count();
    await Promise.all([here, there].map(({ running }) => scheduler.run(running.core)));
    expect(await count()).toBe(before);
    const { read, storage, serverId } = here.running.core;
    const lease = await read.first(storage.builder.selectFrom('service_lease').select('holder').where('name', '=', 'scheduler'));
    expect([serverId, there.running.core.serverId]).toContain(lease?.holder);
  });

  it('hear afterwards what happened while the line between them was cut', async () => {
    const reader = await eventsOut(there, 'cut.');
    await sendEvents(here, anEvent('cut.0'));
    expect(await eventNames(reader, 1)).toEqual(['cut.0']);
    await cutLines();
    await sendEvents(here, ...numbered('cut', 20).slice(1).map(anEvent));
    expect((await eventNames(reader, 19)).sort()).toEqual(numbered('cut', 20).slice(1).sort());
    await sendEvents(here, anEvent('cut.end'));
    expect(await eventNames(reader, 1)).toEqual(['cut.end']);
  });
});
