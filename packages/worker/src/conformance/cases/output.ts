import assert from 'node:assert/strict';
import { casesOf } from '../conformance-case.ts';

const { cases, test } = casesOf('output');
const source = (word: string): string =>
  `await begin(); console.log('${word} out'); console.error('${word} err'); await complete();`;

test('what a run prints shows in the worker’s output', async (bench, worker) => {
  const word = `shown-${Math.random()}`;
  const id = await bench.startProgram(source(word), { variables: { stream_output: true } });
  await bench.reaches(id, 'COMPLETED');
  await bench.eventually(
    'both streams show',
    async () => worker.output.includes(`${word} out`) && worker.output.includes(`${word} err`),
  );
});

test('what a run prints does not show where it is not wanted', async (bench, worker) => {
  const [hidden, shown] = [`hidden-${Math.random()}`, `seen-${Math.random()}`];
  const quiet = await bench.startProgram(source(hidden), { variables: { stream_output: false } });
  await bench.reaches(quiet, 'COMPLETED');
  const loud = await bench.startProgram(source(shown), { variables: { stream_output: true } });
  await bench.reaches(loud, 'COMPLETED');
  await bench.eventually('the other run shows', async () => worker.output.includes(`${shown} out`));
  assert.ok(!worker.output.includes(hidden));
});

export const outputCases = cases;
