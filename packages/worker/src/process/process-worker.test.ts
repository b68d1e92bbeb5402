import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { proposed } from '../../../sdk/test/scripted-api.ts';
import { aDeployment, aFlowRun, poolOfOne } from '../../test/pool-of-one.ts';
import { startWorker } from '../start-worker.ts';
import type { RunningWorker, WorkerOptions } from '../worker-options.ts';
import { ProcessWorker } from './process-worker.ts';

let api: Awaited<ReturnType<typeof poolOfOne>>;
let worker: RunningWorker | undefined;
let directory: string;
beforeEach(async () => {
  api = await poolOfOne();
  directory = await mkdtemp(join(tmpdir(), 'worker-'));
});
afterEach(async () => {
  await worker?.kill();
  await api[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

const quiet = { debug: () => undefined, info: () => undefined, warning: () => undefined, error: () => undefined };

/** A run whose process is a Node program, which reaches the API as `say(word)`. */
async function run(program: string, options: Partial<WorkerOptions> = {}): Promise<RunningWorker> {
  const say = `const say = (word) => fetch(process.env.PREFECT_API_URL + '/said/' + encodeURIComponent(word), { method: 'POST' });`;
  await writeFile(join(directory, 'program.mjs'), `${say}\n${program}`);
  api.on('POST /said/*', { body: null });
  const variables = { command: `'${process.execPath}' program.mjs`, working_dir: directory, stream_output: false };
  api.due.push(aFlowRun({ job_variables: variables }));
  worker = await startWorker(ProcessWorker, { client: api.client, pool: 'local', name: 'w1', log: quiet, ...options });
  return worker;
}

const lastState = () => api.bodies('POST /flow_runs/r1/set_state').map(proposed).at(-1);

describe('a process worker', () => {
  test('runs the configured command in its folder, with the environment of the run', async () => {
    const running = await run(
      "await say([process.env.PREFECT__FLOW_RUN_ID, process.env.PREFECT__FLOW_NAME, process.cwd().split('-')[0].split('/').at(-1)].join())",
      { runOnce: true },
    );
    await running.ended;
    expect(api.calls.map(({ route }) => decodeURIComponent(route))).toContain('POST /said/r1,etl,worker');
    expect(lastState()).toMatchObject({ name: 'Submitting' });
  });

  test('reports at once a process that died', async () => {
    await run("await say('up'); setInterval(() => {}, 1000)");
    await api.called('POST /said/up');
    const { infrastructure_pid } = (await api.called('PATCH /flow_runs/r1')) as { infrastructure_pid: string };
    process.kill(Number(infrastructure_pid), 'SIGKILL');
    const crashed = proposed(await api.called('POST /flow_runs/r1/set_state', 3));
    expect(crashed.type).toBe('CRASHED');
    expect(crashed.message).toMatch(/^Process exited with status code: -9\. /);
  });

  test('reports the exit code of a process that gave up', async () => {
    const running = await run('process.exit(3)', { runOnce: true });
    await running.ended;
    expect(lastState()).toMatchObject({
      type: 'CRASHED',
      message: 'Process exited with status code: 3. Process exited with an unexpected status code.',
    });
  });

  test('reports a run whose code is not there', async () => {
    api.on('GET /deployments/d1', { body: aDeployment({ path: join(directory, 'none') }) });
    api.due.push(aFlowRun());
    worker = await startWorker(ProcessWorker, { client: api.client, pool: 'local', name: 'w1', log: quiet, runOnce: true });
    await worker.ended;
    expect(lastState()?.message).toMatch(/^Failed to submit flow run to infrastructure: MissingCodeError: .*none/);
  });

  test('ends the process of a run that is cancelled and reports it cancelled', async () => {
    const listening = Promise.withResolvers<WebSocket>();
    api.onSocket('/events/out', (socket) => {
      socket.on('message', (data) => {
        if (String(data).includes('prefect.flow-run.Cancelling')) listening.resolve(socket);
      });
    });
    await run("await say('up'); setInterval(() => {}, 1000)");
    await api.called('POST /said/up');
    await api.called('PATCH /flow_runs/r1');
    const event = { id: 'e1', event: 'prefect.flow-run.Cancelling', resource: { 'prefect.resource.id': 'prefect.flow-run.r1' } };
    (await listening.promise).send(JSON.stringify({ type: 'event', event }));
    const body = (await api.called('POST /flow_runs/r1/set_state', 3)) as { force: boolean };
    expect(body.force).toBe(true);
    expect(proposed(body)).toMatchObject({ type: 'CANCELLED', message: 'Flow run was cancelled successfully.' });
  });

  test('ends its processes when it is stopped, and reports their runs crashed', async () => {
    const running = await run("await say('up'); setInterval(() => {}, 1000)");
    await api.called('POST /said/up');
    await running.stop();
    expect(lastState()?.type).toBe('CRASHED');
    expect(lastState()?.message).toMatch(/^Process exited with status code: -15\. /);
  });

  test('runs pull steps before the engine of a TypeScript flow, and reports one that failed', async () => {
    const pull_steps = [{ 'prefect.deployments.steps.run_shell_script': { script: 'false' } }];
    api.on('GET /deployments/d1', { body: aDeployment({ pull_steps }) });
    api.due.push(aFlowRun());
    worker = await startWorker(ProcessWorker, { client: api.client, pool: 'local', name: 'w1', log: quiet, runOnce: true });
    await worker.ended;
    expect(lastState()?.message).toMatch(/StepExecutionError: .*run_shell_script/);
    const events = api.bodies('POST /events').flatMap((body) => body as { event: string }[]);
    expect(events.map(({ event }) => event)).toContain('prefect.flow-run.pull-step.failed');
  });
});
