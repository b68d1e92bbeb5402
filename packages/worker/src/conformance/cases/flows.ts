import assert from 'node:assert/strict';
import { casesOf } from '../conformance-case.ts';
import type { ConformanceTarget } from '../target.ts';

const { cases, test } = casesOf('flow');
const appliesTo = (target: ConformanceTarget): boolean => target.flows !== undefined;

test(
  'a TypeScript flow completes, and its log is on the server',
  async (bench) => {
    const id = await bench.startFlow('succeeds');
    await bench.reaches(id, 'COMPLETED');
    await bench.eventually('the log is there', async () => {
      const logs = await bench.client.call('POST /logs/filter', { body: { logs: { flow_run_id: { any_: [id] } } } });
      return logs.some(({ message }) => message === 'doubled to 42');
    });
  },
  { appliesTo },
);

test(
  'a TypeScript flow that fails is Failed, and not Crashed',
  async (bench) => {
    const run = await bench.reaches(await bench.startFlow('fails'), 'FAILED', 'CRASHED', 'COMPLETED');
    assert.equal(run.state_type, 'FAILED');
    assert.match(run.state?.message ?? '', /on purpose/);
  },
  { appliesTo },
);

test(
  'a TypeScript flow whose process ends under it has crashed',
  async (bench) => {
    const run = await bench.reaches(await bench.startFlow('exits'), 'CRASHED', 'FAILED', 'COMPLETED');
    assert.equal(run.state_type, 'CRASHED');
    assert.match(run.state?.message ?? '', /\b7\b/);
  },
  { appliesTo },
);

test(
  'a TypeScript flow that is cancelled ends, and is Cancelled',
  async (bench) => {
    const id = await bench.startFlow('waits');
    await bench.reaches(id, 'RUNNING');
    await bench.cancel(id);
    await bench.reaches(id, 'CANCELLED');
    await bench.endOf(await bench.infrastructureOf(id));
  },
  { appliesTo },
);

export const flowCases = cases;
