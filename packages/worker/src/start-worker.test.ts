import type { FlowRun } from '@prefect-ts/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { abort, accept, proposed } from '../../sdk/test/scripted-api.ts';
import { aDeployment, aFlowRun, POOL, poolOfOne } from '../test/pool-of-one.ts';
import { BaseWorker, type FlowRunToStart, type RunResult, type WorkerClass } from './base-worker.ts';
import { defineVariables } from './job-template/base-job-template.ts';
import type { JobConfiguration } from './job-template/job-configuration.ts';
import { InvalidWorkerNameError, startWorker } from './start-worker.ts';
import type { RunningWorker, WorkerOptions } from './worker-options.ts';

let api: Awaited<ReturnType<typeof poolOfOne>>;
let worker: RunningWorker | undefined;
beforeEach(async () => {
  api = await poolOfOne();
});
afterEach(async () => {
  await worker?.stop();
  await api[Symbol.asyncDispose]();
});

const quiet = { debug: () => undefined, info: () => undefined, warning: () => undefined, error: () => undefined };

type Run = (
  flowRun: FlowRunToStart,
  config: JobConfiguration,
  started: (id: string) => void,
  signal: AbortSignal,
) => Promise<RunResult>;

/** A type of worker whose infrastructure is a function. */
function workerThat(run: Run): WorkerClass {
  return class TestWorker extends BaseWorker {
    static readonly type = 'process';
    static readonly description = 'for tests';
    static readonly variables = defineVariables({ properties: {} });
    override run(...args: Parameters<Run>): Promise<RunResult> {
      return run(...args);
    }
  };
}

const succeeds: Run = async (_flowRun, _config, started) => {
  started('id-1');
  return { id: 'id-1', exitCode: 0 };
};

async function start(run: Run, options: Partial<WorkerOptions> = {}): Promise<RunningWorker> {
  worker = await startWorker(workerThat(run), { client: api.client, pool: 'local', name: 'w1', log: quiet, ...options });
  return worker;
}

const statesOf = (id: string) => api.bodies(`POST /flow_runs/${id}/set_state`).map(proposed);
const eventsNamed = (name: string) =>
  api
    .bodies('POST /events')
    .flatMap((body) => body as { event: string }[])
    .filter(({ event }) => event === name);

describe('a worker', () => {
  test('takes a due run through Pending and Submitting, records its infrastructure, and tells events of it', async () => {
    api.due.push(aFlowRun());
    await start(succeeds, { runOnce: true });
    await worker?.ended;
    expect(statesOf('r1').map(({ type, name }) => `${type}/${name}`)).toEqual(['PENDING/Pending', 'PENDING/Submitting']);
    expect(api.bodies('PATCH /flow_runs/r1')).toEqual([{ infrastructure_pid: 'id-1' }]);
    expect(api.bodies('PATCH /flow_runs/r1/labels')).toEqual([
      {
        'prefect.worker.name': 'w1',
        'prefect.worker.type': 'process',
        'prefect.work-pool.name': 'local',
        'prefect.work-pool.id': 'p1',
      },
    ]);
    const [executed] = eventsNamed('prefect.worker.executed-flow-run');
    const [submitted] = eventsNamed('prefect.worker.submitted-flow-run');
    expect(executed).toMatchObject({
      follows: (submitted as unknown as { id: string }).id,
      resource: { 'prefect.resource.id': 'prefect.worker.process.w1' },
    });
    expect(eventsNamed('prefect.worker.started')).toHaveLength(1);
    expect(eventsNamed('prefect.worker.stopped')).toHaveLength(1);
  });

  test('gives its infrastructure the configuration of pool, deployment and run', async () => {
    api.on('GET /deployments/d1', { body: aDeployment({ job_variables: { env: { A: 'deployment', B: 'deployment' } } }) });
    api.due.push(aFlowRun({ job_variables: { env: { B: 'run' } } }));
    let seen: JobConfiguration | undefined;
    await start(
      async (flowRun, config, started) => {
        seen = config;
        return succeeds(flowRun, config, started, AbortSignal.abort());
      },
      { runOnce: true },
    );
    await worker?.ended;
    expect(seen).toMatchObject({
      name: 'calm-owl',
      env: { A: 'deployment', B: 'run', PREFECT__FLOW_RUN_ID: 'r1', PREFECT_API_URL: api.url },
      labels: { 'prefect.io/deployment-name': 'daily' },
    });
  });

  test('creates the pool that is missing, with the template of its type', async () => {
    api.on('GET /work_pools/local', { status: 404 });
    api.on('POST /work_pools/', { status: 201, body: POOL });
    await start(succeeds, { runOnce: true });
    await worker?.ended;
    expect(api.bodies('POST /work_pools/')).toMatchObject([
      { name: 'local', type: 'process', base_job_template: { job_configuration: { env: '{{ env }}' } } },
    ]);
    expect(api.bodies('POST /work_pools/local/workers/heartbeat')).toEqual([{ name: 'w1', heartbeat_interval_seconds: 30 }]);
  });

  test('does not create a pool where it may not', async () => {
    api.on('GET /work_pools/local', { status: 404 });
    await start(succeeds, { runOnce: true, createPool: false });
    await worker?.ended;
    expect(api.calls.map(({ route }) => route)).not.toContain('POST /work_pools/');
  });

  test('gives a pool without a template that of its type', async () => {
    api.on('GET /work_pools/local', { body: { ...POOL, base_job_template: {} } });
    api.on('PATCH /work_pools/local', { status: 204 });
    await start(succeeds, { runOnce: true });
    await worker?.ended;
    expect(api.bodies('PATCH /work_pools/local')).toMatchObject([{ base_job_template: { variables: { type: 'object' } } }]);
  });

  test('starts nothing that the server does not let it', async () => {
    api.on('POST /flow_runs/r1/set_state', abort('taken by another'));
    api.due.push(aFlowRun());
    let started = 0;
    await start(
      async (...args) => {
        started += 1;
        return succeeds(...args);
      },
      { runOnce: true },
    );
    await worker?.ended;
    expect(started).toBe(0);
  });

  test('cancels a run whose deployment is gone', async () => {
    api.on('GET /deployments/d1', { status: 404 });
    api.due.push(aFlowRun());
    await start(succeeds, { runOnce: true });
    await worker?.ended;
    expect(statesOf('r1').at(-1)).toMatchObject({
      type: 'CANCELLED',
      message: 'Deployment d1 no longer exists, cancelled run.',
    });
  });

  test('reports a run that could not be started', async () => {
    api.due.push(aFlowRun());
    await start(() => Promise.reject(new TypeError('no such image')), { runOnce: true });
    await worker?.ended;
    expect(statesOf('r1').at(-1)).toMatchObject({
      type: 'CRASHED',
      message: 'Failed to submit flow run to infrastructure: TypeError: no such image',
    });
  });

  test('reports infrastructure that ended badly', async () => {
    api.due.push(aFlowRun());
    await start(async () => ({ id: 'x', exitCode: 3 }), { runOnce: true });
    await worker?.ended;
    expect(statesOf('r1').at(-1)).toMatchObject({
      type: 'CRASHED',
      message: 'Flow run infrastructure exited with non-zero status code 3. Process exited with an unexpected status code.',
    });
  });

  test('has no more runs under way than its limit, and takes the next as soon as one is over', async () => {
    const over = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const waiting: FlowRun[] = ['a', 'b', 'c'].map((id) => aFlowRun({ id }));
    api.on('POST /work_pools/local/get_scheduled_flow_runs', () => ({
      body: waiting.map((flow_run) => ({ work_pool_id: 'p1', work_queue_id: 'q1', flow_run })),
    }));
    api.on('POST /flow_runs/*/set_state', (call) => {
      const id = call.route.split('/')[2];
      const index = waiting.findIndex((flowRun) => flowRun.id === id);
      if (index >= 0) waiting.splice(index, 1);
      return accept(call);
    });
    let underWay = 0;
    let most = 0;
    await start(
      async (flowRun, _config, started) => {
        underWay += 1;
        most = Math.max(most, underWay);
        started(flowRun.id);
        await over[['a', 'b', 'c'].indexOf(flowRun.id)]?.promise;
        underWay -= 1;
        return { id: flowRun.id, exitCode: 0 };
      },
      { limit: 2 },
    );
    await Promise.all([api.called('PATCH /flow_runs/a'), api.called('PATCH /flow_runs/b')]);
    expect(api.bodies('PATCH /flow_runs/c')).toEqual([]);
    over[0]?.resolve();
    await api.called('PATCH /flow_runs/c');
    for (const each of over) each.resolve();
    expect(most).toBe(2);
  });

  test('polls at once when the server wakes it', async () => {
    const open = Promise.withResolvers<WebSocket>();
    const subscribed = Promise.withResolvers<unknown>();
    api.onSocket('/work_pools/local/wake', (socket) => {
      socket.on('message', (data) => subscribed.resolve(JSON.parse(String(data))));
      open.resolve(socket);
    });
    await start(succeeds, { querySeconds: 3600, queues: ['fast'] });
    expect(await subscribed.promise).toEqual({
      type: 'subscribe',
      work_queue_names: ['fast'],
      worker_name: 'w1',
      prefetch_seconds: 10,
    });
    const socket = await open.promise;
    api.due.push(aFlowRun());
    socket.send(JSON.stringify({ type: 'wake', at: new Date().toISOString() }));
    await api.called('PATCH /flow_runs/r1');
  });

  test('hears of new runs by events where the server has no channel to wake it', async () => {
    const subscribed = Promise.withResolvers<WebSocket>();
    api.onSocket('/events/out', (socket) => {
      socket.on('message', (data) => {
        if (String(data).includes('prefect.flow-run.Scheduled')) subscribed.resolve(socket);
      });
    });
    await start(succeeds, { querySeconds: 3600 });
    const socket = await subscribed.promise;
    api.due.push(aFlowRun());
    const event = { id: 'e1', event: 'prefect.flow-run.Scheduled', resource: {}, related: [] };
    socket.send(JSON.stringify({ type: 'event', event }));
    await api.called('PATCH /flow_runs/r1');
  });

  test('survives a server that is away, and works on when it is back', async () => {
    await start(succeeds, { querySeconds: 0.01, heartbeatSeconds: 0.01 });
    await api.called('POST /work_pools/local/get_scheduled_flow_runs');
    await api.pause();
    api.due.push(aFlowRun());
    await api.resume();
    await api.called('PATCH /flow_runs/r1');
  });

  test('survives answers that say the server is broken, and a queue that is not there', async () => {
    const answers = [{ status: 500 }, { status: 404 }];
    api.on('POST /work_pools/local/get_scheduled_flow_runs', () => answers.shift() ?? { body: [] });
    await start(succeeds, { querySeconds: 0.01 });
    await api.called('POST /work_pools/local/get_scheduled_flow_runs', 4);
  });

  test('ends when its credentials are refused', async () => {
    api.on('GET /work_pools/local', { status: 401 });
    const running = await start(succeeds);
    await expect(running.ended).rejects.toThrow(/401/);
  });

  test('answers health checks', async () => {
    const running = await start(succeeds, { health: { host: '127.0.0.1', port: 0 } });
    const answer = await fetch(`http://127.0.0.1:${running.healthPort}/health`);
    expect([answer.status, await answer.json()]).toEqual([200, { message: 'OK' }]);
  });

  test.each(['a/b', 'a%b'])('cannot be called %s', async (name) => {
    await expect(start(succeeds, { name })).rejects.toThrow(InvalidWorkerNameError);
  });
});
