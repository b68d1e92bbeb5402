import { formatTimestamp, nowMicros, SECOND, uuid7 } from '@prefect-ts/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../test/server.ts';
import { eventRetention } from './event-retention.ts';

const DAY = 86_400 * SECOND;
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({
    environment: {
      PREFECT_SERVER_SERVICES_DB_VACUUM_BATCH_SIZE: '2',
      PREFECT_SERVER_SERVICES_DB_VACUUM_EVENT_RETENTION_OVERRIDES: '{"noise": 3600, "kept": 99999999}',
    },
  });
});
afterAll(() => server.stop());

const anEvent = (event: string, age: number) => ({
  id: uuid7(),
  occurred: formatTimestamp(nowMicros() - age),
  event,
  resource: { 'prefect.resource.id': 'thing' },
});

describe('events', () => {
  it('are kept for seven days, some kinds for less and none for longer', async () => {
    await server.request('POST', '/events', [
      ...Array.from({ length: 5 }, () => anEvent('old', 8 * DAY)),
      anEvent('recent', 6 * DAY),
      anEvent('kept', 8 * DAY),
      anEvent('noise', DAY),
      anEvent('noise', 60 * SECOND),
    ]);
    await eventRetention.run(server.running.core);
    const { body } = await server.request<{ events: { event: string }[] }>('POST', '/events/filter', {
      filter: { order: 'ASC', event: { exclude_prefix: ['prefect.'] } },
    });
    expect(body.events.map(({ event }) => event)).toEqual(['recent', 'noise']);
  });

  it('keep their order even when all but the newest are deleted', async () => {
    const { storage } = server.running.core;
    const positions = async () =>
      (await storage.reader.all(storage.builder.selectFrom('event').select('position').orderBy('position'))).map(
        ({ position }) => position,
      );
    await server.request('POST', '/events', [anEvent('old', 9 * DAY), anEvent('older', 9 * DAY)]);
    const newest = (await positions()).at(-1) ?? 0;
    await eventRetention.run(server.running.core);
    expect((await positions()).at(-1)).toBe(newest);
    await server.request('POST', '/events', [anEvent('next', 0)]);
    expect((await positions()).at(-1)).toBeGreaterThan(newest);
  });
});
