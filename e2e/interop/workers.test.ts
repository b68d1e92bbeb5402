import { fileURLToPath } from 'node:url';
import type { DeploymentResponse, FlowRunResponse } from '@prefect-ts/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, isGone } from '../processes.ts';
import { aServerProcess, type ServerProcess } from '../server-process.ts';
import { aTerminal, type Program, type Terminal } from '../terminal.ts';
import { aPythonClient, flows, type PythonClient } from './python.ts';

const PREFECT = fileURLToPath(new URL('../../packages/cli/bin/prefect.js', import.meta.url));
const LONGEST_CANCEL_MS = 10_000;
/** Python needs a while to load, on a machine that is busy. */
const PATIENCE_MS = 60_000;

let server: ServerProcess;
let python: PythonClient;
let terminal: Terminal;
beforeAll(async () => {
  server = await aServerProcess();
  await server.start();
  python = await aPythonClient(server.apiUrl);
  const env = { PREFECT_API_URL: server.apiUrl, PREFECT_PYTHON: python.interpreter };
  terminal = await aTerminal({ folder: flows, env });
  await terminal.succeed('work-pool', 'create', 'processes', '--type', 'process');
});
afterAll(async () => {
  await terminal.close();
  await server.remove();
});

/** Starts a run of a deployment and gives its id. */
async function runOf(deployment: string, ...options: string[]): Promise<string> {
  const said = await terminal.succeed('deployment', 'run', deployment, ...options);
  return /UUID: (\S+)/.exec(said)?.[1] ?? '';
}

async function stateOf(id: string): Promise<string | null> {
  return (await server.request<FlowRunResponse>('GET', `/flow_runs/${id}`)).body.state_type;
}

const isState = (id: string, wanted: string, patienceMs = PATIENCE_MS) =>
  eventually(`run ${id} is ${wanted}`, async () => (await stateOf(id)) === wanted, patienceMs);

describe('our worker', () => {
  let worker: Program;
  beforeAll(async () => {
    worker = terminal.start('worker', 'start', '--pool', 'processes');
    await worker.said(/started!\n/);
  });
  afterAll(() => worker.stop('SIGTERM'));

  it('runs a Python flow that our command line deployed, with pull steps', async () => {
    await terminal.succeed('deploy', './greeting.py:greeting', '--name', 'steps', '--pool', 'processes');
    const { body } = await server.request<DeploymentResponse>('GET', '/deployments/name/greeting/steps');
    expect(body.pull_steps).toHaveLength(1);
    expect(body.parameter_openapi_schema).toMatchObject({ properties: { name: { default: 'world', type: 'string' } } });

    const id = await runOf('greeting/steps', '--param', 'name=steps');
    await isState(id, 'COMPLETED');
    await worker.said(/hello steps/);
    await eventually('its log is there', async () => (await terminal.succeed('flow-run', 'logs', id)).includes('hello steps'));
  });

  it('runs a Python flow from the folder that its deployment names, without pull steps', async () => {
    const { body: flow } = await server.request<{ id: string }>('POST', '/flows/', { name: 'greeting' });
    await server.request('POST', '/deployments/', {
      name: 'folder',
      flow_id: flow.id,
      path: flows,
      entrypoint: 'greeting.py:greeting',
      work_pool_name: 'processes',
    });
    await isState(await runOf('greeting/folder', '--param', 'name=folder'), 'COMPLETED');
    await worker.said(/hello folder/);
  });

  it('ends a Python flow that our command line cancels, and its process', async () => {
    await terminal.succeed('deploy', './sleeping.py:sleeping', '--name', 'd', '--pool', 'processes');
    const id = await runOf('sleeping/d');
    const [, pid] = await worker.said(/sleeping in process (\d+)\./, PATIENCE_MS);
    await isState(id, 'RUNNING');
    await terminal.succeed('flow-run', 'cancel', id);
    await isState(id, 'CANCELLED', LONGEST_CANCEL_MS);
    await eventually(`process ${pid} is gone`, () => isGone(Number(pid)), LONGEST_CANCEL_MS);
  });
});

describe("Python's worker", () => {
  it('runs a TypeScript flow, by the command that executes it', async () => {
    await terminal.succeed('work-pool', 'create', 'python', '--type', 'process');
    const command = `command=${process.execPath} ${PREFECT} flow-run execute`;
    await terminal.succeed('deploy', './greeting.ts:greeting', '--name', 'd', '--pool', 'python', '--job-variable', command);
    const id = await runOf('typescript-greeting/d', '--param', 'name=Python');
    const output = await python.run('prefect', 'worker', 'start', '--pool', 'python', '--run-once');
    expect(output).toContain('hello Python from TypeScript');
    expect(await stateOf(id)).toBe('COMPLETED');
  });
});
