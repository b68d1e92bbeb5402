import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { TaskRun, TaskWorkerResponse } from '@prefect-ts/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answering, aServerProcess, type ServerProcess } from '../server-process.ts';
import { aPythonClient, type PythonClient } from './python.ts';

let server: ServerProcess;
let python: PythonClient;
let worker: ChildProcess | undefined;

beforeAll(async () => {
  server = await aServerProcess();
  await server.start();
  python = await aPythonClient(server.apiUrl);
});
afterAll(async () => {
  if (worker && worker.exitCode === null) {
    worker.kill('SIGKILL');
    await once(worker, 'exit');
  }
  await server.remove();
});

async function connectedWorkers(): Promise<TaskWorkerResponse[]> {
  return (await server.request<TaskWorkerResponse[]>('POST', '/task_workers/filter', {})).body;
}

async function serve(): Promise<void> {
  worker = python.start('python', 'background.py', 'serve');
  await answering(worker, (text) => text.includes('Subscribing to'));
  await expect.poll(connectedWorkers, { timeout: 60_000 }).toHaveLength(1);
}

describe('an unmodified Python task worker', () => {
  it('runs what `delay` submits, and the submitter gets the results', async () => {
    await serve();
    const output = await python.run('python', 'background.py', 'delay');
    expect(output).toContain('doubled [2, 4, 6]');
    expect(output).toContain('failed FAILED');
    const runs = (await server.request<TaskRun[]>('POST', '/task_runs/filter', {})).body;
    expect(runs.map(({ state_type }) => state_type).sort()).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED', 'FAILED']);
  });

  it('comes back after the server was killed, and receives what was submitted before', async () => {
    const count = async (...any_: string[]) =>
      (await server.request<number>('POST', '/task_runs/count', { task_runs: { state: { type: { any_ } } } })).body;
    const before = await count('COMPLETED');
    worker?.kill('SIGSTOP');
    await python.run('python', 'background.py', 'leave');
    expect(await count('SCHEDULED')).toBe(3);
    await server.kill();
    await server.start();
    worker?.kill('SIGCONT');
    await expect.poll(() => count('COMPLETED'), { timeout: 60_000 }).toBe(before + 3);
  });
});
