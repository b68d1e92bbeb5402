import { type ChildProcess, spawn } from 'node:child_process';
import { hostname } from 'node:os';
import type { FlowRunResponse } from '@prefect-ts/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, isGone } from '../processes.ts';
import { answering, aServerProcess, type ServerProcess } from '../server-process.ts';
import { aPythonClient, type PythonClient } from './python.ts';

/** Python needs a while to load, on a machine that is busy. */
const PATIENCE_MS = 60_000;

let server: ServerProcess;
let python: PythonClient;
const children: ChildProcess[] = [];

beforeAll(async () => {
  server = await aServerProcess({
    environment: {
      PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_CANCELLING_TIMEOUT_SECONDS: '0',
      PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_LOOP_SECONDS: '1',
    },
  });
  await server.start();
  python = await aPythonClient(server.apiUrl);
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await server.remove();
});

it("Python's worker takes down what is left of a run that was cancelled in vain", async () => {
  await server.request('POST', '/work_pools/', { name: 'pool', type: 'process' });
  const { body: flow } = await server.request<{ id: string }>('POST', '/flows/', { name: 'stubborn' });
  const deployment = { name: 'd', flow_id: flow.id, entrypoint: 'flow.py:flow', work_pool_name: 'pool' };
  const { body: deployed } = await server.request<{ id: string }>('POST', '/deployments/', deployment);
  const { body: run } = await server.request<FlowRunResponse>('POST', `/deployments/${deployed.id}/create_flow_run`, {});

  // What a worker that is gone by now had started for the run.
  const left = spawn('sleep', ['600']);
  children.push(left);
  await server.request('PATCH', `/flow_runs/${run.id}`, { infrastructure_pid: `${hostname()}:${left.pid}` });
  for (const type of ['RUNNING', 'CANCELLING'])
    await server.request('POST', `/flow_runs/${run.id}/set_state`, { state: { type }, force: true });
  await eventually('the run is cancelled', async () => {
    const { body } = await server.request<FlowRunResponse>('GET', `/flow_runs/${run.id}`);
    return body.state_type === 'CANCELLED';
  });

  const worker = python.start('python', 'teardown_worker.py');
  children.push(worker);
  await answering(worker, (text) => text.includes(`took down process ${left.pid}`));
  await eventually('the process is gone', () => isGone(Number(left.pid)), PATIENCE_MS);
  expect((await server.request<object[]>('POST', '/work_pools/pool/workers/filter', {})).body).toMatchObject([
    { status: 'ONLINE' },
  ]);
});
