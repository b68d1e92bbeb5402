import { formatTimestamp, nowMicros, type StateType, type TaskRun, uuid7 } from '@prefect-ts/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './server.ts';
import { openSocket } from './socket.ts';

let server: TestServer;
let flowRunId: string;

beforeAll(async () => {
  server = await startTestServer();
  const flow = (await server.request<{ id: string }>('POST', '/flows/', { name: 'events' })).body;
  flowRunId = (await server.request<{ id: string }>('POST', '/flow_runs/', { flow_id: flow.id, state: { type: 'RUNNING' } })).body
    .id;
});
afterAll(() => server.stop());

interface TaskRunEventOptions {
  readonly taskRunId: string;
  readonly type: StateType;
  readonly time: number;
  readonly first?: boolean;
  readonly flowRun?: string | null;
  readonly dynamicKey?: string;
  readonly members?: Record<string, unknown>;
}

function taskRunEvent({
  taskRunId,
  type,
  time,
  first = false,
  flowRun = flowRunId,
  dynamicKey = taskRunId,
  members,
}: TaskRunEventOptions) {
  return {
    id: uuid7(),
    occurred: formatTimestamp(time),
    event: `prefect.task-run.${type}`,
    resource: { 'prefect.resource.id': `prefect.task-run.${taskRunId}`, 'prefect.orchestration': 'client' },
    related: flowRun ? [{ 'prefect.resource.id': `prefect.flow-run.${flowRun}`, 'prefect.resource.role': 'flow-run' }] : [],
    payload: {
      intended: { from: null, to: type },
      initial_state: first ? null : { type: 'PENDING', name: 'Pending' },
      validated_state: { type, name: null, message: '', state_details: {}, data: null },
      task_run: { name: 'add', task_key: 'add-1', dynamic_key: dynamicKey, tags: ['t'], ...members },
    },
    follows: null,
  };
}

async function sendEvents(...events: object[]): Promise<void> {
  const socket = await openSocket(server.running.apiUrl, '/events/in');
  expect(await socket.next()).toEqual({ type: 'auth_success' });
  for (const event of events) socket.send(event);
  await socket.flushed();
  socket.close();
}

async function taskRun(id: string) {
  return server.request<TaskRun>('GET', `/task_runs/${id}`);
}

describe('events about task runs', () => {
  it('become task runs, with every state', async () => {
    const id = uuid7();
    const time = nowMicros();
    await sendEvents(
      taskRunEvent({ taskRunId: id, type: 'PENDING', time, first: true }),
      taskRunEvent({
        taskRunId: id,
        type: 'RUNNING',
        time: time + 10,
        members: { run_count: 1, start_time: formatTimestamp(time + 10) },
      }),
      taskRunEvent({ taskRunId: id, type: 'COMPLETED', time: time + 20, members: { run_count: 1, total_run_time: 0.5 } }),
    );
    expect((await taskRun(id)).body).toMatchObject({
      flow_run_id: flowRunId,
      state_type: 'COMPLETED',
      run_count: 1,
      total_run_time: 0.5,
      start_time: formatTimestamp(time + 10),
      tags: ['t'],
    });
    const states = await server.request<{ type: string }[]>('GET', `/task_run_states/?task_run_id=${id}`);
    expect(states.body.map(({ type }) => type)).toEqual(['PENDING', 'RUNNING', 'COMPLETED']);
  });

  it('may come late and twice: only the newest tells how the run is', async () => {
    const id = uuid7();
    const time = nowMicros();
    const pending = taskRunEvent({ taskRunId: id, type: 'PENDING', time, first: true });
    const completed = taskRunEvent({ taskRunId: id, type: 'COMPLETED', time: time + 30 });
    await sendEvents(completed);
    await sendEvents(pending, completed);
    expect((await taskRun(id)).body.state_type).toBe('COMPLETED');
    expect((await server.request<[]>('GET', `/task_run_states/?task_run_id=${id}`)).body).toHaveLength(2);
  });

  it('of another id but the same keys belong to the run that is there', async () => {
    const [first, second] = [uuid7(), uuid7()];
    const time = nowMicros();
    await sendEvents(taskRunEvent({ taskRunId: first, type: 'PENDING', time, first: true, dynamicKey: 'same' }));
    await sendEvents(taskRunEvent({ taskRunId: second, type: 'RUNNING', time: time + 9, first: true, dynamicKey: 'same' }));
    expect((await taskRun(first)).body.state_type).toBe('RUNNING');
    expect((await taskRun(second)).status).toBe(404);
  });

  it('outside of any flow run are kept too', async () => {
    const id = uuid7();
    await sendEvents(taskRunEvent({ taskRunId: id, type: 'PENDING', time: nowMicros(), first: true, flowRun: null }));
    expect((await taskRun(id)).body).toMatchObject({ flow_run_id: null, state_type: 'PENDING' });
  });

  it('that nobody can place do not keep others from being recorded', async () => {
    const id = uuid7();
    await sendEvents(
      taskRunEvent({ taskRunId: uuid7(), type: 'PENDING', time: nowMicros(), first: true, flowRun: crypto.randomUUID() }),
      taskRunEvent({ taskRunId: id, type: 'PENDING', time: nowMicros(), first: true }),
    );
    expect((await taskRun(id)).status).toBe(200);
  });
});

describe('events that go out', () => {
  const future = () => ({
    since: formatTimestamp(nowMicros() - 60_000_000),
    until: formatTimestamp(nowMicros() + 3_600_000_000),
  });

  it('tell the state of a flow run when it is stored', async () => {
    const socket = await openSocket(server.running.apiUrl, '/events/out');
    await socket.next();
    const filter = {
      event: { prefix: ['prefect.flow-run.'] },
      resource: { id: [`prefect.flow-run.${flowRunId}`] },
      occurred: future(),
    };
    socket.send({ type: 'filter', filter });
    const replayed = await socket.next();
    expect(replayed).toMatchObject({ type: 'event', event: { event: 'prefect.flow-run.Running' } });

    const { body } = await server.request<{ state: { id: string } }>('POST', `/flow_runs/${flowRunId}/set_state`, {
      state: { type: 'COMPLETED' },
    });
    expect(await socket.next()).toMatchObject({
      event: {
        id: body.state.id,
        event: 'prefect.flow-run.Completed',
        follows: (replayed.event as { id: string }).id,
        payload: { intended: { from: 'RUNNING', to: 'COMPLETED' }, validated_state: { type: 'COMPLETED', name: 'Completed' } },
      },
    });
    socket.close();
  });

  it('end the connection of a client that asks for something else', async () => {
    const socket = await openSocket(server.running.apiUrl, '/events/out');
    await socket.next();
    socket.send({ type: 'nonsense' });
    expect(await socket.closed).toEqual({ code: 1002, reason: "Expected 'filter' message" });
  });
});

describe('bad events', () => {
  it('end the connection without a word, and nothing of their frame is kept', async () => {
    const socket = await openSocket(server.running.apiUrl, '/events/in');
    await socket.next();
    socket.send('{"event": "x"}');
    expect((await socket.closed).code).toBe(1006);
  });

  it('are refused as a whole by REST', async () => {
    const good = { id: uuid7(), occurred: formatTimestamp(nowMicros()), event: 'e', resource: { 'prefect.resource.id': 'r' } };
    expect((await server.request('POST', '/events', [good])).status).toBe(204);
    const answer = await server.request('POST', '/events', [good, { ...good, resource: {} }]);
    expect(answer).toMatchObject({
      status: 422,
      body: { exception_detail: [{ msg: 'Value error, Resources must include the prefect.resource.id label' }] },
    });
  });
});

describe('a server with a password', () => {
  it('wants it on requests and on websockets', async () => {
    const guarded = await startTestServer({ environment: { PREFECT_SERVER_API_AUTH_STRING: 'admin:secret' } });
    try {
      expect(await guarded.request('GET', '/hello')).toMatchObject({ status: 401, body: { exception_message: 'Unauthorized' } });
      expect((await guarded.request('GET', '/health')).status).toBe(200);
      const authorization = `Basic ${Buffer.from('admin:secret').toString('base64')}`;
      expect((await guarded.request('GET', '/hello', undefined, { authorization })).status).toBe(200);

      const refused = await openSocket(guarded.running.apiUrl, '/events/in', 'wrong');
      expect(await refused.closed).toEqual({ code: 1008, reason: 'Invalid token' });
      const admitted = await openSocket(guarded.running.apiUrl, '/events/in', 'admin:secret');
      expect(await admitted.next()).toEqual({ type: 'auth_success' });
      admitted.close();
    } finally {
      await guarded.stop();
    }
  });
});
