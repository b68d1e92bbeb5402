import { randomUUID } from 'node:crypto';
import type { Automation, UiAutomationPage, UiSearchResult } from '@prefect-ts/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectContract } from './contract.ts';
import { startTestServer, type TestServer } from './server.ts';
import { openSocket, type TestSocket } from './socket.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

async function emit(event: string, resource = 'thing.1'): Promise<string> {
  const id = randomUUID();
  const body = [{ id, event, occurred: new Date().toISOString(), resource: { 'prefect.resource.id': resource } }];
  expect((await server.request('POST', '/events', body)).status).toBe(204);
  return id;
}

async function openLive(): Promise<TestSocket> {
  const socket = await openSocket(server.running.apiUrl, '/ui/live');
  expect(await socket.next()).toEqual({ type: 'auth_success' });
  return socket;
}

/** The ids of the events of the next message that holds any. */
async function nextEvents(socket: TestSocket): Promise<{ ids: string[]; position: string }> {
  for (;;) {
    const { changes, position } = (await socket.next()) as {
      changes?: { kind: string; row: { id: string } }[];
      position: string;
    };
    if (changes) return { ids: changes.map(({ row }) => row.id), position };
  }
}

describe('a live page of events', () => {
  it('hears of those that match, as they happen', async () => {
    const socket = await openLive();
    socket.send({ op: 'sub', id: '1', topic: 'events', filter: { event: { prefix: ['live.'] } } });
    await socket.next();
    await emit('other.thing');
    const id = await emit('live.thing');
    expect((await nextEvents(socket)).ids).toEqual([id]);
    socket.close();
  });

  it('hears of what happened since its question, and after a gap since its position', async () => {
    const filter = { event: { name: ['gap.thing'] } };
    const first = await emit('gap.thing');
    const socket = await openLive();
    socket.send({ op: 'sub', id: '1', topic: 'events', filter, back: 5_000 });
    const { ids, position } = await nextEvents(socket);
    expect(ids).toEqual([first]);
    socket.close();
    const missed = await emit('gap.thing');
    const again = await openLive();
    again.send({ op: 'sub', id: '1', topic: 'events', filter, position });
    expect((await nextEvents(again)).ids).toContain(missed);
    again.close();
  });

  it('is sent to look again when it was away for long', async () => {
    const socket = await openLive();
    socket.send({ op: 'sub', id: '1', topic: 'events', filter: {}, back: 3_600_000 });
    expect(await socket.next()).toMatchObject({ id: '1', reset: true });
    socket.close();
  });

  it('hears of nothing any more once it unsubscribed', async () => {
    const socket = await openLive();
    const filter = { event: { name: ['quiet.thing'] } };
    socket.send({ op: 'sub', id: '1', topic: 'events', filter });
    await socket.next();
    socket.send({ op: 'unsub', id: '1' });
    socket.send({ op: 'sub', id: '2', topic: 'events', filter });
    await socket.next();
    await emit('quiet.thing');
    expect(await socket.next()).toMatchObject({ id: '2', changes: [{ kind: 'event' }] });
    socket.close();
  });

  it('is refused a filter that makes no sense', async () => {
    const socket = await openLive();
    socket.send({ op: 'sub', id: '1', topic: 'events', filter: { event: 3 } });
    expect(await socket.next()).toMatchObject({ id: '1', error: expect.any(String) });
    socket.close();
  });
});

describe('a page of automations', () => {
  async function anAutomation(name: string): Promise<Automation> {
    const trigger = { type: 'event', posture: 'Reactive', expect: [`${name}.happened`] };
    return (await server.request<Automation>('POST', '/automations/', { name, trigger, actions: [{ type: 'do-nothing' }] })).body;
  }
  async function page(body: object): Promise<UiAutomationPage> {
    const answer = await server.request<UiAutomationPage>('POST', '/ui/automations/page', body);
    expectContract('POST /ui/automations/page', answer.body);
    return answer.body;
  }

  it('carries how often each fired', async () => {
    const { id } = await anAutomation('firing');
    const socket = await openLive();
    const filter = { event: { name: ['prefect.automation.triggered'] }, resource: { id: [`prefect.automation.${id}`] } };
    socket.send({ op: 'sub', id: '1', topic: 'events', filter });
    await socket.next();
    await emit('firing.happened');
    await nextEvents(socket);
    socket.close();
    const { results } = await page({ automations: { id: { any_: [id] } } });
    expect(results).toMatchObject([{ id, fired: 1, failed: 0, last_fired: expect.any(String), trigger: { type: 'event' } }]);
  });

  it('names what its actions are done to', async () => {
    const flow = (await server.request<{ id: string }>('POST', '/flows/', { name: 'named' })).body;
    const deployment = (await server.request<{ id: string }>('POST', '/deployments/', { name: 'prod', flow_id: flow.id })).body;
    const pool = (await server.request<{ id: string }>('POST', '/work_pools/', { name: 'targets', type: 'process' })).body;
    const trigger = { type: 'event', posture: 'Reactive', expect: ['x'] };
    const actions = [
      { type: 'run-deployment', deployment_id: deployment.id },
      { type: 'pause-work-pool', work_pool_id: pool.id },
    ];
    const body = { name: 'with targets', trigger, actions };
    const { id } = (await server.request<Automation>('POST', '/automations/', body)).body;
    const { names } = await page({ automations: { id: { any_: [id] } } });
    expect(names).toEqual({ [deployment.id]: 'named/prod', [pool.id]: 'targets' });
  });

  it('finds them by a part of the name, in which no sign is a wildcard, and goes on page by page', async () => {
    for (const name of ['100% sure', '100 sure', 'Unsure']) await anAutomation(name);
    expect((await page({ name: '0% S' })).results.map(({ name }) => name)).toEqual(['100% sure']);
    const first = await page({ name: 'sure', limit: 2 });
    expect(first).toMatchObject({ total: 3, total_is_exact: true });
    const rest = await page({ name: 'sure', limit: 2, cursor: first.next });
    expect([...first.results, ...rest.results].map(({ name }) => name)).toEqual(['100 sure', '100% sure', 'Unsure']);
    expect(rest.next).toBeNull();
  });
});

describe('a search', () => {
  async function search(text: string): Promise<UiSearchResult[]> {
    const answer = await server.request<UiSearchResult[]>('POST', '/ui/search', { text });
    expectContract('POST /ui/search', answer.body);
    return answer.body;
  }

  it('finds objects of all kinds by a part of their name, what begins with it first', async () => {
    const flow = (await server.request<{ id: string }>('POST', '/flows/', { name: 'my-orders' })).body;
    await server.request('POST', '/work_pools/', { name: 'orders-pool', type: 'process' });
    const deployment = { name: 'orders_nightly', flow_id: flow.id };
    await server.request('POST', '/deployments/', deployment);
    await server.request('POST', '/flow_runs/', { flow_id: flow.id, name: 'Orders-1', state: { type: 'RUNNING' } });
    expect((await search('orders')).map(({ kind, name, detail }) => [kind, name, detail])).toEqual([
      ['deployment', 'orders_nightly', 'my-orders'],
      ['work-pool', 'orders-pool', 'process'],
      ['flow-run', 'Orders-1', 'my-orders'],
      ['flow', 'my-orders', null],
    ]);
    expect((await search('orders_')).map(({ name }) => name)).toEqual(['orders_nightly']);
  });

  it('finds the object of an id', async () => {
    const flow = (await server.request<{ id: string }>('POST', '/flows/', { name: 'by-id' })).body;
    expect(await search(` ${flow.id.toUpperCase()} `)).toMatchObject([{ kind: 'flow', id: flow.id, name: 'by-id' }]);
    expect(await search(randomUUID())).toEqual([]);
  });

  it('finds nothing for nothing', async () => {
    expect(await search('  ')).toEqual([]);
  });
});
