import { block } from 'prefect-ts';
import { type Harness, harness } from 'prefect-ts/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { aPythonClient, type PythonClient } from './python.ts';

const program = '../sdk-flows/blocks.py';

const Keys = block('aws-keys', { schema: z.object({ accessKey: z.string(), secret: z.string() }), secrets: ['secret'] });
const Lake = block('lake-store', {
  schema: z.object({ bucketName: z.string(), prefixes: z.array(z.string()).default([]) }),
  refs: { keys: Keys },
});

let h: Harness;
let python: PythonClient;
beforeAll(async () => {
  h = await harness();
  python = await aPythonClient(h.apiUrl);
});
afterAll(() => h[Symbol.asyncDispose]());

it('a block that Python saved is loaded by TypeScript', async () => {
  await python.run('python', program, 'save');
  const lake = await h.within(() => Lake.load('py-lake'));
  expect(lake).toMatchObject({
    bucketName: 'lake',
    prefixes: ['a'],
    keys: { accessKey: 'from python', secret: 'hush' },
  });
});

it('a block that TypeScript saved is loaded and saved again by Python', async () => {
  await h.within(async () => {
    const keys = await Keys.save('ts-keys', { accessKey: 'from typescript', secret: 'quiet' });
    await Lake.save('ts-lake', { bucketName: 'sea', prefixes: ['b', 'c'], keys });
  });
  expect(await python.run('python', program, 'load')).toContain("sea ['b', 'c'] from typescript quiet");
  expect(await h.within(() => Lake.load('ts-lake'))).toMatchObject({
    bucketName: 'changed',
    keys: { accessKey: 'from typescript', secret: 'quiet' },
  });
});
