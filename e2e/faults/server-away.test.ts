import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { TaskRun } from '@prefect-ts/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { eventually } from '../processes.ts';
import { aSystem, type System } from './system.ts';

const ABSENCE_MS = 60_000;
const LONGEST_STOP_MS = 5000;

let system: System;
beforeAll(async () => {
  system = await aSystem(['beating', 'endless', 'once']);
});
afterAll(() => system.remove());

it(`loses nothing of a run when the server is killed and ${ABSENCE_MS / 1000} s away, and its worker goes on`, async () => {
  const worker = await system.startWorker();
  const until = join(system.terminal.home, 'until');
  const id = await system.startRun('beating/d', { until });
  await worker.said(/beating\./);

  await system.server.kill();
  await pause(ABSENCE_MS);
  await system.server.start();
  await writeFile(until, '');

  const [, beats] = await worker.said(/beaten (\d+) times\./);
  expect(Number(beats)).toBeGreaterThan(10);
  expect((await system.endOf(id, 60_000)).type).toBe('COMPLETED');
  // Task runs are told by events, whose connection may come back a moment later.
  const filter = { flow_runs: { id: { any_: [id] } }, limit: 200 };
  const tasks = await eventually('all task runs are there', async () => {
    const { body } = await system.server.request<TaskRun[]>('POST', '/task_runs/filter', filter);
    return body.filter(({ state_type }) => state_type === 'COMPLETED').length >= Number(beats) && body;
  });
  expect(tasks).toHaveLength(Number(beats));
  expect((await system.readRun(id)).run_count).toBe(1);

  const next = await system.startRun('once/d', { file: join(system.terminal.home, 'next') });
  expect((await system.endOf(next, 60_000)).type).toBe('COMPLETED');
  expect(await worker.stop('SIGTERM')).toBe(0);
});

it('stops soon when it is asked to, with clients connected, and they find it again', async () => {
  const worker = await system.startWorker();
  const id = await system.startRun('endless/d');
  await worker.said(/endless in process/);
  const socket = new WebSocket(`${system.server.apiUrl.replace('http', 'ws')}/events/out`, ['prefect']);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const closed = new Promise((resolve) => socket.once('close', resolve));

  const asked = Date.now();
  expect(await system.server.stop()).toBe(0);
  expect(Date.now() - asked).toBeLessThan(LONGEST_STOP_MS);
  await closed;

  await system.server.start();
  expect((await system.readRun(id)).state_type).toBe('RUNNING');
  await system.terminal.succeed('flow-run', 'cancel', id);
  expect((await system.endOf(id)).type).toBe('CANCELLED');
  expect(await worker.stop('SIGTERM')).toBe(0);
});
