import assert from 'node:assert/strict';
import { casesOf } from '../conformance-case.ts';
import { FOREVER } from '../program.ts';
import type { ConformanceTarget } from '../target.ts';

const { cases, test } = casesOf('limits');
const hasMemory = { appliesTo: (target: ConformanceTarget): boolean => target.memory !== undefined };

test(
  'the platform gets the limit of memory',
  async (bench) => {
    const variables = { ...bench.target.memory?.(200) };
    const id = await bench.startProgram(`await begin(); ${FOREVER}`, { variables });
    await bench.hears(id, 'begun');
    assert.equal((await bench.target.inspect(await bench.infrastructureOf(id)))?.memoryMegabytes, 200);
  },
  hasMemory,
);

test(
  'a run that needs more memory than it may has crashed, and its state says why',
  async (bench) => {
    const source = 'await begin(); const all = []; for (;;) all.push(Buffer.alloc(16 * 1024 * 1024, 1));';
    const id = await bench.startProgram(source, { variables: { ...bench.target.memory?.(96) } });
    assert.match((await bench.reaches(id, 'CRASHED')).state?.message ?? '', /memory/i);
  },
  hasMemory,
);

test(
  'what the platform refuses has crashed with the platform’s words, and the worker goes on',
  async (bench) => {
    const { refused } = bench.target;
    const id = await bench.startProgram('await begin();', { variables: { ...refused?.variables } });
    const { state } = await bench.reaches(id, 'CRASHED');
    assert.match(state?.message ?? '', /^Failed to submit flow run to infrastructure: /);
    assert.match(state?.message ?? '', refused?.says ?? /^$/);
    await bench.reaches(await bench.startProgram('await begin(); await complete();'), 'COMPLETED');
  },
  { appliesTo: ({ refused }) => refused !== undefined },
);

test(
  'an image that is nowhere is named in the state of the run',
  async (bench) => {
    const { missingImage } = bench.target;
    const id = await bench.startProgram('await begin();', { variables: { ...missingImage?.variables } });
    assert.match((await bench.reaches(id, 'CRASHED')).state?.message ?? '', missingImage?.says ?? /^$/);
  },
  { appliesTo: ({ missingImage }) => missingImage !== undefined },
);

export const limitCases = cases;
