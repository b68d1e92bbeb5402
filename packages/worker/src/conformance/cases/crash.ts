import assert from 'node:assert/strict';
import { casesOf } from '../conformance-case.ts';
import { FOREVER } from '../program.ts';

const { cases, test } = casesOf('crash');

test('a program that ends with a number has crashed with it', async (bench) => {
  const id = await bench.startProgram('await begin(); process.exit(3);');
  assert.match((await bench.reaches(id, 'CRASHED')).state?.message ?? '', /status code:? 3\./);
});

test('a program that ends before its run begins has crashed', async (bench) => {
  const id = await bench.startProgram('process.exit(4);');
  assert.match((await bench.reaches(id, 'CRASHED')).state?.message ?? '', /status code:? 4\./);
});

test('infrastructure that is ended from outside has crashed', async (bench) => {
  const id = await bench.startProgram(`await begin(); ${FOREVER}`);
  await bench.hears(id, 'begun');
  await bench.target.destroy(await bench.infrastructureOf(id));
  await bench.reaches(id, 'CRASHED');
});

test('a program that is not there is told', async (bench) => {
  const id = await bench.startProgram('await begin();', { variables: { command: 'no-such-program --at-all' } });
  const { state } = await bench.reaches(id, 'CRASHED');
  assert.match(state?.message ?? '', bench.target.missingProgram ?? /no-such-program|127/);
});

test('a run that has completed stays so, however its program ends', async (bench, worker) => {
  const id = await bench.startProgram('await begin(); await complete(); process.exit(5);');
  await bench.reaches(id, 'COMPLETED');
  const { name } = await bench.read(id);
  await bench.eventually('the worker tells of the end', async () => new RegExp(`'${name}'.*status code 5`).test(worker.output));
  assert.equal((await bench.read(id)).state_type, 'COMPLETED');
});

export const crashCases = cases;
