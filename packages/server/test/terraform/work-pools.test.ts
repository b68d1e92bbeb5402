import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../server.ts';
import { KINDS } from './kinds.ts';
import { aProvider, expectNoDrift, type Known, type Provider } from './provider.ts';

let server: TestServer;
let provider: Provider;
let serial = 0;
beforeAll(async () => {
  server = await startTestServer();
  provider = aProvider(server.running.apiUrl);
});
afterAll(() => server.stop());

const PLAIN_POOL = { type: 'process', is_paused: false, description: null, concurrency_limit: null };
const PLAIN_QUEUE = { description: '', is_paused: false, concurrency_limit: null, priority: null };

const aPool = (wanted: object = {}) => provider.create(KINDS.workPool, { name: `pool-${++serial}`, ...PLAIN_POOL, ...wanted });
const aQueue = (pool: Known, wanted: object) =>
  provider.create(KINDS.workQueue, { ...PLAIN_QUEUE, ...wanted }, { work_pool_name: pool.name });

const TEMPLATE = {
  job_configuration: { command: '{{ command }}', env: '{{ env }}', labels: {} },
  variables: { type: 'object', properties: { command: { type: 'string' }, env: { type: 'object', default: { A: '1' } } } },
};

describe('a work pool', () => {
  it('comes back as it was written, changes in everything, and goes', async () => {
    const planned = {
      name: 'all of it',
      type: 'kubernetes',
      is_paused: true,
      description: 'Nightly',
      concurrency_limit: 3,
      base_job_template: TEMPLATE,
    };
    let state = await aPool(planned);
    expectNoDrift(state, planned);
    const { job_configuration, variables } = TEMPLATE;
    const changes = {
      description: 'Daily',
      is_paused: false,
      concurrency_limit: 7,
      base_job_template: { variables, job_configuration: { command: '{{ command }}', labels: { ...job_configuration.labels } } },
    };
    state = await provider.update(KINDS.workPool, state, changes);
    expectNoDrift(state, { ...planned, ...changes });
    state = await provider.update(KINDS.workPool, state, { description: null, is_paused: false, concurrency_limit: null });
    expectNoDrift(state, { description: null, concurrency_limit: null, base_job_template: changes.base_job_template });
    await provider.destroy(KINDS.workPool, state);
  });

  it('without more than a name has a default queue and no limit', async () => {
    const state = await aPool();
    expectNoDrift(state, PLAIN_POOL);
    expect(state.default_queue_id).toMatch(/^[0-9a-f-]{36}$/);
    expect((await provider.call(`GET /work_pools/${state.name}/queues/default 200`)).id).toBe(state.default_queue_id);
  });

  it.each(['prefect-agent', 'of-our-own'])('may be of type %s', async (type) => {
    expectNoDrift(await aPool({ type }), { type });
  });

  it('is listed, alone by its id or with all others', async () => {
    const [one, two] = [await aPool(), await aPool()];
    const listed = async (any_: unknown[] | null) =>
      (
        await provider.call<Known[]>('POST /work_pools/filter 200', {
          work_pools: { id: { any_ } },
          limit: 200,
          offset: 0,
        })
      ).map(({ id }) => id);
    expect(await listed([one.id])).toEqual([one.id]);
    expect(await listed(null)).toEqual(expect.arrayContaining([one.id, two.id]));
  });
});

describe('a work queue', () => {
  it('comes back as it was written, changes in everything, and goes', async () => {
    const pool = await aPool();
    const planned = { name: 'fast lane', description: 'First', is_paused: true, concurrency_limit: 2, priority: 5 };
    let state = await aQueue(pool, planned);
    expectNoDrift(state, { ...planned, work_pool_name: pool.name });
    const changes = { description: '', is_paused: false, concurrency_limit: 4, priority: 6 };
    state = await provider.update(KINDS.workQueue, state, changes);
    expectNoDrift(state, { ...changes, name: planned.name });
    state = await provider.update(KINDS.workQueue, state, { ...changes, concurrency_limit: null });
    expectNoDrift(state, { concurrency_limit: null });
    await provider.destroy(KINDS.workQueue, state);
  });

  it('gets a priority when it asks for none', async () => {
    const state = await aQueue(await aPool(), { name: 'plain' });
    expectNoDrift(state, { description: '', is_paused: false, concurrency_limit: null });
    expect(state.priority).toEqual(expect.any(Number));
  });

  it('gets the priority that it asks for, though another one had it', async () => {
    const pool = await aPool();
    const first = await aQueue(pool, { name: 'first', priority: 1 });
    const second = await aQueue(pool, { name: 'second', priority: 1 });
    expectNoDrift(second, { priority: 1 });
    expect((await provider.read(KINDS.workQueue, first)).priority).not.toBe(1);
    expectNoDrift(await provider.update(KINDS.workQueue, first, { description: '', is_paused: false, priority: 1 }), {
      priority: 1,
    });
  });

  it('is listed with all of its pool, whatever the filter asks', async () => {
    const pool = await aPool();
    await aQueue(pool, { name: 'one' });
    const listed = await provider.call<Known[]>(`POST /work_pools/${pool.name}/queues/filter 200`, { any_: null });
    expect(listed.map(({ name }) => name).toSorted()).toEqual(['default', 'one']);
    expect(listed.every(({ work_pool_name }) => work_pool_name === pool.name)).toBe(true);
  });

  it('may be made beside nine others at the same time', async () => {
    const pool = await aPool();
    const queues = await Promise.all(Array.from({ length: 10 }, (_, index) => aQueue(pool, { name: `queue-${index}` })));
    expect(new Set(queues.map(({ priority }) => priority)).size).toBe(10);
  });
});

describe('the description of worker types', () => {
  it('has the job template of a process worker, and texts for the others', async () => {
    const view = await provider.call<Record<string, Record<string, Known>>>(
      'GET /collections/views/aggregate-worker-metadata 200',
    );
    const types = Object.assign({}, ...Object.values(view)) as Record<string, Known>;
    expect(types.process?.default_base_job_configuration).toMatchObject({
      job_configuration: expect.any(Object),
      variables: { properties: expect.any(Object) },
    });
    for (const type of ['docker', 'kubernetes', 'ecs', 'azure-container-instance', 'cloud-run', 'cloud-run-v2', 'vertex-ai'])
      expect(types[type]?.default_base_job_configuration, type).toMatchObject({ job_configuration: expect.any(Object) });
  });
});
