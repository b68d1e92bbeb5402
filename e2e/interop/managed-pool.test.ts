import { join } from 'node:path';
import { type FlowRunResponse, isTerminal, type WorkPoolResponse } from '@prefect-ts/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../processes.ts';
import { freePort } from '../server-process.ts';
import { aTerminal, type Program, type Terminal } from '../terminal.ts';
import { flows, programs } from './python.ts';

const PORT = await freePort();
const API = `http://127.0.0.1:${PORT}/api`;
/** Two programs load one after the other, and Python needs a while on a machine that is busy. */
const PATIENCE_MS = 90_000;

let terminal: Terminal;
let server: Program;
beforeAll(async () => {
  terminal = await aTerminal({
    folder: flows,
    env: {
      PREFECT_API_URL: API,
      PREFECT_PYTHON: join(programs, 'python'),
      PREFECT_SERVER_MANAGED_POOLS_ENABLED: 'true',
      SECRET_OF_THE_SERVER: 'xyzzy',
    },
  });
  server = await startServer();
  await terminal.succeed('work-pool', 'create', 'ours', '--type', 'prefect:managed');
});
afterAll(() => terminal.close());

async function startServer(): Promise<Program> {
  const program = terminal.start('server', 'start', '--port', String(PORT));
  await program.said(/API +(http:\S+\/api)/);
  return program;
}

async function request<Body>(method: string, path: string, body?: object): Promise<Body> {
  const response = await fetch(API + path, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as Body;
}

const readRun = (id: string) => request<FlowRunResponse>('GET', `/flow_runs/${id}`);

/** Deploys a flow to the pool and starts a run of it. */
async function startRun(entrypoint: string, parameters: object = {}, jobVariables: object = {}): Promise<string> {
  const name = entrypoint.replaceAll(/\W/g, '-');
  await terminal.succeed('deploy', entrypoint, '--name', name, '--pool', 'ours');
  const found = await request<{ id: string; name: string }[]>('POST', '/deployments/filter', {
    deployments: { name: { any_: [name] } },
  });
  const run = await request<FlowRunResponse>('POST', `/deployments/${found[0]?.id}/create_flow_run`, {
    parameters,
    job_variables: jobVariables,
  });
  return run.id;
}

const endOf = (id: string) =>
  eventually(
    `run ${id} is over`,
    async () => {
      const { state } = await readRun(id);
      return isTerminal(state?.type) && (state ?? false);
    },
    PATIENCE_MS,
  );

const underWay = (id: string) =>
  eventually(
    `run ${id} is started`,
    async () => {
      const { state_type, infrastructure_pid } = await readRun(id);
      return state_type === 'RUNNING' && (infrastructure_pid ?? false);
    },
    PATIENCE_MS,
  );

describe('a managed pool', () => {
  it('is ready without a worker', async () => {
    expect((await request<WorkPoolResponse>('GET', '/work_pools/ours')).status).toBe('READY');
    expect(await request('POST', '/work_pools/ours/workers/filter', {})).toEqual([]);
  });

  it.each(['greeting.ts:greeting', 'greeting.py:greeting'])('runs %s to its end', async (entrypoint) => {
    const id = await startRun(entrypoint, { name: 'you' });
    expect((await endOf(id)).type).toBe('COMPLETED');
    expect(await request('POST', '/work_pools/ours/workers/filter', {})).toEqual([]);
  });

  it('does not tell a run the secrets of the server', async () => {
    const id = await startRun('greeting.ts:greeting', { name: 'you' }, { command: `sh -c 'env; exit 9'` });
    expect((await endOf(id)).type).toBe('CRASHED');
    const output = server.output;
    expect(output).toContain('PREFECT__FLOW_RUN_ID=');
    expect(output).not.toMatch(/xyzzy|PREFECT_SERVER_MANAGED/);
  });

  it('ends a run that is cancelled', async () => {
    const id = await startRun('sleeping.py:sleeping');
    await underWay(id);
    await terminal.succeed('flow-run', 'cancel', id);
    expect((await endOf(id)).type).toBe('CANCELLED');
  });

  it('lets runs go on while the server is away, and follows them when it is back', async () => {
    const id = await startRun('sleeping.py:sleeping');
    await underWay(id);
    await server.stop('SIGKILL');
    server = await startServer();
    await server.said(/is watched again/);
    await terminal.succeed('flow-run', 'cancel', id);
    expect((await endOf(id)).type).toBe('CANCELLED');
  });
});
