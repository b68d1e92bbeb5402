import assert from 'node:assert/strict';
import type { ReceivedEvent } from '@prefect-ts/protocol';
import type { Bench } from '../bench.ts';
import { casesOf } from '../conformance-case.ts';
import { FOREVER } from '../program.ts';

const { cases, test } = casesOf('start');

test('a command runs to its end, and its run ends as it says', async (bench) => {
  const id = await bench.startProgram('await begin(); await complete();');
  await bench.reaches(id, 'COMPLETED');
  await bench.endOf(await bench.infrastructureOf(id));
  await executed(bench, id);
  assert.equal((await bench.read(id)).state_type, 'COMPLETED');
});

test('the server knows what the platform calls it, while it runs', async (bench) => {
  const id = await bench.startProgram(`await begin(); ${FOREVER}`);
  await bench.hears(id, 'begun');
  const seen = await bench.target.inspect(await bench.infrastructureOf(id));
  assert.equal(seen?.running, true);
});

test('the run is Pending before anything of it runs', async (bench) => {
  const id = await bench.startProgram('await begin(); await complete();');
  await bench.reaches(id, 'COMPLETED');
  const states = await bench.client.call('GET /flow_run_states/', { query: { flow_run_id: id } });
  const types = states.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]);
  assert.deepEqual(types, ['SCHEDULED', 'PENDING', 'RUNNING', 'COMPLETED']);
});

test('the run tells which worker and pool it went to', async (bench, worker) => {
  const id = await bench.startProgram('await begin(); await complete();');
  const labels = await bench.eventually('the run has labels', async () => {
    const found = (await bench.read(id)).labels;
    return 'prefect.worker.name' in found && found;
  });
  assert.equal(labels['prefect.worker.name'], worker.name);
  assert.equal(labels['prefect.worker.type'], bench.target.type);
  assert.equal(labels['prefect.work-pool.name'], bench.pool);
});

test('events tell that it was submitted, and how its infrastructure ended', async (bench) => {
  const id = await bench.startProgram('await begin(); await complete();');
  const event = await executed(bench, id);
  const run = event.related.find((resource) => resource['prefect.resource.role'] === 'flow-run');
  assert.equal(run?.['prefect.infrastructure.identifier'], await bench.infrastructureOf(id));
  assert.equal(run?.['prefect.infrastructure.status-code'], '0');
  const [submitted] = await eventsOf(bench, id, 'prefect.worker.submitted-flow-run');
  assert.equal(event.follows, submitted?.id);
});

test('two runs of one name do not stand in each other’s way', async (bench) => {
  const name = `twin-${bench.pool}`;
  const source = `await begin(); await say('up'); ${FOREVER}`;
  const ids = await Promise.all([bench.startProgram(source, { name }), bench.startProgram(source, { name })]);
  await Promise.all(ids.map((id) => bench.hears(id, 'up')));
  const [first, second] = await Promise.all(ids.map((id) => bench.infrastructureOf(id)));
  assert.notEqual(first, second);
});

test('runs are started side by side', async (bench) => {
  const ids = await Promise.all(Array.from({ length: 4 }, () => bench.startProgram(`await begin(); ${FOREVER}`)));
  await Promise.all(ids.map((id) => bench.hears(id, 'begun')));
});

test(
  'no more runs are under way than the worker’s limit',
  async (bench) => {
    await bench.startWorker({ name: 'limited', limit: 1 });
    const first = await bench.startProgram(`await begin(); ${FOREVER}`);
    await bench.hears(first, 'begun');
    const second = await bench.startProgram('await begin(); await complete();');
    await bench.target.destroy(await bench.infrastructureOf(first));
    await bench.reaches(second, 'COMPLETED');
    const [begun, crashed] = [(await bench.read(second)).start_time, (await bench.reaches(first, 'CRASHED')).end_time];
    assert.ok(
      begun !== null && crashed !== null && begun >= crashed,
      `the second run began at ${begun}, the first ended at ${crashed}`,
    );
  },
  { alone: true },
);

test('a run that is due later is not started now', async (bench) => {
  const scheduled_time = new Date(Date.now() + 3_600_000).toISOString();
  const later = await bench.startProgram('await begin();', { state: { type: 'SCHEDULED', state_details: { scheduled_time } } });
  const now = await bench.startProgram('await begin(); await complete();');
  await bench.reaches(now, 'COMPLETED');
  assert.equal((await bench.read(later)).state_type, 'SCHEDULED');
});

function eventsOf(bench: Bench, id: string, name: string): Promise<ReceivedEvent[]> {
  return bench.client
    .call('POST /events/filter', {
      body: { filter: { event: { name: [name] }, related: { id: [`prefect.flow-run.${id}`] } } },
    })
    .then(({ events }) => events);
}

function executed(bench: Bench, id: string): Promise<ReceivedEvent> {
  return bench.eventually(
    'the worker tells of the end',
    async () => (await eventsOf(bench, id, 'prefect.worker.executed-flow-run'))[0],
  );
}

export const startCases = cases;
