import { type EventCount, formatTimestamp, nowMicros, SECOND, uuid7 } from '@prefect-ts/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './server.ts';

interface WireEvent {
  readonly id: string;
  readonly event: string;
  readonly occurred: string;
}

interface Page {
  readonly events: WireEvent[];
  readonly total: number;
  readonly next_page: string | null;
}

let server: TestServer;
const start = nowMicros() - 3600 * SECOND;

beforeAll(async () => {
  server = await startTestServer();
  const answer = await server.request('POST', '/events', [
    anEvent(0, { event: 'shop.order.placed', id: 'order.1', labels: { 'prefect.resource.name': 'first', colour: 'red' } }),
    anEvent(1, { event: 'shop.order.placed', id: 'order.2', labels: { colour: 'blue' }, payload: { note: 'say "hi" 100%' } }),
    anEvent(2, {
      event: 'shop.order.sent',
      id: 'order.1',
      labels: { 'prefect.resource.name': 'renamed', colour: 'red' },
      related: [
        { 'prefect.resource.id': 'customer.7', 'prefect.resource.role': 'customer', city: 'Bern' },
        { 'prefect.resource.id': 'van.1', 'prefect.resource.role': 'van', city: 'Basel' },
      ],
    }),
    anEvent(3, { event: 'stock.low', id: 'item.9', labels: { path: 'a[b]*c' }, payload: { note: 'Nothing LEFT' } }),
  ]);
  expect(answer.status).toBe(204);
});
afterAll(() => server.stop());

interface EventOptions {
  readonly event: string;
  readonly id: string;
  readonly labels?: Record<string, string>;
  readonly related?: Record<string, string>[];
  readonly payload?: object;
}

/** An event so many minutes after the start. */
function anEvent(minute: number, { event, id, labels, related = [], payload = {} }: EventOptions) {
  const occurred = formatTimestamp(start + minute * 60 * SECOND);
  return { id: uuid7(), occurred, event, resource: { 'prefect.resource.id': id, ...labels }, related, payload };
}

async function names(filter: object): Promise<string[]> {
  const { body, status } = await server.request<Page>('POST', '/events/filter', {
    filter: { event: { prefix: ['shop.', 'stock.'] }, order: 'ASC', ...filter },
  });
  expect(status).toBe(200);
  expect(body.total).toBe(body.events.length);
  return body.events.map(({ event }) => event.replace(/^\w+\./, ''));
}

describe('a filter of events', () => {
  it.each([
    [{}, ['order.placed', 'order.placed', 'order.sent', 'low']],
    [{ order: 'DESC' }, ['low', 'order.sent', 'order.placed', 'order.placed']],
    [{ event: { name: ['stock.low'] } }, ['low']],
    [{ event: { prefix: ['shop.'], exclude_prefix: ['shop.order.p'] } }, ['order.sent']],
    [{ event: { prefix: ['shop.'], exclude_name: ['shop.order.sent'] } }, ['order.placed', 'order.placed']],
    [{ event: { prefix: ['SHOP'] } }, []],
    [{ event: { prefix: ['%'] } }, []],
    [{ resource: { id: ['order.1'] } }, ['order.placed', 'order.sent']],
    [{ resource: { id_prefix: ['item.'] } }, ['low']],
    [{ resource: { labels: { colour: 'red' } } }, ['order.placed', 'order.sent']],
    [{ resource: { labels: { colour: ['b*', 'green'] } } }, ['order.placed']],
    [{ resource: { labels: { colour: '!red' } } }, ['order.placed']],
    [{ resource: { labels: { colour: [] } } }, []],
    [{ resource: { labels: { path: 'a[b]?c' } } }, ['low']],
    [{ resource: { labels: { 'prefect.resource.id': 'order.*' } }, event: { name: ['shop.order.sent'] } }, ['order.sent']],
    [{ resource: { distinct: true } }, ['order.placed', 'order.placed', 'low']],
    [{ related: { role: ['customer'] } }, ['order.sent']],
    [{ related: { id: ['order.1'] } }, []],
    [{ related: { role: ['customer'], labels: { city: 'Basel' } } }, []],
    [{ related: [{ role: ['customer'] }, { labels: { city: 'Basel' } }] }, ['order.sent']],
    [{ related: { resources_in_roles: [['van.1', 'customer']] } }, []],
    [{ related: { resources_in_roles: [['van.1', 'van']] } }, ['order.sent']],
    [{ any_resource: { id: ['van.1'] } }, ['order.sent']],
    [{ any_resource: { id_prefix: ['item.', 'customer.'] } }, ['order.sent', 'low']],
    [{ any_resource: [{ id: ['order.1'] }, { id: ['customer.7'] }] }, ['order.sent']],
    [{ text: { query: 'nothing' } }, ['low']],
    [{ text: { query: '"say \\"hi\\" 100%"' } }, ['order.placed']],
    [{ text: { query: 'basel left' } }, ['order.sent', 'low']],
    [{ text: { query: '+order -red' } }, ['order.placed']],
    [{ occurred: { since: formatTimestamp(start + 2 * 60 * SECOND) } }, ['order.sent', 'low']],
    [{ occurred: { until: formatTimestamp(start + 60 * SECOND) } }, ['order.placed', 'order.placed']],
  ])('%j', async (filter, expected) => expect(await names(filter)).toEqual(expected));

  it('by ids answers those, and pages are no longer than the ids', async () => {
    const all = await server.request<Page>('POST', '/events/filter', { filter: { event: { prefix: ['shop.'] } } });
    const ids = all.body.events.slice(0, 2).map(({ id }) => id);
    const { body } = await server.request<Page>('POST', '/events/filter', { filter: { id: { id: ids } } });
    expect(body.events.map(({ id }) => id)).toEqual(ids);
    expect(body.next_page).toBeNull();
  });

  it('is refused when it has members that filters do not have', async () => {
    expect((await server.request('POST', '/events/filter', { filter: { colour: 'red' } })).status).toBe(422);
    expect((await server.request('POST', '/events/filter', { limit: 51 })).status).toBe(422);
  });
});

describe('pages of events', () => {
  it('stay what they are while events arrive, and end', async () => {
    let page = (await server.request<Page>('POST', '/events/filter', { filter: { event: { prefix: ['shop.'] } }, limit: 2 }))
      .body;
    expect(page.total).toBe(3);
    await server.request('POST', '/events', [
      { ...anEvent(0, { event: 'shop.late', id: 'late' }), occurred: formatTimestamp(nowMicros()) },
    ]);
    const seen = page.events.map(({ event }) => event);
    expect(page.next_page).toContain(`${server.running.apiUrl}/events/filter/next?page-token=`);
    page = (await (await fetch(page.next_page ?? '')).json()) as Page;
    expect([...seen, ...page.events.map(({ event }) => event)]).toEqual([
      'shop.order.sent',
      'shop.order.placed',
      'shop.order.placed',
    ]);
    expect(page).toMatchObject({ total: 3, next_page: null });
  });

  it.each(['nonsense', Buffer.from('{}').toString('base64')])('refuse the token %s', async (token) => {
    const answer = await server.request('GET', `/events/filter/next?page-token=${token}`);
    expect(answer).toMatchObject({ status: 403, body: { detail: 'Forbidden' } });
  });

  it('need a token', async () => expect((await server.request('GET', '/events/filter/next')).status).toBe(422));
});

describe('counts of events', () => {
  const count = async (countable: string, body: object = {}) =>
    (
      await server.request<EventCount[]>('POST', `/events/count-by/${countable}`, {
        filter: {
          event: { prefix: ['shop.order', 'stock.'] },
          occurred: { since: formatTimestamp(start), until: formatTimestamp(start + 4 * 60 * SECOND) },
        },
        ...body,
      })
    ).body;

  it('by event are largest first', async () => {
    expect(await count('event')).toMatchObject([
      { value: 'shop.order.placed', label: 'shop.order.placed', count: 2, start_time: formatTimestamp(start) },
      { value: 'shop.order.sent', count: 1 },
      { value: 'stock.low', count: 1 },
    ]);
  });

  it('by resource go under the newest name', async () => {
    expect(await count('resource')).toMatchObject([
      { value: 'order.1', label: 'renamed', count: 2, end_time: formatTimestamp(start + 120 * SECOND) },
      { value: 'item.9', label: 'item.9', count: 1 },
      { value: 'order.2', label: 'order.2', count: 1 },
    ]);
  });

  it('by time have every bucket', async () => {
    const counts = await count('time', { time_unit: 'minute', time_interval: 2 });
    expect(counts.length).toBeGreaterThanOrEqual(2);
    expect(counts.reduce((sum, bucket) => sum + bucket.count, 0)).toBe(4);
    expect(counts.map(({ value }) => value)).toEqual(counts.map((_, index) => String(index)));
    expect(new Date(counts[0]?.start_time ?? 0).getTime() % 120_000).toBe(0);
    expect(counts[0]?.label).toMatch(/\+00:00$/);
  });

  it('are refused when they had too many buckets', async () => {
    const answer = await server.request<{ detail: string }>('POST', '/events/count-by/event', {
      filter: {},
      time_unit: 'second',
    });
    expect(answer.status).toBe(422);
    expect(answer.body.detail).toMatch(/^The given interval would create \d+ buckets, which is too many\. /);
  });
});

describe('a search of logs', () => {
  it('speaks the same language, over messages and names', async () => {
    const timestamp = formatTimestamp(start);
    const line = (name: string, message: string) => ({ name, message, level: 20, timestamp });
    await server.request('POST', '/logs/', [line('flow', 'First 100%'), line('flow', 'second'), line('worker', 'third thing')]);
    const found = async (query: string) => {
      const { body } = await server.request<{ message: string }[]>('POST', '/logs/filter', { logs: { text: { query } } });
      return body.map(({ message }) => message).sort();
    };
    expect(await found('first THIRD')).toEqual(['First 100%', 'third thing']);
    expect(await found('flow -second')).toEqual(['First 100%']);
    expect(await found('+"third thing" worker')).toEqual(['third thing']);
    expect(await found('100%')).toEqual(['First 100%']);
    expect(await found('1_0')).toEqual([]);
  });
});
