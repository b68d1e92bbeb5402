import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FlowRunResponse } from '@prefect-ts/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ControlChannel } from '../src/runner/control-channel.ts';
import { RecordingServer } from './recording-server.ts';

const ENGINE = fileURLToPath(new URL('../src/engine/main.ts', import.meta.url));

/** Starts the engine as a worker does. */
async function execute(
  entrypoint: string,
  parameters: Record<string, unknown> = {},
  options: { env?: Record<string, string>; run?: Partial<FlowRunResponse> } = {},
) {
  const server = await RecordingServer.start();
  const run = server.createFlowRun(parameters, options.run);
  const child = spawn(process.execPath, [ENGINE], {
    cwd: import.meta.dirname,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PREFECT_API_URL: server.apiUrl,
      PREFECT_TESTING_TEST_MODE: 'true',
      PREFECT__FLOW_RUN_ID: run.id,
      PREFECT__FLOW_ENTRYPOINT: entrypoint,
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await server[Symbol.asyncDispose]();
  });
  const output: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => output.push(line));
  child.stderr.resume();
  const exited = once(child, 'close').then(([code, signal]: (number | string | null)[]) => ({ code, signal }));
  const started = new Promise<void>((resolve) => lines.on('line', (line) => line === 'started' && resolve()));
  return { server, run, child, output, exited, started };
}

async function aSupervisor() {
  const channel = await ControlChannel.open();
  onTestFinished(() => channel.close());
  return channel.admit();
}

describe('the engine program', () => {
  it('takes a flow run to its end, and fills in what the run does not say', async () => {
    const { server, run, exited } = await execute('flows/executed.ts:add', { n: 1 });
    expect(await exited).toEqual({ code: 0, signal: null });
    expect(server.proposedStates.map((state) => state.name)).toEqual(['Running', 'Completed']);
    expect(server.calls.find((call) => call.name === 'PATCH /flow_runs/{id}')?.body).toEqual({
      flow_version: 'of-the-file',
      empirical_policy: { retries: 1, retry_delay: 0 },
    });
    expect(server.taskStates('step')).toEqual(['Pending', 'Running', 'Completed']);
    expect(server.events[0]).toMatchObject({ event: 'prefect.flow-run.heartbeat' });
    expect(server.logs.map((log) => log.message)).toContain(`Beginning flow run '${run.name}' for flow 'add'`);
  });

  it('runs a plain function as a flow', async () => {
    const { server, exited } = await execute('flows/executed.ts:plain', { n: 1 });
    expect(await exited).toEqual({ code: 0, signal: null });
    expect(server.proposedStates.at(-1)).toMatchObject({ type: 'COMPLETED' });
  });

  it('exits with 1 when the flow failed and no supervisor took note, with 0 when one did', async () => {
    const alone = await execute('flows/executed.ts:fail');
    expect(await alone.exited).toEqual({ code: 1, signal: null });
    expect(alone.server.proposedStates.at(-1)).toMatchObject({ type: 'FAILED' });

    const supervisor = await aSupervisor();
    const supervised = await execute('flows/executed.ts:fail', {}, { env: supervisor.env });
    expect(await supervised.exited).toEqual({ code: 0, signal: null });
    expect(supervisor.receipt).toMatchObject({ disposition: 'STATE_REPORTED', state_type: 'FAILED', state_name: 'Failed' });
  });

  it.each([
    ['flows/executed.ts:nope', /has no flow "nope".*It exports flows\/executed\.ts:add, flows\/executed\.ts:explode, /s],
    ['flows/executed.ts:notAFlow', /has no flow "notAFlow"/],
    ['flows/missing.ts:flow', /There is no file flows\/missing\.ts/],
    ['no-such-package/flows:etl', /neither a file nor a package/],
  ])('writes to the log of the run why %s cannot be loaded, and exits with 1', async (entrypoint, message) => {
    const { server, exited } = await execute(entrypoint);
    expect(await exited).toEqual({ code: 1, signal: null });
    expect(server.proposedStates).toEqual([]);
    const log = server.logs.find(({ message: text }) =>
      text.startsWith('Unexpected exception encountered when trying to load flow'),
    );
    expect(log?.message).toMatch(message);
  });

  it('reports a crash of the run and its tasks when it is terminated, and ends by the signal', async () => {
    const { server, child, exited, started, output } = await execute('flows/executed.ts:wait');
    await started;
    child.kill('SIGTERM');
    expect(await exited).toEqual({ code: null, signal: 'SIGTERM' });
    const message = 'Execution was aborted by a termination signal.';
    expect(server.calls.filter((call) => call.name.endsWith('set_state')).at(-1)?.body).toMatchObject({
      force: true,
      state: { type: 'CRASHED', message },
    });
    expect(server.eventsOf('forever').at(-1)?.payload.validated_state).toMatchObject({ type: 'CRASHED', message });
    expect(output).toContain('crashed hook');
  });

  it('reports a crash when an error escapes from a callback, and exits with 1', async () => {
    const { server, exited } = await execute('flows/executed.ts:explode');
    expect(await exited).toEqual({ code: 1, signal: null });
    expect(server.proposedStates.at(-1)).toMatchObject({
      type: 'CRASHED',
      message: 'Execution was interrupted by an unexpected exception: RangeError: in a callback',
    });
  });

  it('cancels the run when the supervisor said so before it terminated it', async () => {
    const supervisor = await aSupervisor();
    const { server, child, exited, started, output } = await execute('flows/executed.ts:wait', {}, { env: supervisor.env });
    await started;
    expect(await supervisor.send('cancel')).toBe(true);
    child.kill('SIGTERM');
    expect(await exited).toEqual({ code: 0, signal: null });
    expect(server.proposedStates.map((state) => state.name)).toEqual(['Running', 'Cancelling', 'Cancelled']);
    expect(output).toContain('cancellation hook');
  });

  it('leaves the end to its supervisor when told to', async () => {
    const supervisor = await aSupervisor();
    const env = { ...supervisor.env, PREFECT__ENABLE_CANCELLATION_AND_CRASHED_HOOKS: 'false' };
    const { server, child, exited, started } = await execute('flows/executed.ts:wait', {}, { env });
    await started;
    await supervisor.send('cancel');
    child.kill('SIGTERM');
    expect(await exited).toEqual({ code: 0, signal: null });
    expect(server.proposedStates.map((state) => state.name)).toEqual(['Running']);
  });

  it('leaves at once when the server does not let the run go on', async () => {
    const supervisor = await aSupervisor();
    const { server, exited } = await execute('flows/executed.ts:add', { n: 1 }, { env: supervisor.env });
    server.intercept = ({ name }) =>
      name.endsWith('/set_state')
        ? { status: 200, body: { status: 'ABORT', state: null, details: { type: 'abort_details', reason: 'taken' } } }
        : undefined;
    expect(await exited).toEqual({ code: 0, signal: null });
    expect(supervisor.receipt).toEqual({ disposition: 'ORCHESTRATION_ABORTED' });
    expect(server.proposedStates).toHaveLength(1);
  });
});
