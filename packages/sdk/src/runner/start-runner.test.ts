import type { FlowRunResponse } from '@prefect-ts/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { abort, proposed, type ScriptedApi, scriptedApi } from '../../test/scripted-api.ts';
import { LATE_HOOK } from './late-hooks.ts';
import { startProcess } from './start-process.ts';
import { type RunnerOptions, type RunningRunner, startRunner } from './start-runner.ts';

let api: ScriptedApi;
let runner: RunningRunner | undefined;
let due: FlowRunResponse[];
let state: string;
beforeEach(async () => {
  api = await scriptedApi();
  due = [];
  state = 'SCHEDULED';
  api.on('POST /deployments/get_scheduled_flow_runs', () => ({ body: due.splice(0) }));
  api.on('POST /flow_runs/*/set_state', ({ body }) => {
    const given = proposed(body);
    state = given.type;
    return { body: { status: 'ACCEPT', details: {}, state: { state_details: {}, ...given } } };
  });
  api.on('GET /flow_runs/*', () => ({ body: { state: { type: state } } }));
  api.on('POST /flow_runs/filter', { body: [] });
  api.on('PATCH /deployments/d1', { status: 204 });
  api.on('POST /events', { status: 204 });
  api.on('POST /said/*', { body: null });
});
afterEach(async () => {
  await runner?.kill();
  await api[Symbol.asyncDispose]();
});

const quiet = { debug: () => undefined, info: () => undefined, warning: () => undefined, error: () => undefined };
const aRun = (id = 'r1') => ({ id, name: id, flow_id: 'f1', deployment_id: 'd1', tags: [] }) as unknown as FlowRunResponse;
const SAY = `const say = (word) => fetch(process.env.PREFECT_API_URL + '/said/' + word, { method: 'POST' });`;
const STAYS = `${SAY} say('up'); setInterval(() => {}, 1000);`;

/** A runner whose runs are Node programs in place of the engine. */
async function start(program: string, options: Partial<RunnerOptions> = {}): Promise<RunningRunner> {
  runner = await startRunner({
    client: api.client,
    deployments: [{ id: 'd1', name: 'daily', entrypoint: 'etl.ts:etl', directory: process.cwd() }],
    log: quiet,
    startProcess: (spec) => {
      const code = LATE_HOOK in spec.env ? `${SAY} say('hook')` : program;
      return startProcess({ ...spec, args: ['-e', code], showOutput: false });
    },
    ...options,
  });
  return runner;
}

const states = () => api.bodies('POST /flow_runs/r1/set_state').map(proposed);

describe('a runner', () => {
  test('starts due runs and tells them who they are', async () => {
    due.push(aRun());
    const program = `${SAY} say([process.env.PREFECT__FLOW_RUN_ID, process.env.PREFECT__FLOW_ENTRYPOINT].join())`;
    const running = await start(program, { runOnce: true });
    await running.ended;
    expect(api.calls.map(({ route }) => route)).toContain('POST /said/r1,etl.ts:etl');
    expect(states().map(({ name }) => name)).toEqual(['Pending', 'Submitting']);
  });

  test('reports a run whose process died', async () => {
    due.push(aRun());
    const running = await start('process.exit(4)', { runOnce: true });
    await running.ended;
    expect(states().at(-1)).toMatchObject({
      type: 'CRASHED',
      message: 'Process exited with status code: 4. Process exited with an unexpected status code.',
    });
  });

  test('reports a run that could not be started', async () => {
    due.push(aRun());
    const running = await start('', { runOnce: true, startProcess: () => Promise.reject(new Error('no more processes')) });
    await running.ended;
    expect(states().at(-1)).toMatchObject({ type: 'CRASHED', message: 'Flow run could not start: no more processes' });
  });

  test('starts nothing that the server does not let it', async () => {
    api.on('POST /flow_runs/r1/set_state', abort('taken'));
    due.push(aRun());
    const running = await start(STAYS, { runOnce: true });
    await running.ended;
    expect(api.bodies('POST /said/up')).toEqual([]);
  });

  test('polls at once when it hears of a new run', async () => {
    const subscribed = Promise.withResolvers<WebSocket>();
    api.onSocket('/events/out', (socket) => {
      socket.on('message', (data) => {
        if (String(data).includes('prefect.flow-run.Scheduled')) subscribed.resolve(socket);
      });
    });
    await start(STAYS, { querySeconds: 3600 });
    const socket = await subscribed.promise;
    due.push(aRun());
    const event = { id: 'e1', event: 'prefect.flow-run.Scheduled', resource: {} };
    socket.send(JSON.stringify({ type: 'event', event }));
    await api.called('POST /said/up');
  });

  test('cancels its runs and pauses its deployments when it is stopped', async () => {
    due.push(aRun());
    const running = await start(STAYS);
    await api.called('POST /said/up');
    await running.stop();
    expect(states().at(-1)).toMatchObject({ type: 'CANCELLED', message: 'Runner is shutting down.' });
    // The process had no time for its hooks.
    expect(api.bodies('POST /said/hook')).toHaveLength(1);
    expect(api.bodies('PATCH /deployments/d1')).toEqual([{ paused: true }]);
  });

  test('leaves its deployments as they are on request', async () => {
    const running = await start('', { pauseOnShutdown: false });
    await running.stop();
    expect(api.bodies('PATCH /deployments/d1')).toEqual([]);
  });

  test('has no more runs under way than its limit', async () => {
    due.push(aRun('r1'), aRun('r2'), aRun('r3'));
    const running = await start(STAYS, { limit: 2 });
    await Promise.all([api.called('POST /flow_runs/r1/set_state'), api.called('POST /flow_runs/r2/set_state')]);
    expect(running.running).toBe(2);
    expect(api.bodies('POST /flow_runs/r3/set_state')).toEqual([]);
  });
});
