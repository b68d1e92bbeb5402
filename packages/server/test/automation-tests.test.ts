import { type Automation, type AutomationTestFiring, formatTimestamp, nowMicros, SECOND, uuid7 } from '@prefect-ts/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from './contract.ts';
import { recordedEvents } from './recorded-events.ts';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer({ environment: { PREFECT_SERVER_EVENTS_PROACTIVE_GRANULARITY: '0.05' } });
});
afterEach(() => server.stop());

const anAutomation = (trigger: object) => ({ name: 'tried', trigger, actions: [{ type: 'do-nothing' }] });
const opens = (members: object = {}) => ({ type: 'event', expect: ['door.opened'], posture: 'Reactive', ...members });

async function open(hoursAgo: number, id = 'door.1'): Promise<string> {
  const event = {
    id: uuid7(),
    occurred: formatTimestamp(nowMicros() - hoursAgo * 3600 * SECOND),
    event: 'door.opened',
    resource: { 'prefect.resource.id': id },
  };
  expect((await server.request('POST', '/events', [event])).status).toBe(204);
  return event.id;
}

async function test(body: object): Promise<AutomationTestFiring> {
  const answer = await server.request<AutomationTestFiring>('POST', '/automations/test-firing', body);
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 200 });
  expectContract('POST /automations/test-firing', answer.body);
  return answer.body;
}

describe('testing what an automation would have fired', () => {
  it('goes through the events of the last day, and does nothing', async () => {
    await open(30);
    const [first, second] = [await open(3), await open(2, 'door.2')];
    const result = await test({ automation: anAutomation(opens({ for_each: ['prefect.resource.id'] })) });
    expect(result).toMatchObject({
      events: 2,
      count: 2,
      complete: true,
      firings: [
        { triggering_labels: { 'prefect.resource.id': 'door.1' }, triggering_event: { id: first, event: 'door.opened' } },
        { triggering_labels: { 'prefect.resource.id': 'door.2' }, triggering_event: { id: second } },
      ],
    });
    expect(Date.parse(result.until) - Date.parse(result.since)).toBe(86_400_000);
    const { body: count } = await server.request('POST', '/automations/count');
    expect(count).toBe(0);
  });

  it('looks at another time when it is told to, and notices what did not happen', async () => {
    await open(29);
    const [since, until] = [30, 28].map((hours) => formatTimestamp(nowMicros() - hours * 3600 * SECOND));
    const silence = opens({ posture: 'Proactive', within: 1800 });
    expect(await test({ automation: anAutomation(silence), since, until })).toMatchObject({ events: 1, count: 3 });
  });

  it('says of an automation that is there what it really did', async () => {
    const trigger = opens({ threshold: 2, within: 60, for_each: ['prefect.resource.id'] });
    const { body: created } = await server.request<Automation>('POST', '/automations/', anAutomation(trigger));
    for (const id of ['a', 'b', 'a', 'a', 'b', 'c', 'a']) await open(0, id);
    const resource = `prefect.automation.${created.id}`;
    const fired = async () =>
      (await recordedEvents(server, resource)).filter(({ event }) => event === 'prefect.automation.triggered');
    while ((await fired()).length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    const { firings } = await test({ automation_id: created.id });
    const labels = (await fired()).map(({ payload }) => (payload as { triggering_labels: object }).triggering_labels);
    expect(firings.map(({ triggering_labels }) => triggering_labels)).toEqual(labels);
  });

  it('refuses what it cannot test', async () => {
    const ask = (body: object) => server.request('POST', '/automations/test-firing', body);
    expect(await ask({})).toMatchObject({ status: 422, body: { detail: expect.stringContaining('has to be given') } });
    expect((await ask({ automation_id: crypto.randomUUID() })).status).toBe(404);
    expect((await ask({ automation: anAutomation(opens({ posture: 'Never' })) })).status).toBe(422);
    const since = formatTimestamp(nowMicros() + 3600 * SECOND);
    expect((await ask({ automation: anAutomation(opens()), since })).status).toBe(422);
  });
});
