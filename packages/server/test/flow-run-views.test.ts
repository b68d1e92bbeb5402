import {
  type FlowRunResponse,
  formatTimestamp,
  type Graph,
  type HistoryResponse,
  nowMicros,
  type OrchestrationResult,
  SECOND,
} from '@prefect-ts/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;
let flowId: string;

beforeAll(async () => {
  server = await startTestServer();
  flowId = (await server.request<{ id: string }>('POST', '/flows/', { name: 'views' })).body.id;
});
afterAll(() => server.stop());

async function createRun(body: object = {}): Promise<FlowRunResponse> {
  return (await server.request<FlowRunResponse>('POST', '/flow_runs/', { flow_id: flowId, ...body })).body;
}

async function createTask(
  flowRunId: string,
  name: string,
  inputs: object = {},
  state: object = { type: 'COMPLETED' },
): Promise<string> {
  const body = { flow_run_id: flowRunId, task_key: name, dynamic_key: '0', name, task_inputs: inputs, state };
  return (await server.request<{ id: string }>('POST', '/task_runs/', body)).body.id;
}

const upstream = (id: string) => [{ input_type: 'task_run', id }];

describe('the graph of a flow run', () => {
  it('shows what came from what, and what a subflow stands for', async () => {
    const run = await createRun({ state: { type: 'RUNNING' } });
    const load = await createTask(run.id, 'load');
    const clean = await createTask(run.id, 'clean', { a: upstream(load), b: upstream(load) });
    const placeholder = await createTask(run.id, 'sub', { a: upstream(clean) }, { type: 'PENDING' });
    const child = await createRun({ name: 'child', parent_task_run_id: placeholder, state: { type: 'RUNNING' } });

    const { body: graph } = await server.request<Graph>('GET', `/flow_runs/${run.id}/graph-v2`);
    expect(graph.root_node_ids).toEqual([load]);
    const nodes = new Map(graph.nodes);
    expect(nodes.get(clean)).toMatchObject({ kind: 'task-run', label: 'clean', parents: [{ id: load }] });
    expect(nodes.get(load)?.children).toEqual([{ id: clean }]);
    expect(nodes.get(child.id)).toMatchObject({
      kind: 'flow-run',
      label: 'views / child',
      state_type: 'RUNNING',
      parents: [{ id: clean }],
    });
    expect(graph.states.map(({ type }) => type)).toEqual(['RUNNING']);
  });

  it('is not there for a run that is not', async () => {
    const id = crypto.randomUUID();
    expect(await server.request('GET', `/flow_runs/${id}/graph-v2`)).toMatchObject({
      status: 404,
      body: { detail: `Flow run ${id} not found` },
    });
  });
});

describe('the history of runs', () => {
  it('counts them by state where they were expected to start', async () => {
    const now = nowMicros();
    const tags = [crypto.randomUUID()];
    const at = (seconds: number) => formatTimestamp(now + seconds * SECOND);
    for (const seconds of [5, 15, 16])
      await createRun({ tags, state: { type: 'SCHEDULED', state_details: { scheduled_time: at(seconds) } } });
    const { body } = await server.request<HistoryResponse[]>('POST', '/flow_runs/history', {
      history_start: at(0),
      history_end: at(30),
      history_interval_seconds: 10,
      flow_runs: { tags: { all_: tags } },
    });
    expect(body.map(({ states }) => states.map(({ state_type, count_runs }) => [state_type, count_runs]))).toEqual([
      [['SCHEDULED', 1]],
      [['SCHEDULED', 2]],
      [],
    ]);
    expect(body[1]).toMatchObject({ interval_start: at(10), interval_end: at(20) });
  });

  it('refuses stretches of less than a second', async () => {
    const window = { history_start: formatTimestamp(0), history_end: formatTimestamp(SECOND), history_interval_seconds: 0.5 };
    expect(await server.request('POST', '/flow_runs/history', window)).toMatchObject({
      status: 422,
      body: { detail: 'History interval must not be less than 1 second.' },
    });
  });
});

describe('many flow runs at once', () => {
  it('take a state each by its own rules, and tell which refused', async () => {
    const tags = [crypto.randomUUID()];
    const [running, completed] = [
      await createRun({ tags, state: { type: 'RUNNING' } }),
      await createRun({ tags, state: { type: 'COMPLETED' } }),
    ];
    const { body } = await server.request<{ results: { flow_run_id: string; status: string }[] }>(
      'POST',
      '/flow_runs/bulk_set_state',
      {
        flow_runs: { tags: { all_: tags } },
        state: { type: 'CANCELLING' },
      },
    );
    const status = new Map(body.results.map((result) => [result.flow_run_id, result.status]));
    expect(status).toEqual(
      new Map([
        [running.id, 'ACCEPT'],
        [completed.id, 'ABORT'],
      ]),
    );
  });

  it('are deleted', async () => {
    const tags = [crypto.randomUUID()];
    const run = await createRun({ tags });
    expect((await server.request('POST', '/flow_runs/bulk_delete', { flow_runs: { tags: { all_: tags } } })).body).toEqual({
      deleted: [run.id],
    });
  });
});

describe('a paused flow run', () => {
  const keyset = { schema: 'paused-1-schema', response: 'paused-1-response', description: 'paused-1-description' };

  async function pausedRun(): Promise<FlowRunResponse> {
    const run = await createRun({ state: { type: 'RUNNING' } });
    const schema = { type: 'object', properties: { age: { type: 'integer' } }, required: ['age'] };
    await server.request('POST', `/flow_runs/${run.id}/input`, { key: keyset.schema, value: JSON.stringify(schema) });
    const state = { type: 'PAUSED', state_details: { pause_key: '1', run_input_keyset: keyset } };
    await server.request('POST', `/flow_runs/${run.id}/set_state`, { state });
    return run;
  }

  it('goes on with an input that fits, and keeps it', async () => {
    const run = await pausedRun();
    const resumed = await server.request<OrchestrationResult>('POST', `/flow_runs/${run.id}/resume`, { run_input: { age: 4 } });
    expect(resumed).toMatchObject({ status: 201, body: { status: 'ACCEPT', state: { type: 'RUNNING' } } });
    expect((await server.request('GET', `/flow_runs/${run.id}/input/${keyset.response}`)).body).toBe('{"age":4}');
  });

  it('stays paused with one that does not', async () => {
    const run = await pausedRun();
    const refused = await server.request('POST', `/flow_runs/${run.id}/resume`, { run_input: { age: 'old' } });
    expect(refused).toMatchObject({
      status: 200,
      body: { status: 'REJECT', state: { type: 'PAUSED' }, details: { type: 'abort_details' } },
    });
    expect((refused.body as { details: { reason: string } }).details.reason).toContain("'old' is not of type 'integer'");
  });

  it('is the only kind that can be resumed', async () => {
    const run = await createRun();
    expect((await server.request('POST', `/flow_runs/${run.id}/resume`, {})).body).toMatchObject({
      state: null,
      status: 'ABORT',
      details: { reason: 'Cannot resume a flow run that is not paused.' },
    });
  });
});

describe('the inputs of a run', () => {
  it('are kept once for each key, listed by prefix and deleted', async () => {
    const run = await createRun();
    const input = (key: string) => server.request('POST', `/flow_runs/${run.id}/input`, { key, value: '"x"' });
    expect((await input('chat-1')).status).toBe(201);
    expect(await input('chat-1')).toMatchObject({
      status: 409,
      body: { detail: 'A flow run input with this key already exists.' },
    });
    expect((await input('Bad Key')).status).toBe(422);
    await input('chat-2');
    const filter = { prefix: 'chat', limit: 5, exclude_keys: ['chat-1'] };
    const listed = await server.request<{ key: string }[]>('POST', `/flow_runs/${run.id}/input/filter`, filter);
    expect(listed.body.map(({ key }) => key)).toEqual(['chat-2']);
    expect((await server.request('DELETE', `/flow_runs/${run.id}/input/chat-2`)).status).toBe(204);
    expect((await server.request('GET', `/flow_runs/${run.id}/input/chat-2`)).status).toBe(404);
  });
});

describe('logs as a file', () => {
  it('are a table that survives commas, quotes and line breaks', async () => {
    const run = await createRun({ name: 'noisy' });
    const log = {
      name: 'prefect.flow_runs',
      level: 20,
      message: 'a, "b"\nc',
      timestamp: formatTimestamp(SECOND),
      flow_run_id: run.id,
    };
    await server.request('POST', '/logs/', [log]);
    const answer = await server.request('GET', `/flow_runs/${run.id}/logs/download`);
    expect(answer.headers.get('content-disposition')).toContain("filename*=UTF-8''noisy-logs.csv");
    expect(answer.body).toBe(
      `timestamp,level,flow_run_id,task_run_id,message\r\n1970-01-01T00:00:01Z,20,${run.id},,"a, ""b""\nc"\r\n`,
    );
  });
});

describe('the API', () => {
  it('answers addresses that are not there as an API, not as a page', async () => {
    expect(await server.request('GET', '/nothing/here')).toMatchObject({ status: 404, body: { detail: 'Not Found' } });
  });
});
