import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { accept, proposed, type ScriptedApi, scriptedApi } from '../../test/scripted-api.ts';
import { type CancellationWatch, watchCancellations } from './cancellation-watch.ts';
import { ControlChannel } from './control-channel.ts';
import { type RunningProcess, startProcess } from './start-process.ts';
import { type OnShutdown, type SupervisedEnd, superviseFlowRun } from './supervise-flow-run.ts';

let api: ScriptedApi;
let channel: ControlChannel;
let cancellations: CancellationWatch;
let child: RunningProcess | undefined;
let state: string;
beforeEach(async () => {
  api = await scriptedApi();
  channel = await ControlChannel.open();
  cancellations = watchCancellations(api.client, 0.01);
  state = 'RUNNING';
  api.on('POST /flow_runs/filter', { body: [] });
  api.on('POST /flow_runs/r1/set_state', accept);
  api.on('GET /flow_runs/r1', () => ({ body: { state: { type: state } } }));
  api.on('POST /events', { status: 204 });
  api.on('POST /ready', { body: null });
});
afterEach(async () => {
  child?.kill();
  cancellations.close();
  channel.close();
  await api[Symbol.asyncDispose]();
});

/** A process that speaks the control protocol: `line` is its connection, `ready()` tells the test that it is up. */
const SPEAKS = `
const line = require('node:net').connect(Number(process.env.PREFECT__CONTROL_PORT), '127.0.0.1');
const ready = () => fetch(process.env.API + '/ready', { method: 'POST' });
const receipt = (content) => {
  const text = Buffer.from(JSON.stringify(content));
  const head = Buffer.alloc(5);
  head[0] = 1;
  head.writeUInt32BE(text.length, 1);
  line.write(Buffer.concat([head, text]));
};
line.write(process.env.PREFECT__CONTROL_TOKEN + '\\n');
line.write(Buffer.from([0, 0x50, 0x46, 2, 1]));
setInterval(() => {}, 1000);
let heard = '';
line.on('data', (bytes) => {
  for (const byte of bytes) if ('crq'.includes(String.fromCharCode(byte)) && bytes.length === 1) {
    heard = String.fromCharCode(byte);
    line.write('a');
  }
});
process.on('SIGTERM', () => process.exit(heard === '' ? 143 : 0));
`;

const quiet = { debug: () => undefined, info: () => undefined, warning: () => undefined, error: () => undefined };

async function supervise(program: string, onShutdown: OnShutdown = 'crash') {
  const stop = new AbortController();
  const control = channel.admit();
  child = await startProcess({
    command: process.execPath,
    args: ['-e', program],
    cwd: process.cwd(),
    env: { API: api.url, PATH: process.env.PATH, ...control.env },
    showOutput: false,
  });
  const flowRun = { id: 'r1', name: 'calm-owl', flow_id: 'f1', deployment_id: null, tags: [] };
  const end: Promise<SupervisedEnd> = superviseFlowRun({
    client: api.client,
    flowRun,
    process: child,
    control,
    cancellations,
    signal: stop.signal,
    onShutdown,
    log: quiet,
  });
  return { end, stop: () => stop.abort() };
}

const told = () => api.bodies('POST /flow_runs/r1/set_state').map(proposed);

describe('superviseFlowRun', () => {
  test('has nothing to tell of a run that reported its own end, whatever its exit code', async () => {
    const reported = `{ disposition: 'STATE_REPORTED', state_id: 's', state_type: 'FAILED', state_name: 'Failed' }`;
    const { end } = await supervise(
      `${SPEAKS} receipt(${reported}); let taken = 0; line.on('data', (b) => (taken += b.length) === 6 && process.exit(1));`,
    );
    expect(await end).toEqual({ status: 0, ending: 'finished' });
    expect(told()).toEqual([]);
  });

  test('reports a run whose code ended the process without a word', async () => {
    const { end } = await supervise(`${SPEAKS} line.once('data', () => process.exit(0));`);
    expect((await end).ending).toBe('crashed');
    expect(told()[0]?.message).toMatch(/^Process exited with status code: 0\. /);
  });

  test('leaves a run alone that suspended itself', async () => {
    state = 'PAUSED';
    const { end } = await supervise(`${SPEAKS} line.once('data', () => process.exit(0));`);
    expect((await end).ending).toBe('finished');
    expect(told()).toEqual([]);
  });

  test('leaves the report of a cancellation to a process that took it', async () => {
    state = 'CANCELLED';
    const { end } = await supervise(`${SPEAKS} line.once('data', ready);`);
    await api.called('POST /ready');
    api.on('POST /flow_runs/filter', { body: [{ id: 'r1' }] });
    expect(await end).toEqual({ status: 0, ending: 'cancelled' });
    expect(told()).toEqual([]);
  });

  test('schedules a run anew where it is asked to', async () => {
    const { end, stop } = await supervise(`${SPEAKS} line.once('data', ready);`, 'reschedule');
    await api.called('POST /ready');
    stop();
    expect(await end).toEqual({ status: 0, ending: 'rescheduled' });
    expect(told()).toMatchObject([{ type: 'SCHEDULED', name: 'AwaitingRetry' }]);
  });

  test('does not schedule a run anew that is over', async () => {
    state = 'COMPLETED';
    const { end, stop } = await supervise(`${SPEAKS} line.once('data', ready);`, 'reschedule');
    await api.called('POST /ready');
    stop();
    await end;
    expect(told()).toEqual([]);
  });

  test('leaves a run to its infrastructure where it is asked to', async () => {
    const { end, stop } = await supervise(`${SPEAKS} line.once('data', ready);`, 'relinquish');
    await api.called('POST /ready');
    stop();
    expect(await end).toEqual({ status: 1, ending: 'relinquished' });
    expect(told()).toEqual([]);
  });
});
