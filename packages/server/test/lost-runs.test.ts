import { type FlowRunResponse, formatTimestamp, type Micros, nowMicros, SECOND, uuid7 } from '@prefect-ts/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lostRuns } from '../src/services/lost-runs.ts';
import { startTestServer, type TestServer } from './server.ts';
import { openSocket } from './socket.ts';

let server: TestServer;
let flowId: string;
/** The server's clock: it moves only when a test lets time go by. */
let now: Micros = nowMicros();

beforeAll(async () => {
  server = await startTestServer({
    clock: () => {
      now += 1;
      return now;
    },
    environment: { PREFECT_SERVER_SERVICES_LOST_RUNS_ENABLED: 'false' },
  });
  flowId = (await server.request<{ id: string }>('POST', '/flows/', { name: 'etl' })).body.id;
});
afterAll(() => server.stop());

/** Lets time go by as it does for a server that runs: round by round. */
async function pass(seconds: number): Promise<void> {
  for (let left = seconds; left > 0; left -= 10) {
    now += Math.min(left, 10) * SECOND;
    await lostRuns.run(server.running.core);
  }
}

async function startRun(): Promise<string> {
  const run = { flow_id: flowId, state: { type: 'RUNNING' } };
  return (await server.request<FlowRunResponse>('POST', '/flow_runs/', run)).body.id;
}

async function beat(id: string, eventId = uuid7(), occurred = server.running.core.clock()): Promise<void> {
  const socket = await openSocket(server.running.apiUrl, '/events/in');
  await socket.next();
  socket.send({
    id: eventId,
    occurred: formatTimestamp(occurred),
    event: 'prefect.flow-run.heartbeat',
    resource: { 'prefect.resource.id': `prefect.flow-run.${id}` },
    related: [],
    payload: {},
    follows: null,
  });
  await socket.flushed();
  socket.close();
}

const stateOf = async (id: string) => (await server.request<FlowRunResponse>('GET', `/flow_runs/${id}`)).body.state;
const setState = (id: string, type: string) =>
  server.request('POST', `/flow_runs/${id}/set_state`, { state: { type }, force: true });

describe('a running flow run', () => {
  it('crashes when three of its heartbeats are missing', async () => {
    const [lost, alive] = [await startRun(), await startRun()];
    for (const id of [lost, alive]) await beat(id);
    await pass(40);
    for (const id of [lost, alive]) await beat(id);
    await pass(110);
    await beat(alive);
    expect((await stateOf(lost))?.type).toBe('RUNNING');
    await pass(20);
    expect(await stateOf(lost)).toMatchObject({
      type: 'CRASHED',
      message: expect.stringMatching(/last heartbeat .* 120 seconds/),
    });
    expect((await stateOf(alive))?.type).toBe('RUNNING');
    await setState(alive, 'COMPLETED');
  });

  it('that never sent a heartbeat is not judged', async () => {
    const quiet = await startRun();
    await pass(3600);
    expect((await stateOf(quiet))?.type).toBe('RUNNING');
  });

  it('that was heard only once has the usual time for the next', async () => {
    const run = await startRun();
    await beat(run);
    await pass(530);
    expect((await stateOf(run))?.type).toBe('RUNNING');
    await pass(20);
    expect((await stateOf(run))?.type).toBe('CRASHED');
  });

  it('is alive while its state changes, and a beat at a new start teaches nothing', async () => {
    const run = await startRun();
    await beat(run);
    await pass(5);
    await setState(run, 'RUNNING');
    await beat(run);
    await pass(180);
    expect((await stateOf(run))?.type).toBe('RUNNING');
    await beat(run);
    await pass(500);
    await setState(run, 'RUNNING');
    await pass(500);
    expect((await stateOf(run))?.type).toBe('RUNNING');
    await setState(run, 'COMPLETED');
  });

  it('is not taken for lost because nobody listened', async () => {
    const run = await startRun();
    await beat(run);
    await pass(30);
    await beat(run);
    now += 3600 * SECOND;
    await lostRuns.run(server.running.core);
    expect((await stateOf(run))?.type).toBe('RUNNING');
    await server.restart();
    await lostRuns.run(server.running.core);
    await pass(80);
    expect((await stateOf(run))?.type).toBe('RUNNING');
    await pass(20);
    expect((await stateOf(run))?.type).toBe('CRASHED');
  });

  it('learns nothing from a heartbeat that comes twice', async () => {
    const run = await startRun();
    const [id, occurred] = [uuid7(), server.running.core.clock()];
    await beat(run, id, occurred);
    await pass(60);
    await beat(run, id, occurred);
    await pass(490);
    expect((await stateOf(run))?.type).toBe('CRASHED');
  });
});

describe('a finished flow run', () => {
  it('stays as it is, also when a heartbeat comes late', async () => {
    const run = await startRun();
    await beat(run);
    await pass(30);
    await beat(run);
    await setState(run, 'COMPLETED');
    await beat(run);
    await pass(600);
    expect((await stateOf(run))?.type).toBe('COMPLETED');
    const db = server.running.core.storage.builder;
    expect(await server.running.core.read.all(db.selectFrom('flow_run_heartbeat').select('flow_run_id'))).toEqual([]);
  });
});
