import { join } from 'node:path';
import { fileLocks, flow, task } from 'prefect-ts';
import { type Harness, harness } from 'prefect-ts/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aPythonClient, type PythonClient } from './python.ts';

const program = '../sdk-flows/caching.py';

let h: Harness;
let python: PythonClient;
beforeAll(async () => {
  python = await aPythonClient('');
  const shared = join(python.environment.PREFECT_HOME ?? '', 'storage');
  h = await harness({ settings: { PREFECT_RESULTS_LOCAL_STORAGE_PATH: shared } });
  Object.assign(python.environment, { PREFECT_API_URL: h.apiUrl });
});
afterAll(() => h[Symbol.asyncDispose]());

const measure = task({ name: 'measure', cache: 'inputs' }, async ({ times }: { text: string; times: number }) => ({
  'measured by': 'typescript',
  times,
}));
const measures = flow('measures', async ({ text }: { text: string }) => measure({ text, times: 2 }));

it('a result that TypeScript kept under its inputs is found by Python', async () => {
  await (await h.run(measures, { text: 'a' })).result();
  expect(await python.run('python', program, 'measure', 'a')).toContain("{'measured by': 'typescript', 'times': 2} ran []");
});

it('a result that Python kept under its inputs is found by TypeScript', async () => {
  expect(await python.run('python', program, 'measure', 'b')).toContain("ran ['b']");
  const run = await h.run(measures, { text: 'b' });
  expect(await run.result()).toEqual({ 'measured by': 'python', times: 2 });
  expect(run.task('measure').states).toEqual(['Pending', 'Running', 'Cached']);
});

it('a lock in a folder that TypeScript holds keeps Python out', async () => {
  const folder = join(h.home, 'locks');
  const locks = fileLocks(folder, { expires: 60 });
  await locks.acquire('the-key', 'typescript');
  const kept = await python.run('python', program, 'lock', folder);
  expect(kept).toContain('held by another True');
  expect(kept).toContain('acquired False');
  await locks.release('the-key', 'typescript');
  expect(await python.run('python', program, 'lock', folder)).toContain('acquired True');
});
