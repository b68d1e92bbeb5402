import assert from 'node:assert/strict';
import { casesOf } from '../conformance-case.ts';
import { FOREVER } from '../program.ts';

const { cases, test } = casesOf('server');

test(
  'a server that is away disturbs no run, and new ones start when it is back',
  async (bench) => {
    await bench.startWorker();
    const id = await bench.startProgram(`await begin(); ${FOREVER}`);
    await bench.hears(id, 'begun');
    const infrastructure = await bench.infrastructureOf(id);
    await bench.front.cut();
    const next = await bench.startProgram('await begin(); await complete();');
    assert.equal((await bench.target.inspect(infrastructure))?.running, true);
    await bench.front.mend();
    await bench.reaches(next, 'COMPLETED');
    assert.equal((await bench.read(id)).state_type, 'RUNNING');
  },
  { alone: true },
);

test(
  'a crash while the server is away is reported when it is back',
  async (bench) => {
    await bench.startWorker();
    const id = await bench.startProgram(`await begin(); ${FOREVER}`);
    await bench.hears(id, 'begun');
    const infrastructure = await bench.infrastructureOf(id);
    await bench.front.cut();
    await bench.target.destroy(infrastructure);
    await bench.endOf(infrastructure);
    await bench.front.mend();
    await bench.reaches(id, 'CRASHED');
  },
  { alone: true },
);

test(
  'a cancellation while the server is away is carried out when it is back',
  async (bench) => {
    await bench.startWorker();
    const id = await bench.startProgram(`await begin(); ${FOREVER}`);
    await bench.hears(id, 'begun');
    const infrastructure = await bench.infrastructureOf(id);
    await bench.front.cut();
    await bench.cancel(id);
    await bench.front.mend();
    await bench.reaches(id, 'CANCELLED');
    await bench.endOf(infrastructure);
  },
  { alone: true },
);

test('a run that is deleted while it runs does not disturb the worker', async (bench, worker) => {
  const id = await bench.startProgram(`await begin(); ${FOREVER}`);
  await bench.hears(id, 'begun');
  const infrastructure = await bench.infrastructureOf(id);
  const { name } = await bench.read(id);
  await bench.client.call('DELETE /flow_runs/{id}', { path: { id } });
  await bench.target.destroy(infrastructure);
  await bench.eventually(
    'the worker has seen the end',
    async () =>
      worker.output.includes(`'${name}' exited with status code`) ||
      worker.output.includes(`flow run '${name}' exited with status code`),
  );
  await bench.reaches(await bench.startProgram('await begin(); await complete();'), 'COMPLETED');
});

test(
  'a run whose deployment is deleted before a worker takes it is not started',
  async (bench) => {
    const id = await bench.startProgram('await begin();');
    const { deployment_id } = await bench.read(id);
    await bench.client.call('DELETE /deployments/{id}', { path: { id: deployment_id ?? '' } });
    await bench.startWorker();
    const next = await bench.startProgram('await begin(); await complete();');
    await bench.reaches(next, 'COMPLETED');
    assert.equal(bench.front.timesSaid(id, 'begun'), 0);
  },
  { alone: true },
);

test(
  'a paused pool starts nothing until it is resumed',
  async (bench) => {
    await bench.startWorker();
    const path = { name: bench.pool };
    await bench.reaches(await bench.startProgram('await begin(); await complete();'), 'COMPLETED');
    await bench.client.call('PATCH /work_pools/{name}', { path, body: { is_paused: true } });
    const id = await bench.startProgram('await begin(); await complete();');
    const asked = await bench.client.call('POST /work_pools/{name}/get_scheduled_flow_runs', { path, body: {} });
    assert.deepEqual(asked, []);
    await bench.client.call('PATCH /work_pools/{name}', { path, body: { is_paused: false } });
    await bench.reaches(id, 'COMPLETED');
  },
  { alone: true },
);

export const serverCases = cases;
