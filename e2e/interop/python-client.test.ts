import type { DeploymentResponse, FlowRunResponse, Log, TaskRun } from '@prefect-ts/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aServerProcess, type ServerProcess } from '../server-process.ts';
import { aPythonClient, type PythonClient } from './python.ts';

let server: ServerProcess;
let python: PythonClient;

beforeAll(async () => {
  server = await aServerProcess();
  await server.start();
  python = await aPythonClient(server.apiUrl);
});
afterAll(() => server.remove());

async function runsOf(flow: string): Promise<FlowRunResponse[]> {
  const filter = { flows: { name: { any_: [flow] } }, sort: 'START_TIME_ASC' };
  return (await server.request<FlowRunResponse[]>('POST', '/flow_runs/filter', filter)).body;
}

describe('the unmodified Python client', () => {
  it('runs a flow with 100 mapped tasks, and all of them are there', async () => {
    const output = await python.run('python', 'mapped.py');
    expect(output).toContain('sum 5050');
    const [run] = await runsOf('mapped');
    expect(run).toMatchObject({ state_type: 'COMPLETED', run_count: 1, parameters: { n: 100 } });
    const filter = { flow_runs: { id: { any_: [run?.id] } }, task_runs: { state: { type: { any_: ['COMPLETED'] } } } };
    expect((await server.request('POST', '/task_runs/count', filter)).body).toBe(100);
    const logs = await server.request<Log[]>('POST', '/logs/filter', { logs: { flow_run_id: { any_: [run?.id] } } });
    expect(logs.body.map(({ message }) => message)).toContain('sum 5050');
  });

  it('ends runs in every way: with retries, subflows, timeouts, failures and states of its own', async () => {
    const output = await python.run('python', 'every_ending.py');
    expect(output).toContain('completes Completed');
    expect(output).toContain('fails-twice Failed');
    expect(output).toContain('times-out TimedOut');
    expect(output).toContain('ends-cancelled Cancelled');

    const [completed] = await runsOf('completes');
    const tasks = (await server.request<TaskRun[]>('POST', '/task_runs/filter', { flow_runs: { id: { any_: [completed?.id] } } }))
      .body;
    expect(tasks.find(({ name }) => name.startsWith('third_time'))).toMatchObject({ state_type: 'COMPLETED', run_count: 3 });
    const placeholder = tasks.find(({ name }) => name.startsWith('child'));
    expect(placeholder).toMatchObject({ state_type: 'COMPLETED' });
    const [child] = await runsOf('child');
    expect(child).toMatchObject({ parent_task_run_id: placeholder?.id, state_type: 'COMPLETED' });
    expect((await runsOf('fails-twice'))[0]).toMatchObject({ state_type: 'FAILED', run_count: 2 });
  });

  it('makes a pool, deploys, runs the deployment by its own worker and lists all of it', async () => {
    expect(await python.run('prefect', 'work-pool', 'create', 'processes', '--type', 'process')).toContain(
      "Created work pool 'processes'!",
    );
    await python.run('python', 'greeting.py');
    const { body: deployment } = await server.request<DeploymentResponse>('GET', '/deployments/name/greeting/python');
    expect(deployment).toMatchObject({ work_pool_name: 'processes', entrypoint: 'greeting.py:greeting' });

    const created = await python.run('prefect', 'deployment', 'run', 'greeting/python', '--param', 'name=interop');
    expect(created).toContain('Created flow run');
    const output = await python.run('prefect', 'worker', 'start', '--pool', 'processes', '--run-once');
    expect(output).toContain("Discovered type 'process' for work pool 'processes'.");
    expect(output).toContain('hello interop');

    const [run] = await runsOf('greeting');
    expect(run).toMatchObject({ state_type: 'COMPLETED', deployment_id: deployment.id, work_pool_name: 'processes' });
    expect(await python.run('prefect', 'flow-run', 'ls')).toContain(run?.id);
    expect(await python.run('prefect', 'work-pool', 'ls')).toContain('processes');
    expect(await python.run('prefect', 'deployment', 'ls')).toContain('greeting/python');
  });
});
