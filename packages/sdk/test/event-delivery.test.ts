import { describe, expect, it } from 'vitest';
import { EventTooLarge, emit, flow } from '../src/index.ts';
import { aServer } from './fixture.ts';

describe('events', () => {
  it('arrive all and in order when the connection breaks in between', async () => {
    const { server, session } = await aServer();
    let seen = 0;
    server.onEvent = () => ++seen === 4;

    for (let number = 0; number < 10; number++) session.events.send(JSON.stringify({ number, payload: {} }));
    expect(await session.events.drain(10_000)).toBe(true);

    // What came before the break comes twice: a server knows it by the id.
    expect(server.events.slice(3).map((event) => event.number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(server.tokens).toHaveLength(2);
  });

  it('of ten thousand at once are confirmed and forgotten', async () => {
    const { server, session } = await aServer();
    for (let number = 0; number < 10_000; number++) session.events.send(`{"number":${number},"payload":{}}`);
    expect(await session.events.drain(20_000)).toBe(true);
    expect(server.events).toHaveLength(10_000);
    expect(session.events.unconfirmed).toBe(0);
  });

  it('carry the run they were emitted in', async () => {
    const { server, session, within } = await aServer();
    await within(() =>
      flow({ name: 'f', tags: ['t'] }, async () =>
        emit('order.sent', { 'prefect.resource.id': 'order.1' }, { payload: { n: 1 } }),
      )(),
    );
    await session.flush();
    const [run] = server.flowRuns.values();
    expect(server.events.find((event) => event.event === 'order.sent')).toMatchObject({
      payload: { n: 1 },
      related: [
        {
          'prefect.resource.id': `prefect.flow-run.${run?.id}`,
          'prefect.resource.role': 'flow-run',
          'prefect.resource.name': 'random-name',
        },
        { 'prefect.resource.id': `prefect.flow.${run?.flow_id}`, 'prefect.resource.role': 'flow', 'prefect.resource.name': 'f' },
        { 'prefect.resource.id': 'prefect.tag.t', 'prefect.resource.role': 'tag' },
      ],
    });
  });

  it('tell that a flow run is alive as soon as its body starts', async () => {
    const { server, session, within } = await aServer();
    await within(() => flow('f', async () => 1)());
    await session.flush();
    const [run] = server.flowRuns.values();
    expect(server.events[0]).toMatchObject({
      event: 'prefect.flow-run.heartbeat',
      resource: { 'prefect.resource.id': `prefect.flow-run.${run?.id}`, 'prefect.version': '3.8.8' },
      payload: {},
    });
  });

  it('that are too large are refused to their caller', async () => {
    const { within } = await aServer({ PREFECT_SERVER_EVENTS_MAXIMUM_SIZE_BYTES: '1000' });
    expect(() => within(() => emit('big', { 'prefect.resource.id': 'x' }, { payload: { text: 'x'.repeat(1000) } }))).toThrow(
      EventTooLarge,
    );
  });
});

describe('logs', () => {
  it('are cut when one is too long', async () => {
    const { server, session, within } = await aServer({
      PREFECT_LOGGING_LEVEL: 'INFO',
      PREFECT_LOGGING_TO_API_MAX_LOG_SIZE: '1000',
    });
    await within(() => flow('f', async (_: undefined, { log }) => log.info('é'.repeat(2000)))());
    await session.flush();
    const long = server.logs.find((log) => log.message.startsWith('éé'));
    expect(long?.message).toMatch(/\.\.\. \[truncated\]$/);
    expect(Buffer.byteLength(JSON.stringify(long))).toBeLessThanOrEqual(1000);
  });
});
