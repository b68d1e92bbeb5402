import { type ConcurrencyLimit, type GlobalConcurrencyLimitResponse, nowMicros, SECOND } from '@prefect-ts/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { repossessor } from '../src/services/repossessor.ts';
import { expectContract } from './contract.ts';
import { recordedEvents } from './recorded-events.ts';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;
let name: string;
let serial = 0;
/** How far the server's clock is ahead of ours. */
let ahead = 0;

beforeAll(async () => {
  server = await startTestServer({
    clock: () => nowMicros() + ahead,
    environment: { PREFECT_SERVER_SERVICES_REPOSSESSOR_ENABLED: 'false' },
  });
});
afterAll(() => server.stop());
beforeEach(() => {
  serial += 1;
  name = `limit-${serial}`;
});

function limits<Body = unknown>(method: string, path = '', body?: object) {
  return server.request<Body>(method, `/v2/concurrency_limits/${path}`, body);
}

function create(limit: number, body: object = {}) {
  return limits<{ id: string }>('POST', '', { name, limit, ...body });
}

function increment(slots = 1, body: object = {}) {
  return limits('POST', 'increment', { names: [name], slots, ...body });
}

async function activeSlots(): Promise<number> {
  return (await limits<GlobalConcurrencyLimitResponse>('GET', name)).body.active_slots;
}

describe('a concurrency limit', () => {
  it('is created, read by id and name, changed and deleted, each with its event', async () => {
    const { status, body } = await create(2);
    expect(status).toBe(201);
    expectContract('POST /v2/concurrency_limits/', body);
    expect(body).toMatchObject({
      name,
      limit: 2,
      active: true,
      active_slots: 0,
      denied_slots: 0,
      slot_decay_per_second: 0,
      avg_slot_occupancy_seconds: 2,
    });
    expectContract('GET /v2/concurrency_limits/{id_or_name}', (await limits('GET', name)).body);
    expect((await limits('GET', body.id)).body).toEqual((await limits('GET', name)).body);
    expect((await limits('PATCH', name, { limit: 5, active: false })).status).toBe(204);
    expect((await limits('GET', name)).body).toMatchObject({ limit: 5, active: false });
    expect((await limits('PATCH', name, { name: null })).status).toBe(409);
    expect((await limits('DELETE', body.id)).status).toBe(204);
    for (const method of ['GET', 'PATCH', 'DELETE'])
      expect(await limits(method, name, method === 'PATCH' ? {} : undefined)).toMatchObject({
        status: 404,
        body: { detail: 'Concurrency Limit not found' },
      });
    const events = await recordedEvents(server, `prefect.concurrency-limit.${body.id}`);
    expect(events.map(({ event }) => event)).toEqual(
      ['created', 'updated', 'deleted'].map((change) => `prefect.concurrency-limit.${change}`),
    );
    expect(events[1]?.payload).toEqual({ name, limit: 5, active: false, slot_decay_per_second: 0 });
  });

  it('is refused under a taken name or one that no address can hold', async () => {
    await create(1);
    expect((await create(1)).status).toBe(409);
    expect((await create(1, { name: 'a/b' })).status).toBe(422);
  });

  it('gives slots until it is full, and then says when to come back', async () => {
    const { body } = await create(2);
    expect(await increment(2)).toMatchObject({ status: 200, body: [{ id: body.id, name, limit: 2 }] });
    const refused = await increment();
    expect(refused).toMatchObject({ status: 423, body: { detail: 'Locked' } });
    // One slot of two, each held for 2 s on average: 1 s, give or take the spread.
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0.6);
    expect(wait).toBeLessThanOrEqual(1.3);
    expect(await activeSlots()).toBe(2);

    expect((await limits('POST', 'decrement', { names: [name], slots: 1, occupancy_seconds: 4 })).status).toBe(200);
    expect((await increment()).status).toBe(200);
  });

  it('takes all or nothing of several, and lets pass what has no limit', async () => {
    await create(5);
    const full = `${name}-full`;
    await create(1, { name: full, active_slots: 1 });
    expect((await limits('POST', 'increment', { names: [name, full], slots: 1 })).status).toBe(423);
    expect(await activeSlots()).toBe(0);
    expect(await limits('POST', 'increment', { names: ['unlimited'], slots: 1 })).toMatchObject({ status: 200, body: [] });
    expect(await limits('POST', 'increment', { names: [], slots: 1 })).toMatchObject({ status: 200, body: [] });
  });

  it('enforces nothing while it is inactive', async () => {
    await create(1, { active: false });
    expect((await increment(3)).body).toMatchObject([{ name }]);
    expect(await activeSlots()).toBe(0);
  });

  it('refuses what no wait can satisfy', async () => {
    await create(2);
    expect(await increment(3)).toMatchObject({ status: 422, body: { detail: 'Slots requested is greater than the limit' } });
    expect((await increment(0)).status).toBe(422);
    expect(await increment(1, { mode: 'rate_limit' })).toMatchObject({
      status: 422,
      body: {
        detail: `Only concurrency limits with slot decay can be used for rate limiting. The following limits do not have a decay configured: '${name}'`,
      },
    });
  });

  it('gives slots back by itself when it decays', async () => {
    await create(4, { slot_decay_per_second: 0.5 });
    expect((await increment(4, { mode: 'rate_limit' })).status).toBe(200);
    const refused = await increment(1, { mode: 'rate_limit' });
    // One slot comes back in 2 s.
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(1.2);
    ahead += 5 * SECOND;
    expect(await activeSlots()).toBe(2);
    expect((await increment(2)).status).toBe(200);
    expect((await increment(1)).status).toBe(423);
  });

  it('tells those who come after many refusals to wait longer', async () => {
    await create(1, { active_slots: 1, denied_slots: 9 });
    // Ten claims on one slot that is held for 2 s on average.
    const wait = Number((await increment()).headers.get('retry-after'));
    expect(wait).toBeGreaterThan(12);
    expect(wait).toBeLessThanOrEqual(26);
  });

  it('is not oversold to many who ask at once', async () => {
    await create(3);
    const answers = await Promise.all(Array.from({ length: 12 }, () => increment()));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(await activeSlots()).toBe(3);
  });
});

describe('a lease', () => {
  async function lease(body: object = {}) {
    const answer = await limits<{ lease_id: string; limits: object[] }>('POST', 'increment-with-lease', {
      names: [name],
      slots: 2,
      lease_duration: 60,
      ...body,
    });
    expect(answer.status).toBe(200);
    return answer.body.lease_id;
  }

  it('gives its slots back once when it is released', async () => {
    await create(3);
    const id = await lease({ holder: { type: 'flow_run', id: crypto.randomUUID() } });
    expect(await activeSlots()).toBe(2);
    for (const _attempt of [1, 2]) expect((await limits('POST', 'decrement-with-lease', { lease_id: id })).status).toBe(204);
    expect(await activeSlots()).toBe(0);
  });

  it('lives as long as it is renewed', async () => {
    await create(3);
    const renewed = await lease({ slots: 1 });
    const forgotten = await lease({ slots: 1 });
    ahead += 50 * SECOND;
    expect((await limits('POST', `leases/${renewed}/renew`, { lease_duration: 60 })).status).toBe(204);
    ahead += 20 * SECOND;
    await repossessor.run(server.running.core);
    expect(await activeSlots()).toBe(1);
    expect(await limits('POST', `leases/${forgotten}/renew`, {})).toMatchObject({
      status: 410,
      body: { detail: 'Lease not found - it may have expired or been revoked' },
    });
  });

  it('can still be renewed when it is over but its slots were not given back yet', async () => {
    await create(2);
    const id = await lease();
    ahead += 70 * SECOND;
    expect((await limits('POST', `leases/${id}/renew`, {})).status).toBe(204);
    await repossessor.run(server.running.core);
    expect(await activeSlots()).toBe(2);
  });

  it('teaches its limit how long slots are held', async () => {
    await create(1);
    const id = await lease({ slots: 1 });
    ahead += 10 * SECOND;
    await limits('POST', 'decrement-with-lease', { lease_id: id });
    await increment();
    // The average moved half the way from 2 s to 10 s.
    expect(Number((await increment()).headers.get('retry-after'))).toBeGreaterThan(4);
  });

  it('is given for names without a limit too, but not for too short', async () => {
    expect(await lease({ names: ['unlimited'] })).toMatch(/^[0-9a-f-]{36}$/);
    expect((await limits('POST', 'increment-with-lease', { names: [name], slots: 1, lease_duration: 10 })).status).toBe(422);
  });
});

describe('a limit on a tag', () => {
  function tags<Body = unknown>(method: string, path = '', body?: object) {
    return server.request<Body>(method, `/concurrency_limits/${path}`, body);
  }

  async function holders(): Promise<string[]> {
    return (await tags<ConcurrencyLimit>('GET', `tag/${name}`)).body.active_slots;
  }

  it('is set and set again', async () => {
    expect((await tags('POST', '', { tag: name, concurrency_limit: 2 })).status).toBe(201);
    const { status, body } = await tags<ConcurrencyLimit>('POST', '', { tag: name, concurrency_limit: 1 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ tag: name, concurrency_limit: 1, active_slots: [] });
    expect((await limits('GET', `tag:${name}`)).body).toMatchObject({ id: body.id, limit: 1 });
    expect((await tags('GET', body.id)).body).toEqual(body);
    const { body: listed } = await tags<ConcurrencyLimit[]>('POST', 'filter', {});
    expectContract('POST /concurrency_limits/filter', listed);
    expect(listed.map(({ tag }) => tag)).toContain(name);
  });

  it('gives slots to task runs and knows who holds them', async () => {
    const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
    const { body } = await tags<ConcurrencyLimit>('POST', '', { tag: name, concurrency_limit: 1 });
    const taken = await tags('POST', 'increment', { names: [name, 'unlimited'], task_run_id: first });
    expect(taken).toMatchObject({ status: 200, body: [{ id: body.id, name, limit: 1 }] });
    expect(await holders()).toEqual([first]);

    const refused = await tags('POST', 'increment', { names: [name], task_run_id: second });
    expect(refused).toMatchObject({ status: 423, body: { detail: `Concurrency limit for the ${name} tag has been reached` } });
    expect(refused.headers.get('retry-after')).toBe('10.0');

    const released = await tags('POST', 'decrement', { names: [name], task_run_id: first });
    expect(released).toMatchObject({ status: 200, body: [{ id: body.id, name: `tag:${name}`, limit: 1 }] });
    expect(await holders()).toEqual([]);
    expect((await tags('POST', 'increment', { names: [name], task_run_id: second })).status).toBe(200);
  });

  it('of zero sends task runs away for good', async () => {
    await tags('POST', '', { tag: name, concurrency_limit: 0 });
    const refused = await tags('POST', 'increment', { names: [name], task_run_id: crypto.randomUUID() });
    expect(refused).toMatchObject({
      status: 423,
      body: { detail: `The concurrency limit on tag "${name}" is 0 and will deadlock if the task tries to run again.` },
    });
    expect(refused.headers.has('retry-after')).toBe(false);
  });

  it('is emptied by a reset, but for the task runs that are named', async () => {
    const [lost, kept] = [crypto.randomUUID(), crypto.randomUUID()];
    await tags('POST', '', { tag: name, concurrency_limit: 2 });
    for (const task_run_id of [lost, kept]) await tags('POST', 'increment', { names: [name], task_run_id });
    expect(await tags('POST', `tag/${name}/reset`, { slot_override: [kept] })).toMatchObject({ status: 200, body: null });
    expect(await holders()).toEqual([kept]);
    expect((await limits('GET', `tag:${name}`)).body).toMatchObject({ active_slots: 1 });
    await tags('POST', `tag/${name}/reset`);
    expect(await holders()).toEqual([]);
  });

  it('is deleted by tag or id, with what is held of it', async () => {
    const { body } = await tags<ConcurrencyLimit>('POST', '', { tag: name, concurrency_limit: 1 });
    await tags('POST', 'increment', { names: [name], task_run_id: crypto.randomUUID() });
    expect(await tags('DELETE', `tag/${name}`)).toMatchObject({ status: 200, body: null });
    for (const [method, path] of [
      ['DELETE', `tag/${name}`],
      ['DELETE', body.id],
      ['GET', `tag/${name}`],
      ['GET', body.id],
      ['POST', `tag/${name}/reset`],
    ] as const)
      expect(await tags(method, path)).toMatchObject({ status: 404, body: { detail: 'Concurrency limit not found' } });
    await tags('POST', '', { tag: name, concurrency_limit: 1 });
    expect(await holders()).toEqual([]);
  });
});
