import assert from 'node:assert/strict';
import { casesOf } from '../conformance-case.ts';
import { FOREVER } from '../program.ts';
import type { ConformanceTarget } from '../target.ts';

const { cases, test } = casesOf('worker');
const outlives = { alone: true, appliesTo: (target: ConformanceTarget): boolean => target.outlivesWorker };
/** Runs on until the kit's front lets it: the word is said when the server can be reached. */
const CRASH_WHEN_TOLD = `await begin(); for (;;) { if ((await (await fetch(api + '/variables/name/' + id)).text()).includes('end')) process.exit(9); await new Promise((next) => setTimeout(next, 50)); }`;

test(
  'a worker that is stopped leaves its runs running',
  async (bench) => {
    const worker = await bench.startWorker();
    const id = await bench.startProgram(`await begin(); ${FOREVER}`);
    await bench.hears(id, 'begun');
    const infrastructure = await bench.infrastructureOf(id);
    await worker.stop();
    assert.equal((await bench.target.inspect(infrastructure))?.running, true);
    assert.equal((await bench.read(id)).state_type, 'RUNNING');
  },
  outlives,
);

test(
  'a worker that is stopped ends the runs that it cannot leave, and tells so',
  async (bench) => {
    const worker = await bench.startWorker();
    const id = await bench.startProgram(`await begin(); ${FOREVER}`);
    await bench.hears(id, 'begun');
    const infrastructure = await bench.infrastructureOf(id);
    await worker.stop();
    assert.equal((await bench.target.inspect(infrastructure))?.running ?? false, false);
    assert.equal((await bench.read(id)).state_type, 'CRASHED');
  },
  { alone: true, appliesTo: (target) => !target.outlivesWorker },
);

test(
  'a worker that was killed and is back starts nothing twice',
  async (bench) => {
    const worker = await bench.startWorker({ name: 'phoenix' });
    const id = await bench.startProgram(`await begin(); ${FOREVER}`);
    await bench.hears(id, 'begun');
    await bench.infrastructureOf(id);
    await worker.kill();
    await bench.startWorker({ name: 'phoenix' });
    const next = await bench.startProgram('await begin(); await complete();');
    await bench.reaches(next, 'COMPLETED');
    assert.equal(bench.front.timesSaid(id, 'begun'), 1);
  },
  { alone: true },
);

test(
  'a worker that was killed and is back reports a crash of before',
  async (bench) => {
    const worker = await bench.startWorker({ name: 'phoenix' });
    const id = await bench.startProgram(`await begin(); ${FOREVER}`);
    await bench.hears(id, 'begun');
    const infrastructure = await bench.infrastructureOf(id);
    await worker.kill();
    await bench.target.destroy(infrastructure);
    await bench.endOf(infrastructure);
    await bench.startWorker({ name: 'phoenix' });
    await bench.reaches(id, 'CRASHED');
  },
  outlives,
);

test(
  'a worker that was killed and is back reports a crash that comes later',
  async (bench) => {
    const worker = await bench.startWorker({ name: 'phoenix' });
    const id = await bench.startProgram(CRASH_WHEN_TOLD);
    await bench.hears(id, 'begun');
    await bench.infrastructureOf(id);
    await worker.kill();
    const back = await bench.startWorker({ name: 'phoenix' });
    await bench.eventually('the run is watched again', async () => back.output.includes('is watched again'));
    await bench.client.call('POST /variables/', { body: { name: id, value: 'end' } });
    assert.match((await bench.reaches(id, 'CRASHED')).state?.message ?? '', /status code:? 9\./);
  },
  outlives,
);

test(
  'another worker of the pool reports the crash of a run whose worker is gone',
  async (bench) => {
    const worker = await bench.startWorker({ name: 'gone' });
    const id = await bench.startProgram(`await begin(); ${FOREVER}`);
    await bench.hears(id, 'begun');
    const infrastructure = await bench.infrastructureOf(id);
    await worker.kill();
    await bench.startWorker({ name: 'heir' });
    await bench.target.destroy(infrastructure);
    await bench.reaches(id, 'CRASHED');
  },
  outlives,
);

test(
  'a run that was cancelled while its worker was away is ended when it is back',
  async (bench) => {
    const worker = await bench.startWorker({ name: 'phoenix' });
    const id = await bench.startProgram(`await begin(); ${FOREVER}`);
    await bench.hears(id, 'begun');
    const infrastructure = await bench.infrastructureOf(id);
    await worker.kill();
    await bench.cancel(id);
    await bench.startWorker({ name: 'phoenix' });
    await bench.reaches(id, 'CANCELLED');
    await bench.endOf(infrastructure);
  },
  outlives,
);

export const workerCases = cases;
