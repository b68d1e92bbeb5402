import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aSystem, type System } from './system.ts';

const RUNS = 20;

let system: System;
beforeAll(async () => {
  system = await aSystem(['once']);
});
afterAll(() => system.remove());

it(`executes each of ${RUNS} runs exactly once with two workers on the pool`, async () => {
  const workers = await Promise.all([system.startWorker('--limit', '2'), system.startWorker('--limit', '2')]);
  const file = join(system.terminal.home, 'executed');
  const ids = await Promise.all(Array.from({ length: RUNS }, () => system.startRun('once/d', { file })));
  for (const id of ids) expect((await system.endOf(id, 60_000)).type).toBe('COMPLETED');

  const executed = (await readFile(file, 'utf8')).trim().split('\n');
  expect(executed.toSorted()).toEqual(ids.toSorted());
  for (const id of ids) expect((await system.readRun(id)).run_count).toBe(1);
  for (const worker of workers) expect(worker.output).toContain('submitting flow run');
});
