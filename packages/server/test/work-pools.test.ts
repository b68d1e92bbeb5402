import type { WorkPoolResponse } from '@prefect-ts/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from './contract.ts';
import { recordedEvents } from './recorded-events.ts';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;
let name: string;
let serial = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(() => {
  serial += 1;
  name = `pool-${serial}`;
});

function create(body: object = {}) {
  return server.request<WorkPoolResponse>('POST', '/work_pools/', { name, type: 'process', ...body });
}

function update(body: object, pool = name) {
  return server.request('PATCH', `/work_pools/${pool}`, body);
}

async function read(pool = name) {
  return (await server.request<WorkPoolResponse>('GET', `/work_pools/${pool}`)).body;
}

const eventsOf = (id: string) => recordedEvents(server, `prefect.work-pool.${id}`);

describe('a work pool', () => {
  it('is created with a default queue and waits for a worker', async () => {
    const { status, body: pool } = await create({ description: 'of the office' });
    expect(status).toBe(201);
    expectContract('POST /work_pools/', pool);
    expect(pool).toMatchObject({
      name,
      type: 'process',
      description: 'of the office',
      base_job_template: {},
      is_paused: false,
      concurrency_limit: null,
      active_slots: null,
      status: 'NOT_READY',
      storage_configuration: { bundle_upload_step: null, bundle_execution_step: null, default_result_storage_block_id: null },
    });
    expect((await server.request('GET', `/work_pools/${name}/queues/default`)).body).toMatchObject({
      id: pool.default_queue_id,
      description: "The work pool's default queue.",
      priority: 1,
      work_pool_name: name,
    });
    expect((await eventsOf(pool.id)).map(({ event }) => event)).toEqual([
      'prefect.work-pool.created',
      'prefect.work-pool.not-ready',
    ]);
  });

  it('starts paused if asked to, and counts slots if it has a limit', async () => {
    expect((await create({ is_paused: true, concurrency_limit: 3 })).body).toMatchObject({ status: 'PAUSED', active_slots: 0 });
  });

  it('has no status when nobody can serve its type, and is always ready when the server does', async () => {
    expect((await create({ type: 'prefect-agent' })).body.status).toBeNull();
    expect((await server.request('POST', '/work_pools/', { name: `${name}-p`, type: 'ecs:push' })).body).toMatchObject({
      status: 'READY',
    });
  });

  it('is refused under a name that is taken, reserved or not fit for an address', async () => {
    await create();
    expect(await create()).toMatchObject({ status: 409, body: { detail: 'A work pool with this name already exists.' } });
    expect(await create({ name: 'Prefect-mine' })).toMatchObject({
      status: 403,
      body: { detail: "Work pools starting with 'Prefect' are reserved for internal use." },
    });
    expect((await create({ name: 'a/b' })).status).toBe(422);
    expect((await create({ name: 'other', concurrency_limit: -1 })).status).toBe(422);
  });

  it('is refused with a job template that does not fit together', async () => {
    const incomplete = await create({ base_job_template: { job_configuration: {} } });
    expect(incomplete.status).toBe(422);
    expect(incomplete.body).toMatchObject({
      exception_detail: [
        {
          loc: ['body', 'base_job_template'],
          msg: 'Value error, The `base_job_template` must contain both a `job_configuration` key and a `variables` key.',
        },
      ],
    });
    const job_configuration = { command: '{{ command }}' };
    const undeclared = await create({ base_job_template: { job_configuration, variables: { properties: { image: {} } } } });
    expect(JSON.stringify(undeclared.body)).toContain('undeclared variable(s): command.');
    const variables = { properties: { command: { type: 'string', default: 1 } } };
    const broken = await create({ base_job_template: { job_configuration, variables } });
    expect(broken.status).toBe(422);
    expect(JSON.stringify(broken.body)).toContain("Validation failed for work pool's job variable defaults: ");
    // The defaults of a template that replaces another are not looked at.
    await create();
    expect((await update({ base_job_template: { job_configuration, variables } })).status).toBe(204);
  });

  it('tells which fields an update changed, and nothing when none did', async () => {
    const { id } = (await create()).body;
    expect((await update({ description: 'new', concurrency_limit: 2 })).status).toBe(204);
    await update({ description: 'new' });
    expect(await read()).toMatchObject({ description: 'new', concurrency_limit: 2, active_slots: 0 });
    const updates = (await eventsOf(id)).filter(({ event }) => event === 'prefect.work-pool.updated');
    expect(updates.map(({ payload }) => payload)).toEqual([
      {
        updated_fields: expect.arrayContaining(['description', 'concurrency_limit']),
        updates: { description: { from: null, to: 'new' }, concurrency_limit: { from: null, to: 2 } },
      },
    ]);
    await update({ concurrency_limit: null });
    expect((await read()).active_slots).toBeNull();
  });

  it('is paused and resumed, and its status events follow one another', async () => {
    const { id } = (await create()).body;
    await update({ is_paused: true });
    expect(await read()).toMatchObject({ is_paused: true, status: 'PAUSED' });
    await update({ is_paused: false });
    expect(await read()).toMatchObject({ is_paused: false, status: 'NOT_READY' });
    const [, first, second, third] = await eventsOf(id);
    expect([first, second, third].map((event) => event?.event)).toEqual([
      'prefect.work-pool.not-ready',
      'prefect.work-pool.paused',
      'prefect.work-pool.not-ready',
    ]);
    expect(first?.follows).toBeNull();
    expect(second?.follows).toBe(first?.id);
    expect(third?.follows).toBe(second?.id);
    expect((await update({ is_paused: null })).status).toBe(409);
  });

  it('hides what older clients do not know of its storage', async () => {
    await create();
    const old = await server.request<WorkPoolResponse>('GET', `/work_pools/${name}`, undefined, {
      'user-agent': 'prefect/3.3.7 (API 0.8.4)',
    });
    expect(old.body.storage_configuration).not.toHaveProperty('default_result_storage_block_id');
  });

  it('goes with its queues and workers', async () => {
    const { id } = (await create()).body;
    await server.request('POST', `/work_pools/${name}/workers/heartbeat`, { name: 'w' });
    expect((await server.request('DELETE', `/work_pools/${name}`)).status).toBe(204);
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['PATCH', ''],
      ['POST', '/queues/filter'],
      ['POST', '/workers/filter'],
      ['POST', '/get_scheduled_flow_runs'],
    ] as const)
      expect(await server.request(method, `/work_pools/${name}${path}`, method === 'GET' ? undefined : {})).toMatchObject({
        status: 404,
        body: { detail: `Work pool "${name}" not found.` },
      });
    expect((await eventsOf(id)).at(-1)?.event).toBe('prefect.work-pool.deleted');
  });

  it('may only be paused or limited when its name is reserved', async () => {
    expect(await update({ description: 'mine' }, 'prefect-managed')).toMatchObject({
      status: 403,
      body: {
        detail:
          "Work pools starting with 'Prefect' are reserved for internal use and can only be updated to set concurrency limits or pause.",
      },
    });
    expect((await update({ is_paused: true }, 'prefect-managed')).status).toBe(404);
    expect((await server.request('DELETE', '/work_pools/prefect-managed')).status).toBe(403);
  });
});

describe('work pools', () => {
  it('are listed by name and counted, through the same filters', async () => {
    await create({ type: 'docker' });
    await server.request('POST', '/work_pools/', { name: `a-${name}`, type: 'docker' });
    const work_pools = { type: { any_: ['docker'] } };
    const listed = await server.request<WorkPoolResponse[]>('POST', '/work_pools/filter', { work_pools, limit: null });
    expect(listed.body.map((pool) => pool.name)).toEqual([`a-${name}`, name]);
    expect((await server.request('POST', '/work_pools/count', { work_pools })).body).toBe(2);
    expect((await server.request('POST', '/work_pools/filter', { work_pools: { name: { any_: [name] } } })).body).toHaveLength(1);
  });

  it('have types that can be looked up', async () => {
    const { body } = await server.request('GET', '/collections/views/aggregate-worker-metadata');
    expectContract('GET /collections/views/{view}', body);
    expect(body).toMatchObject({ prefect: { process: { type: 'process', default_base_job_configuration: {} } } });
    expect(await server.request('GET', '/collections/views/nope')).toMatchObject({
      status: 404,
      body: { detail: 'View nope not found in registry' },
    });
  });
});
