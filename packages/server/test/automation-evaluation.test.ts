import { nowMicros, uuid7 } from '@prefect-ts/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { performActions } from '../src/automations/action-queue.ts';
import { Evaluator } from '../src/automations/evaluator.ts';
import type { NewEvent } from '../src/events/event-log.ts';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer({ environment: { PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED: 'false' } });
  await server.request('POST', '/automations/', {
    name: 'counts doors',
    trigger: { expect: ['door.opened'], posture: 'Reactive' },
    actions: [{ type: 'do-nothing' }],
  });
});
afterEach(() => server.stop());

const aDoor = (id: string): NewEvent => ({
  id,
  occurred: nowMicros(),
  event: 'door.opened',
  resource: { 'prefect.resource.id': 'door' },
  related: [],
  payload: {},
  follows: null,
});

/** The events that made automations act, and those that tell of actions, in their order. */
async function outcomes(): Promise<{ triggeredBy: string[]; executed: number }> {
  const { core } = server.running;
  const rows = await core.scan.all(core.storage.builder.selectFrom('event').select(['event', 'body']).orderBy('position'));
  const triggered = rows.filter(({ event }) => event === 'prefect.automation.triggered');
  return {
    triggeredBy: triggered.map(({ body }) => JSON.parse(body).payload.triggering_event.id),
    executed: rows.filter(({ event }) => event === 'prefect.automation.action.executed').length,
  };
}

describe('several servers on one database', () => {
  it('show each event to the triggers once, and carry out each action once', async () => {
    const { core } = server.running;
    const ids = Array.from({ length: 120 }, () => uuid7());
    await core.write((unit) => unit.emit(...ids.map(aDoor)));
    await Promise.all([1, 2, 3].map(() => new Evaluator(core).catchUp()));
    await Promise.all([1, 2, 3].map(() => performActions(core)));
    expect(await outcomes()).toEqual({ triggeredBy: ids, executed: ids.length });
  });

  it('go on where the one that died stood', async () => {
    const { core } = server.running;
    const [first, second] = [uuid7(), uuid7()];
    await core.write((unit) => unit.emit(aDoor(first)));
    await new Evaluator(core).catchUp();
    await core.write((unit) => unit.emit(aDoor(second)));
    await server.restart();
    await new Evaluator(server.running.core).catchUp();
    await performActions(server.running.core);
    expect(await outcomes()).toEqual({ triggeredBy: [first, second], executed: 2 });
  });

  it('miss no event that is committed after a later one', async () => {
    const { core } = server.running;
    const [slow, quick] = [uuid7(), uuid7()];
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const slowly = core.write(async (unit) => {
      await unit.emit(aDoor(slow));
      begun.resolve();
      await gate.promise;
    });
    await begun.promise;
    const quickly = core.write((unit) => unit.emit(aDoor(quick)));
    // Only PostgreSQL has several writers at a time.
    if (core.storage.dialect.name === 'postgres') await quickly;
    const evaluator = new Evaluator(core);
    await evaluator.catchUp();
    expect((await outcomes()).triggeredBy).toEqual([]);
    gate.resolve();
    await Promise.all([slowly, quickly]);
    await evaluator.catchUp();
    expect((await outcomes()).triggeredBy).toEqual([slow, quick]);
  });

  it('do not wait for ever for an event that was given up', async () => {
    const { core } = server.running;
    const id = uuid7();
    const failing = core.write(async (unit) => {
      await unit.emit(aDoor(uuid7()));
      throw new Error('given up');
    });
    await expect(failing).rejects.toThrow('given up');
    await core.write((unit) => unit.emit(aDoor(id)));
    const evaluator = new Evaluator(core);
    await expect
      .poll(
        async () => {
          await evaluator.catchUp();
          return (await outcomes()).triggeredBy;
        },
        { timeout: 10_000 },
      )
      .toEqual([id]);
  });
});

describe('a trigger that covers what its own firings tell', () => {
  const greedy = {
    name: 'answers to everything',
    trigger: { expect: [], posture: 'Reactive' },
    actions: [{ type: 'do-nothing' }],
  };

  it('is shown in one round what was there when the round began', async () => {
    const { core } = server.running;
    await server.request('POST', '/automations/', greedy);
    const id = uuid7();
    await core.write((unit) => unit.emit(aDoor(id)));
    await new Evaluator(core).catchUp();
    const { triggeredBy } = await outcomes();
    expect(triggeredBy.filter((event) => event === id)).toHaveLength(2);
    expect(triggeredBy.length).toBeLessThan(5);
    await performActions(core);
    expect((await outcomes()).executed).toBe(triggeredBy.length);
  });

  it('does not keep the server from stopping', async () => {
    const busy = await startTestServer();
    await busy.request('POST', '/automations/', greedy);
    const { core } = busy.running;
    await core.write((unit) => unit.emit(aDoor(uuid7())));
    const executed = core.storage.builder
      .selectFrom('event')
      .select('id')
      .where('event', '=', 'prefect.automation.action.executed');
    await expect.poll(async () => (await core.read.all(executed.limit(100))).length, { timeout: 20_000 }).toBe(100);
    await busy.stop();
  });
});
