import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { serveTasks, task } from 'prefect-ts';
import { type Harness, harness } from 'prefect-ts/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answering } from '../server-process.ts';
import { aPythonClient, type PythonClient } from './python.ts';

const program = '../sdk-flows/background.py';

let h: Harness;
let python: PythonClient;
let worker: ChildProcess | undefined;
beforeAll(async () => {
  python = await aPythonClient('');
  // Both languages keep inputs and results in one folder.
  const shared = join(python.environment.PREFECT_HOME ?? '', 'storage');
  h = await harness({ settings: { PREFECT_RESULTS_LOCAL_STORAGE_PATH: shared } });
  Object.assign(python.environment, { PREFECT_API_URL: h.apiUrl });
});
afterAll(async () => {
  if (worker && worker.exitCode === null) {
    worker.kill('SIGKILL');
    await once(worker, 'exit');
  }
  await h[Symbol.asyncDispose]();
});

it('a task that TypeScript leaves is run by Python', async () => {
  const key = (await python.run('python', program, 'key')).trim().split('\n').at(-1) ?? '';
  worker = python.start('python', program, 'serve');
  await answering(worker, (text) => text.includes('Subscribing to'));
  const shout = task({ name: 'shout', key }, async (_: { text: string; times: number }) => ({ said: '' }));
  const future = await h.within(() => shout.delay({ text: 'hi ', times: 2 }));
  expect(await future.result({ timeout: '60s' })).toEqual({ said: 'HI HI ' });
  const states = await h.client.taskRunStates.list({ task_run_id: future.id });
  expect(states.map(({ name }) => name)).toEqual(['Scheduled', 'Pending', 'Running', 'Completed']);
});

it('a task that Python leaves is run by TypeScript', async () => {
  const measure = task('measure', async ({ text, times }: { text: string; times: number }) => ({
    length: text.length * times,
  }));
  const stop = new AbortController();
  const serving = h.within(() => serveTasks([measure], { signal: stop.signal }));
  expect(await python.run('python', program, 'delay', measure.key)).toContain("measured Completed {'length': 6}");
  stop.abort();
  await serving;
});
