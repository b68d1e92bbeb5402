import { type FlowRunResponse, formatTimestamp, nowMicros, SECOND } from '@prefect-ts/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../test/server.ts';
import { logRetention } from './log-retention.ts';
import { orphanRetention } from './orphan-retention.ts';
import { runRetention } from './run-retention.ts';

const DAY = 86_400 * SECOND;
let server: TestServer;
let flowId: string;
/** Added to the machine's clock. */
let ahead = 0;

beforeEach(async () => {
  ahead = 0;
  server = await startTestServer({
    clock: () => nowMicros() + ahead,
    environment: {
      PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED: 'events,flow_runs',
      PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD: 'P30D',
      PREFECT_SERVER_SERVICES_DB_VACUUM_BATCH_SIZE: '2',
      PREFECT_SERVER_LOGS_RETENTION_PERIOD: 'P10D',
    },
  });
  flowId = (await server.request<{ id: string }>('POST', '/flows/', { name: 'old' })).body.id;
});
afterEach(() => server.stop());

async function aRun(state: string, members: object = {}): Promise<string> {
  const run = { flow_id: flowId, state: { type: 'RUNNING' }, ...members };
  const { id } = (await server.request<FlowRunResponse>('POST', '/flow_runs/', run)).body;
  if (state !== 'RUNNING') await server.request('POST', `/flow_runs/${id}/set_state`, { state: { type: state } });
  return id;
}

async function aTask(runId: string, key: string): Promise<string> {
  const body = { flow_run_id: runId, task_key: key, dynamic_key: '0', name: key, state: { type: 'COMPLETED' } };
  return (await server.request<{ id: string }>('POST', '/task_runs/', body)).body.id;
}

async function someLogs(runId: string | null, count: number, age = 0): Promise<void> {
  const timestamp = formatTimestamp(nowMicros() + ahead - age);
  const lines = Array.from({ length: count }, (_, n) => ({
    name: 'x',
    level: 20,
    message: `${n}`,
    timestamp,
    flow_run_id: runId,
  }));
  expect((await server.request('POST', '/logs/', lines)).status).toBe(201);
}

const exists = async (path: string) => (await server.request('GET', path)).status === 200;

async function messages(runId: string): Promise<unknown[]> {
  const filter = { logs: { flow_run_id: { any_: [runId] } } };
  return (await server.request<unknown[]>('POST', '/logs/filter', filter)).body;
}

describe('flow runs', () => {
  it('that ended long ago go with all that belongs to them, and no others', async () => {
    const [old, open] = [await aRun('COMPLETED'), await aRun('RUNNING')];
    const tasks = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => aTask(old, key)));
    await someLogs(old, 5);
    const artifact = { key: 'report', type: 'markdown', data: 'old', flow_run_id: old };
    const { id: artifactId } = (await server.request<{ id: string }>('POST', '/artifacts/', artifact)).body;
    ahead = 20 * DAY;
    const recent = await aRun('FAILED');
    ahead = 31 * DAY;
    await runRetention.run(server.running.core);
    expect([await exists(`/flow_runs/${old}`), await exists(`/flow_runs/${open}`), await exists(`/flow_runs/${recent}`)]).toEqual(
      [false, true, true],
    );
    for (const id of tasks) expect(await exists(`/task_runs/${id}`)).toBe(false);
    expect(await messages(old)).toEqual([]);
    expect([await exists(`/artifacts/${artifactId}`), await exists('/artifacts/report/latest')]).toEqual([false, false]);
  });

  it('leave the collections of their artifacts to the newest that remains', async () => {
    const [old, kept] = [await aRun('COMPLETED'), await aRun('RUNNING')];
    const artifact = (data: string, flow_run_id: string) => ({ key: 'report', type: 'markdown', data, flow_run_id });
    await server.request('POST', '/artifacts/', artifact('kept', kept));
    await server.request('POST', '/artifacts/', artifact('old', old));
    ahead = 31 * DAY;
    await runRetention.run(server.running.core);
    expect((await server.request('GET', '/artifacts/report/latest')).body).toMatchObject({ data: 'kept', flow_run_id: kept });
  });

  it('inside of others go after them', async () => {
    const parent = await aRun('RUNNING');
    const task = await aTask(parent, 'sub');
    const child = await aRun('COMPLETED', { parent_task_run_id: task });
    ahead = 31 * DAY;
    await runRetention.run(server.running.core);
    expect(await exists(`/flow_runs/${child}`)).toBe(true);
    await server.request('POST', `/flow_runs/${parent}/set_state`, { state: { type: 'COMPLETED' } });
    ahead = 62 * DAY;
    await runRetention.run(server.running.core);
    await runRetention.run(server.running.core);
    expect([await exists(`/flow_runs/${parent}`), await exists(`/flow_runs/${child}`)]).toEqual([false, false]);
  });
});

it('logs and artifacts of runs that are not there any more go, but not before they have settled', async () => {
  const [kept, missing] = [await aRun('RUNNING'), crypto.randomUUID()];
  for (const id of [kept, missing, null]) await someLogs(id, 5);
  const artifact = { key: 'left', type: 'markdown', data: 'x', flow_run_id: missing };
  const { id } = (await server.request<{ id: string }>('POST', '/artifacts/', artifact)).body;
  await orphanRetention.run(server.running.core);
  expect([(await messages(missing)).length, await exists(`/artifacts/${id}`)]).toEqual([5, true]);
  ahead = DAY;
  await orphanRetention.run(server.running.core);
  expect([(await messages(missing)).length, await exists(`/artifacts/${id}`)]).toEqual([0, false]);
  expect((await server.request<unknown[]>('POST', '/logs/filter', {})).body).toHaveLength(10);
});

describe('lines of log', () => {
  it('are kept for a time, with and without a run', async () => {
    const run = await aRun('RUNNING');
    for (const id of [run, null]) {
      await someLogs(id, 45, 11 * DAY);
      await someLogs(id, 3, 9 * DAY);
    }
    await logRetention.run(server.running.core);
    expect(await messages(run)).toHaveLength(3);
    expect((await server.request<unknown[]>('POST', '/logs/filter', {})).body).toHaveLength(6);
  });
});
