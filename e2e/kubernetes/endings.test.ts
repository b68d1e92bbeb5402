import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Program } from '../terminal.ts';
import { aSystem, type System } from './system.ts';

let system: System;
let worker: Program;
beforeAll(async () => {
  system = await aSystem();
  worker = await system.startWorker('--name', 'in-cluster');
});
afterAll(() => system?.remove());

describe('a run on a cluster', () => {
  test('completes in a pod, and its output shows at the worker', async () => {
    const id = await system.startRun('greet', { parameters: { name: 'pod' } });
    expect(await system.endOf(id)).toMatchObject({ type: 'COMPLETED' });
    expect(await system.logsOf(id)).toContain('Hello pod!');
    await worker.said(/Hello pod!/);
  });
});
