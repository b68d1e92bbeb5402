import assert from 'node:assert/strict';
import { casesOf } from '../conformance-case.ts';
import { FOREVER } from '../program.ts';

const { cases, test } = casesOf('cancel');

test(
  'a run that is cancelled before a worker takes it is never started',
  async (bench) => {
    const cancelled = await bench.startProgram('await begin();');
    await bench.cancel(cancelled);
    await bench.startWorker();
    const next = await bench.startProgram('await begin(); await complete();');
    await bench.reaches(next, 'COMPLETED');
    const run = await bench.reaches(cancelled, 'CANCELLED');
    assert.equal(run.infrastructure_pid, null);
    assert.equal(bench.front.timesSaid(cancelled, 'begun'), 0);
  },
  { alone: true },
);

test('a run that is cancelled while it is pending is ended', async (bench) => {
  const id = await bench.startProgram(`await say('up'); ${FOREVER}`);
  await bench.hears(id, 'up');
  await bench.cancel(id);
  const run = await bench.reaches(id, 'CANCELLED', 'CRASHED');
  assert.equal(run.state_type, 'CANCELLED');
  await bench.endOf(await bench.infrastructureOf(id));
});

test('a run that is cancelled while it runs is ended', async (bench) => {
  const id = await bench.startProgram(`await begin(); ${FOREVER}`);
  await bench.hears(id, 'begun');
  await bench.cancel(id);
  const run = await bench.reaches(id, 'CANCELLED', 'CRASHED');
  assert.equal(run.state_type, 'CANCELLED');
  await bench.endOf(await bench.infrastructureOf(id));
});

test('a run that is cancelled hears of it first', async (bench) => {
  const id = await bench.startProgram(`
    process.once('SIGTERM', async () => { await say('asked'); process.exit(143); });
    await begin(); ${FOREVER}`);
  await bench.hears(id, 'begun');
  await bench.cancel(id);
  await bench.hears(id, 'asked');
  await bench.reaches(id, 'CANCELLED');
});

test('a run that does not end when it is cancelled is ended by force', async (bench) => {
  const id = await bench.startProgram(`process.on('SIGTERM', () => say('asked')); await begin(); ${FOREVER}`);
  await bench.hears(id, 'begun');
  await bench.cancel(id);
  await bench.hears(id, 'asked');
  await bench.reaches(id, 'CANCELLED');
  await bench.endOf(await bench.infrastructureOf(id));
});

test('a run that has completed stays so when it is cancelled afterwards', async (bench) => {
  const id = await bench.startProgram('await begin(); await complete();');
  await bench.reaches(id, 'COMPLETED');
  await bench.cancel(id);
  const next = await bench.startProgram('await begin(); await complete();');
  await bench.reaches(next, 'COMPLETED');
  assert.equal((await bench.read(id)).state_type, 'COMPLETED');
});

export const cancelCases = cases;
