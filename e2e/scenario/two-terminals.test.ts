import { fileURLToPath } from 'node:url';
import type { FlowRunResponse } from '@prefect-ts/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, isGone } from '../processes.ts';
import { freePort } from '../server-process.ts';
import { aTerminal, type Program, type Terminal } from '../terminal.ts';

/** By then nothing of a cancelled run is left. */
const LONGEST_CANCEL_MS = 5000;
const SCHEDULE_SECONDS = 2;
/** The server counts the seconds that are left in whole ones (contract, WaitForScheduledTime). */
const EARLIEST_MS = -500;

let terminal: Terminal;
let server: Program;
let worker: Program;

beforeAll(async () => {
  terminal = await aTerminal({ folder: fileURLToPath(new URL('.', import.meta.url)) });
  const port = await freePort();
  server = terminal.start('server', 'start', '--port', String(port));
  const [, apiUrl = ''] = await server.said(/API +(http:\S+\/api)/);
  expect(apiUrl).toBe(`http://127.0.0.1:${port}/api`);
  await terminal.succeed('config', 'set', `PREFECT_API_URL=${apiUrl}`);
});
afterAll(() => terminal.close());

/** Starts a run of a deployment and gives its id. */
async function runOf(deployment: string, ...options: string[]): Promise<string> {
  const said = await terminal.succeed('deployment', 'run', deployment, ...options);
  return /UUID: (\S+)/.exec(said)?.[1] ?? '';
}

async function inspect(id: string): Promise<FlowRunResponse> {
  return JSON.parse(await terminal.succeed('flow-run', 'inspect', id, '-o', 'json'));
}

describe('the scenario of the guide', () => {
  it('makes a pool, starts its worker, deploys a flow and runs it', async () => {
    expect(await terminal.succeed('work-pool', 'create', '--type', 'process', 'my-pool')).toContain(
      "Created work pool 'my-pool'",
    );

    worker = terminal.start('worker', 'start', '--pool', 'my-pool');
    await worker.said(/started!\n/);
    expect(worker.stdout).toMatch(
      /^Discovered worker type 'process' for work pool 'my-pool'\.\nWorker 'ProcessWorker [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}' started!\n/,
    );

    expect(await terminal.succeed('deploy', './flows/hello.ts:hello', '--name', 'my-deployment', '--pool', 'my-pool')).toMatch(
      /^Deployment 'hello\/my-deployment' successfully created with id '\S+'\.\n/,
    );

    const id = await runOf('hello/my-deployment', '--param', 'name=terminal');
    const watched = await terminal.succeed('flow-run', 'watch', id);
    expect(watched).toMatch(/finished in state Completed\.\n$/);
    expect(watched).toContain('Hello, terminal!');
    expect(await terminal.succeed('flow-run', 'logs', id)).toMatch(/ \| INFO +\| Flow run '\S+' - Hello, terminal!\n/);
    expect(await inspect(id)).toMatchObject({ state_type: 'COMPLETED', run_count: 1, work_pool_name: 'my-pool' });
    await worker.said(/Hello, terminal!/);
  });

  it('cancels a run that is under way, with every process that it started', async () => {
    await terminal.succeed('deploy', './flows/family.ts:family', '--name', 'long', '--pool', 'my-pool');
    const id = await runOf('family/long');
    const [, ...pids] = await worker.said(/family (\d+) (\d+) (\d+)\./);
    expect(await inspect(id)).toMatchObject({ state_type: 'RUNNING', infrastructure_pid: pids[0] });

    const cancelled = await terminal.succeed('flow-run', 'cancel', id);
    expect(cancelled).toContain(`Flow run '${id}' was successfully scheduled for cancellation.`);
    const asked = Date.now();
    for (const pid of pids) await eventually(`process ${pid} is gone`, () => isGone(Number(pid)), LONGEST_CANCEL_MS);
    await eventually('the run is Cancelled', async () => (await inspect(id)).state_type === 'CANCELLED', LONGEST_CANCEL_MS);
    expect(Date.now() - asked).toBeLessThan(LONGEST_CANCEL_MS);
    const { code, stdout } = await terminal.prefect('flow-run', 'watch', id);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/finished in state Cancelled\.\n$/)]);
  });

  it('runs a deployment when its schedule says so', async () => {
    const [flow, name] = ['./flows/hello.ts:hello', 'scheduled'];
    await terminal.succeed('deploy', flow, '--name', name, '--pool', 'my-pool', '--interval', String(SCHEDULE_SECONDS));
    const ran = await eventually('two scheduled runs have completed', async () => {
      const listed = await terminal.succeed('flow-run', 'ls', '--flow-name', 'hello', '--state', 'Completed', '-o', 'json');
      const runs = (JSON.parse(listed) as FlowRunResponse[]).filter((run) => run.auto_scheduled);
      return runs.length >= 2 && runs;
    });
    await terminal.succeed('deployment', 'schedule', 'clear', 'hello/scheduled', '--accept-yes');
    for (const run of ran) expect(lateness(run), `run '${run.name}' starts when it is due`).toBeGreaterThanOrEqual(EARLIEST_MS);
    const times = ran.map(({ expected_start_time }) => Date.parse(expected_start_time ?? '') / 1000).sort((a, b) => a - b);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBe(SCHEDULE_SECONDS);
  });

  it.each([
    ['worker', () => worker, /Worker 'ProcessWorker \S+' stopped!\n$/],
    ['server', () => server, /Server stopped!\n$/],
  ])('stops the %s with Ctrl-C', async (_, program, lastLine) => {
    expect(await program().stop('SIGINT')).toBe(0);
    expect(program().stdout).toMatch(lastLine);
  });
});

/** Milliseconds between the time that a run was due and the time that it started. */
function lateness({ start_time, expected_start_time }: FlowRunResponse): number {
  return Date.parse(start_time ?? '') - Date.parse(expected_start_time ?? '');
}
