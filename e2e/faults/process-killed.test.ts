import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, isGone } from '../processes.ts';
import { aSystem, type System } from './system.ts';

/** "At once", on a machine that is busy. */
const AT_ONCE_MS = 2000;

let system: System;
beforeAll(async () => {
  system = await aSystem(['endless']);
});
afterAll(() => system.remove());

it('reports a run as Crashed at once when its process is killed, and goes on', async () => {
  const worker = await system.startWorker();
  for (let round = 1; round <= 2; round += 1) {
    const id = await system.startRun('endless/d');
    const [, pid] = await worker.said(new RegExp(`(?:endless in process (\\d+)[^]*?){${round}}`));
    await eventually('the run is Running', async () => (await system.readRun(id)).state_type === 'RUNNING');
    const killed = Date.now();
    process.kill(Number(pid), 'SIGKILL');
    const state = await system.endOf(id);
    expect(state).toMatchObject({
      type: 'CRASHED',
      name: 'Crashed',
      message: expect.stringMatching(/^Process exited with status code: -9\. .*SIGKILL/),
    });
    expect(Date.parse(state.timestamp) - killed).toBeLessThan(AT_ONCE_MS);
  }
  expect(await worker.stop('SIGTERM')).toBe(0);
});

it('ends its runs with the worker: their processes are gone, and they are Crashed', async () => {
  const worker = await system.startWorker();
  const id = await system.startRun('endless/d');
  const [, pid] = await worker.said(/endless in process (\d+)\./);
  await eventually('the run is Running', async () => (await system.readRun(id)).state_type === 'RUNNING');

  expect(await worker.stop('SIGTERM')).toBe(0);
  expect(worker.stdout).toMatch(/Worker 'ProcessWorker \S+' stopped!\n$/);
  expect(isGone(Number(pid))).toBe(true);
  expect((await system.readRun(id)).state).toMatchObject({ type: 'CRASHED', name: 'Crashed' });
});
