import type { FlowRunResponse } from '@prefect-ts/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { proposed } from '../../sdk/test/scripted-api.ts';
import { aFlowRun, POOL, poolOfOne } from '../test/pool-of-one.ts';
import { ScriptedInfrastructure } from '../test/scripted-infrastructure.ts';
import { InfrastructureNotAvailableError } from './infrastructure.ts';
import { infrastructureWorker } from './infrastructure-worker.ts';
import { defineVariables } from './job-template/base-job-template.ts';
import { startWorker } from './start-worker.ts';
import type { RunningWorker, WorkerOptions } from './worker-options.ts';

let api: Awaited<ReturnType<typeof poolOfOne>>;
let platform: ScriptedInfrastructure;
let worker: RunningWorker | undefined;
let cancel: (flowRunId: string) => void;
/** What the server says of the one run. */
let run: FlowRunResponse;

beforeEach(async () => {
  api = await poolOfOne();
  platform = new ScriptedInfrastructure();
  run = { ...aFlowRun(), start_time: '2026-01-01T00:00:00Z', infrastructure_pid: 'thing-1', run_count: 1 } as FlowRunResponse;
  api.on('GET /flow_runs/r1', () => ({ body: run }));
  api.on('PATCH /flow_runs/r1', ({ body }) => {
    Object.assign(run, body);
    return { status: 204 };
  });
  api.on('POST /work_pools/local/workers/filter', { body: [] });
  const listening = Promise.withResolvers<WebSocket>();
  api.onSocket('/events/out', (socket) => socket.on('message', () => listening.resolve(socket)));
  cancel = (id) =>
    void listening.promise.then((socket) => {
      const resource = { 'prefect.resource.id': `prefect.flow-run.${id}` };
      const event = { id: 'e1', event: 'prefect.flow-run.Cancelling', resource, related: [] };
      socket.send(JSON.stringify({ type: 'event', event }));
    });
});
afterEach(async () => {
  await worker?.stop();
  await api[Symbol.asyncDispose]();
});

const quiet = { debug: () => undefined, info: () => undefined, warning: () => undefined, error: () => undefined };

async function start(options: Partial<WorkerOptions> = {}): Promise<RunningWorker> {
  const workerClass = infrastructureWorker({
    type: 'process',
    name: 'ThingWorker',
    description: 'for tests',
    variables: defineVariables({ properties: {} }),
    open: () => platform,
  });
  worker = await startWorker(workerClass, {
    client: api.client,
    pool: 'local',
    name: 'w1',
    log: quiet,
    graceSeconds: 7,
    ...options,
  });
  return worker;
}

const states = () => api.bodies('POST /flow_runs/r1/set_state').map(proposed);
const inState = async (type: string) => {
  for (let nth = 1; ; nth += 1) {
    const state = proposed(await api.called('POST /flow_runs/r1/set_state', nth));
    if (state.type === type) return state;
  }
};

describe('a run on infrastructure', () => {
  test('is started, told to the server and followed to its end', async () => {
    api.due.push(aFlowRun());
    await start();
    await api.called('PATCH /flow_runs/r1');
    run.state_type = 'COMPLETED';
    platform.end('thing-1', { exitCode: 0 });
    await worker?.stop();
    expect(api.bodies('PATCH /flow_runs/r1')).toEqual([{ infrastructure_pid: 'thing-1' }]);
    expect(states().map(({ name }) => name)).toEqual(['Pending', 'Submitting']);
    expect(platform.closed).toBe(true);
  });

  test('that fails has crashed, with the reason that the platform gives', async () => {
    api.due.push(aFlowRun());
    await start();
    await api.called('PATCH /flow_runs/r1');
    platform.end('thing-1', { exitCode: 137, reason: 'it used more memory than its limit of 64m' });
    expect((await inState('CRASHED')).message).toBe(
      'Flow run infrastructure exited with non-zero status code 137. It used more memory than its limit of 64m.',
    );
  });

  test.each([
    {
      state: 'RUNNING',
      count: 1,
      told: /^Flow run infrastructure exited with status code 0\. The process ended before its run did/,
    },
    { state: 'PENDING', count: 0, told: /^Flow run infrastructure exited with status code 0\. The run never began\.$/ },
  ] as const)('that ends without a word while it is $state has crashed', async ({ state, count, told }) => {
    api.due.push(aFlowRun({ run_count: 0 }));
    await start();
    await api.called('PATCH /flow_runs/r1');
    Object.assign(run, { state_type: state, run_count: count });
    platform.end('thing-1', { exitCode: 0 });
    expect((await inState('CRASHED')).message).toMatch(told);
  });

  test('that was given back and is started elsewhere is left alone', async () => {
    api.due.push(aFlowRun());
    await start();
    await api.called('PATCH /flow_runs/r1');
    Object.assign(run, { state_type: 'RUNNING', infrastructure_pid: 'thing-of-another' });
    platform.end('thing-1', { exitCode: 0 });
    await worker?.stop();
    expect(states().map(({ type }) => type)).not.toContain('CRASHED');
  });

  test('goes on when the worker is stopped', async () => {
    api.due.push(aFlowRun());
    await start();
    await api.called('PATCH /flow_runs/r1');
    await worker?.stop();
    expect(platform.killed).toEqual([]);
    expect(states().map(({ type }) => type)).toEqual(['PENDING', 'PENDING']);
    const events = api.bodies('POST /events').flatMap((body) => body as { event: string }[]);
    expect(events.map(({ event }) => event)).not.toContain('prefect.worker.executed-flow-run');
  });
});

describe('a run that is cancelled', () => {
  test('while it is pending is ended, and told so by the worker', async () => {
    api.due.push(aFlowRun());
    await start();
    await api.called('PATCH /flow_runs/r1');
    Object.assign(run, { state_type: 'CANCELLING', start_time: null });
    cancel('r1');
    expect((await inState('CANCELLED')).message).toBe('Flow run cancelled by worker while pending.');
    expect(platform.killed).toEqual([{ id: 'thing-1', graceSeconds: 7 }]);
    expect(api.bodies('POST /flow_runs/r1/set_state').at(-1)).toMatchObject({ force: true });
  });

  test('while its infrastructure is being prepared is not started any more', async () => {
    platform.onStart = async (signal) => {
      cancel('r1');
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    };
    api.due.push(aFlowRun());
    await start();
    expect((await inState('CANCELLED')).message).toBe('Flow run cancelled by worker (no infrastructure found).');
    expect(api.bodies('PATCH /flow_runs/r1')).toEqual([]);
  });

  test('while a command of its own runs is ended with the grace of the worker', async () => {
    api.due.push(aFlowRun({ job_variables: { command: 'sleep 60' } }));
    await start();
    await api.called('PATCH /flow_runs/r1');
    cancel('r1');
    expect((await inState('CANCELLED')).message).toBe('Flow run was cancelled successfully.');
    expect(platform.killed).toHaveLength(1);
  });

  test('while it runs is left to the supervisor inside its infrastructure', async () => {
    api.due.push(aFlowRun());
    await start();
    await api.called('PATCH /flow_runs/r1');
    cancel('r1');
    await api.called('GET /flow_runs/r1');
    run.state_type = 'CANCELLED';
    platform.end('thing-1', { exitCode: 0 });
    await worker?.stop();
    expect(platform.killed).toEqual([]);
    expect(states().map(({ name }) => name)).toEqual(['Pending', 'Submitting']);
  });
});

describe('a run that a worker before has left', () => {
  const left = (more: Partial<FlowRunResponse> = {}) => {
    Object.assign(run, { state_type: 'RUNNING', labels: { 'prefect.worker.name': 'w1' }, infrastructure_pid: 'old', ...more });
    api.on('POST /flow_runs/filter', () => ({
      body: run.state_type === 'RUNNING' || run.state_type === 'CANCELLING' ? [run] : [],
    }));
  };

  test('is watched again by the worker of the same name, and its crash reported', async () => {
    left();
    platform.has('old');
    platform.end('old', { exitCode: 3 });
    await start();
    expect((await inState('CRASHED')).message).toMatch(/^Flow run infrastructure exited with non-zero status code 3\. /);
    expect(platform.started).toEqual([]);
    expect(api.bodies('POST /flow_runs/filter')[0]).toEqual({
      flow_runs: { state: { type: { any_: ['PENDING', 'RUNNING', 'CANCELLING'] } } },
      work_pools: { id: { any_: [POOL.id] } },
    });
  });

  test('is watched again by another worker of the pool when its own is gone', async () => {
    left({ labels: { 'prefect.worker.name': 'w0' } });
    await start();
    expect((await inState('CRASHED')).message).toBe(
      'Flow run infrastructure exited with non-zero status code -1. Its infrastructure old is not there any more.',
    );
  });

  test('before it could tell the id is found by its run', async () => {
    left({ infrastructure_pid: null });
    platform.untold = 'old';
    platform.has('old');
    platform.end('old', { exitCode: 3 });
    await start();
    await inState('CRASHED');
    expect(api.bodies('PATCH /flow_runs/r1')).toEqual([{ infrastructure_pid: 'old' }]);
  });

  test('before it started anything has crashed', async () => {
    left({ infrastructure_pid: null, state_type: 'PENDING' });
    api.on('POST /flow_runs/filter', { body: [run] });
    await start();
    expect((await inState('CRASHED')).message).toBe("Worker 'w1' ended before it started the infrastructure of the flow run.");
  });

  test.each([
    { why: 'its worker lives', labels: { 'prefect.worker.name': 'w0' } },
    { why: 'nobody knows who started it', labels: {} },
  ])('is left alone when $why', async ({ labels }) => {
    left({ labels });
    api.on('POST /work_pools/local/workers/filter', { body: [{ name: 'w0', status: 'ONLINE' }] });
    await start({ heartbeatSeconds: 0.01 });
    await api.called('POST /work_pools/local/workers/filter', 3);
    expect(platform.watched).toEqual([]);
  });

  test('is looked at once only when it belongs to another host', async () => {
    left();
    platform.watch = (id) => {
      platform.watched.push(id);
      return Promise.reject(new InfrastructureNotAvailableError('on another host'));
    };
    await start({ heartbeatSeconds: 0.01 });
    await api.called('POST /flow_runs/filter', 5);
    expect(platform.watched).toEqual(['old']);
    expect(states()).toEqual([]);
  });

  test('is ended when it was cancelled while nobody watched', async () => {
    left({ state_type: 'CANCELLING', job_variables: { command: 'sleep 60' } });
    platform.has('old');
    await start();
    expect((await inState('CANCELLED')).message).toBe('Flow run was cancelled successfully.');
    expect(platform.killed).toEqual([{ id: 'old', graceSeconds: 7 }]);
  });

  test('is watched once, however often the worker looks', async () => {
    left();
    platform.has('old');
    await start({ heartbeatSeconds: 0.01 });
    await api.called('POST /flow_runs/filter', 5);
    expect(platform.watched).toEqual(['old']);
  });
});

test('a worker whose platform cannot be opened does not start', async () => {
  const workerClass = infrastructureWorker({
    type: 'process',
    name: 'ThingWorker',
    description: 'for tests',
    variables: defineVariables({ properties: {} }),
    open: () => Promise.reject(new Error('no such library')),
  });
  await expect(startWorker(workerClass, { client: api.client, pool: 'local', log: quiet })).rejects.toThrow('no such library');
});
