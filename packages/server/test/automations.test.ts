import { type Automation, formatTimestamp, nowMicros, SECOND, uuid7 } from '@prefect-ts/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './server.ts';
import { openSocket, type TestSocket } from './socket.ts';

interface WireEvent {
  readonly id: string;
  readonly event: string;
  readonly resource: Record<string, string>;
  readonly related: Record<string, string>[];
  readonly payload: Record<string, unknown>;
  readonly follows: string | null;
}

let server: TestServer;
let events: TestSocket;
/** Added to the machine's clock. */
let ahead = 0;

beforeEach(async () => {
  ahead = 0;
  server = await startTestServer({
    clock: () => nowMicros() + ahead,
    environment: { PREFECT_SERVER_EVENTS_PROACTIVE_GRANULARITY: '0.05' },
  });
  events = await listen();
});
afterEach(async () => {
  events.close();
  await server.stop();
});

/** Hears of what automations do from now on. */
async function listen(): Promise<TestSocket> {
  const socket = await openSocket(server.running.apiUrl, '/events/out');
  await socket.next();
  const occurred = { since: formatTimestamp(0), until: formatTimestamp(nowMicros() + 1e15) };
  socket.send({ type: 'filter', filter: { event: { prefix: ['prefect.automation.'] }, occurred }, backfill: false });
  await socket.flushed();
  return socket;
}

/** The next event about automations whose name ends like this. */
async function nextEvent(ending: string): Promise<WireEvent> {
  for (;;) {
    const { event } = (await events.next()) as { event: WireEvent };
    if (event.event === `prefect.automation.${ending}`) return event;
  }
}

const anAutomation = (members: object = {}) => ({
  name: 'an automation',
  trigger: { type: 'event', expect: ['door.opened'], posture: 'Reactive', threshold: 1, within: 0 },
  actions: [{ type: 'do-nothing' }],
  ...members,
});

async function create(members: object = {}): Promise<Automation> {
  const { body, status } = await server.request<Automation>('POST', '/automations/', anAutomation(members));
  expect({ status, body }).toMatchObject({ status: 201 });
  return body;
}

async function send(event: string, members: object = {}): Promise<string> {
  const id = uuid7();
  const occurred = formatTimestamp(nowMicros() + ahead);
  const resource = { 'prefect.resource.id': 'door.1' };
  const { status } = await server.request('POST', '/events', [{ id, occurred, event, resource, ...members }]);
  expect(status).toBe(204);
  return id;
}

async function aDeployment(members: object = {}): Promise<{ flowId: string; deploymentId: string }> {
  const flow = (await server.request<{ id: string }>('POST', '/flows/', { name: 'reacts' })).body;
  const wanted = { name: 'main', flow_id: flow.id, ...members };
  const deployment = (await server.request<{ id: string }>('POST', '/deployments/', wanted)).body;
  return { flowId: flow.id, deploymentId: deployment.id };
}

describe('an automation', () => {
  it('is kept with its defaults, its triggers getting ids of their own', async () => {
    const sent = anAutomation({
      trigger: {
        type: 'compound',
        require: 'all',
        within: 'PT30S',
        triggers: [
          { expect: ['a'], posture: 'Proactive', id: crypto.randomUUID() },
          { type: 'sequence', within: null, triggers: [] },
        ],
      },
      actions: [{ type: 'run-deployment', source: 'inferred', schedule_after: 90, parameters: { a: '{{ event.id }}' } }],
    });
    const { body } = await server.request<Automation>('POST', '/automations/', sent);
    expect(body).toMatchObject({
      name: 'an automation',
      description: '',
      enabled: true,
      tags: [],
      trigger: {
        type: 'compound',
        within: 30,
        require: 'all',
        triggers: [
          { type: 'event', match: {}, match_related: {}, within: 10, threshold: 1 },
          { type: 'sequence', within: null },
        ],
      },
      actions: [{ source: 'inferred', deployment_id: null, schedule_after: 90, job_variables: null }],
      actions_on_trigger: [],
      actions_on_resolve: [],
    });
    expect(body.trigger).not.toMatchObject({ triggers: [{ id: sent.trigger }] });
    expect((await server.request('GET', `/automations/${body.id}`)).body).toEqual(body);
    expect((await nextEvent('created')).payload).toEqual(body);
  });

  it('is replaced in what a PUT names, switched by a PATCH, and deleted', async () => {
    const { id, trigger } = await create({ tags: ['t'], enabled: false });
    const { name: _, ...rest } = anAutomation();
    expect((await server.request('PUT', `/automations/${id}`, { ...rest, name: 'renamed' })).status).toBe(204);
    const changed = (await server.request<Automation>('GET', `/automations/${id}`)).body;
    expect(changed).toMatchObject({ name: 'renamed', tags: ['t'], enabled: false });
    expect(changed.trigger.id).not.toBe(trigger.id);
    expect((await server.request('PATCH', `/automations/${id}`, { enabled: true })).status).toBe(204);
    expect((await server.request('PATCH', `/automations/${id}`, { name: 'x' })).status).toBe(422);
    expect((await server.request('GET', `/automations/${id}`)).body).toMatchObject({ enabled: true });
    expect((await server.request('DELETE', `/automations/${id}`)).status).toBe(204);
    expect(await server.request('GET', `/automations/${id}`)).toMatchObject({
      status: 404,
      body: { exception_message: 'Automation not found' },
    });
  });

  it('is found by its name, tags and time, in an order', async () => {
    await create({ name: 'b', tags: ['x', 'y'] });
    await create({ name: 'a', tags: ['x'] });
    const names = async (body: object) =>
      (await server.request<Automation[]>('POST', '/automations/filter', body)).body.map(({ name }) => name);
    expect(await names({})).toEqual(['a', 'b']);
    expect(await names({ sort: 'CREATED_DESC', limit: 1 })).toEqual(['a']);
    expect(await names({ automations: { tags: { all_: ['x', 'y'] } } })).toEqual(['b']);
    expect(await names({ automations: { name: { any_: ['a'] } } })).toEqual(['a']);
    expect(await names({ automations: { created: { before_: formatTimestamp(0) } } })).toEqual([]);
    expect((await server.request('POST', '/automations/count', { automations: { tags: { any_: ['x'] } } })).body).toBe(2);
    expect((await server.request('POST', '/automations/count')).body).toBe(2);
  });

  it('belongs to its owner and is related to the deployments that it runs', async () => {
    const { deploymentId } = await aDeployment();
    const resource = `prefect.deployment.${deploymentId}`;
    await create({ name: 'owned', owner_resource: resource });
    await create({ name: 'runs', actions: [{ type: 'run-deployment', deployment_id: deploymentId }] });
    const related = async () =>
      (await server.request<Automation[]>('GET', `/automations/related-to/${resource}`)).body.map(({ name }) => name);
    expect(await related()).toEqual(['owned', 'runs']);
    expect(await server.request('DELETE', `/automations/owned-by/${resource}`)).toMatchObject({ status: 202, body: null });
    expect(await related()).toEqual(['runs']);
  });

  it.each([
    [
      'a window of a proactive trigger that is too short',
      { trigger: { posture: 'Proactive', within: 5 } },
      /must be greater than or equal to 10 seconds/,
    ],
    ['a trigger of a kind that is not there', { trigger: { type: 'metric', posture: 'Metric' } }, /./],
    ['an action without its target', { actions: [{ type: 'pause-deployment' }] }, /deployment_id is required/],
    [
      'an inferred target that is named',
      { actions: [{ type: 'pause-work-pool', source: 'inferred', work_pool_id: crypto.randomUUID() }] },
      /work_pool_id is not allowed/,
    ],
    [
      'a run in the past',
      { actions: [{ type: 'run-deployment', source: 'inferred', schedule_after: -1 }] },
      /schedule_after must be non-negative/,
    ],
    [
      'a message that is no template',
      { actions: [{ type: 'send-notification', block_document_id: crypto.randomUUID(), body: '{{ a' }] },
      /'body' is not a valid template/,
    ],
    [
      'more triggers than there are',
      { trigger: { type: 'compound', require: 2, within: null, triggers: [{ posture: 'Reactive' }] } },
      /require must be less than or equal to the number of triggers/,
    ],
    ['a member that automations do not have', { colour: 'red' }, /Extra inputs/],
    [
      'an endless loop',
      {
        trigger: { expect: ['prefect.flow-run.Running'], posture: 'Reactive' },
        actions: [{ type: 'run-deployment', source: 'inferred' }],
      },
      /will lead to an infinite loop/,
    ],
    [
      'a likely endless loop',
      {
        trigger: { expect: ['prefect.flow-run.*'], match: { 'prefect.resource.id': 'prefect.flow-run.*' }, posture: 'Reactive' },
        actions: [{ type: 'run-deployment', deployment_id: crypto.randomUUID() }],
      },
      /may lead to an infinite loop/,
    ],
  ])('is refused with %s', async (_, members, message) => {
    const { status, body } = await server.request('POST', '/automations/', anAutomation(members));
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toMatch(message);
  });

  it('has its templates checked', async () => {
    for (const path of ['/automations/templates/validate', '/templates/validate']) {
      expect((await server.request('POST', path, JSON.stringify('{{ flow_run.name }}'))).status).toBe(200);
      expect(await server.request('POST', path, JSON.stringify('a\n{{ b'))).toMatchObject({
        status: 422,
        body: { error: { line: 2, source: 'a\n{{ b' } },
      });
    }
  });
});

describe('an event trigger', () => {
  it('makes its automation act once for an event, however often that comes', async () => {
    const { id, trigger } = await create({ actions_on_trigger: [{ type: 'do-nothing' }] });
    const eventId = await send('door.opened');
    await send('door.opened', { id: eventId });
    const triggered = await nextEvent('triggered');
    expect(triggered).toMatchObject({
      resource: { 'prefect.resource.id': `prefect.automation.${id}`, 'prefect.posture': 'Reactive' },
      related: [{ 'prefect.resource.id': `prefect.event.${eventId}`, 'prefect.resource.role': 'triggering-event' }],
      payload: { triggering_labels: {}, triggering_event: { id: eventId } },
    });
    const first = await nextEvent('action.triggered');
    expect(first).toMatchObject({
      payload: { action_index: 0, action_type: 'do-nothing' },
      resource: { 'prefect.trigger-type': trigger.type },
      follows: eventId,
    });
    expect(await nextEvent('action.executed')).toMatchObject({ follows: first.id, payload: { action_index: 0 } });
    expect(await nextEvent('action.executed')).toMatchObject({ payload: { action_index: 1 } });
    const second = await send('door.opened');
    expect((await nextEvent('triggered')).payload).toMatchObject({ triggering_event: { id: second } });
  });

  it('runs a deployment with parameters filled from the event', async () => {
    const { deploymentId } = await aDeployment();
    const parameters = {
      text: 'Door {{ event.resource.id }} by {{ event.payload.who | upper }}',
      number: '{{ event.payload.count + 1 }}',
      list: ['{{ event.payload.list }}', 'plain'],
      missing: '[{{ flow_run.name }}]',
    };
    const { id } = await create({ actions: [{ type: 'run-deployment', deployment_id: deploymentId, parameters }] });
    await send('door.opened', { payload: { who: 'ann', count: 41, list: [1, 2] } });
    const done = await nextEvent('action.executed');
    const run = done.related.find((resource) => resource['prefect.resource.role'] === 'flow-run');
    const runId = run?.['prefect.resource.id']?.replace('prefect.flow-run.', '');
    expect((await server.request('GET', `/flow_runs/${runId}`)).body).toMatchObject({
      name: run?.['prefect.resource.name'],
      deployment_id: deploymentId,
      state_type: 'SCHEDULED',
      parameters: { text: 'Door door.1 by ANN', number: 42, list: [[1, 2], 'plain'], missing: '[]' },
      created_by: { id, type: 'AUTOMATION', display_value: 'an automation' },
      idempotency_key: `automation ${id}, action 0, invocation ${done.payload.invocation}`,
    });
  });

  it('tells why an action failed, and leaves nothing half done', async () => {
    await create({ actions: [{ type: 'run-deployment', deployment_id: crypto.randomUUID() }, { type: 'cancel-flow-run' }] });
    await send('door.opened');
    expect((await nextEvent('action.failed')).payload).toMatchObject({
      reason: "Unexpected status from 'run-deployment' action: 404",
      status_code: 404,
    });
    expect((await nextEvent('action.failed')).payload).toMatchObject({ reason: 'No flow run could be inferred' });
  });

  it('sees an event after the one that it follows, whichever comes first', async () => {
    await create({ trigger: { expect: ['second'], after: ['first'], within: 60, posture: 'Reactive' } });
    const leader = uuid7();
    await send('second', { follows: leader, occurred: formatTimestamp(nowMicros() + SECOND) });
    await send('first', { id: leader, occurred: formatTimestamp(nowMicros()) });
    expect((await nextEvent('triggered')).payload).toMatchObject({ triggering_event: { event: 'second' } });
  });

  it('knows no events from before it was there, and none while it is off', async () => {
    await send('door.opened', { payload: { n: 1 } });
    const { id } = await create();
    await server.request('PATCH', `/automations/${id}`, { enabled: false });
    await send('door.opened', { payload: { n: 2 } });
    await server.request('PATCH', `/automations/${id}`, { enabled: true });
    await send('door.opened', { payload: { n: 3 } });
    expect((await nextEvent('triggered')).payload).toMatchObject({ triggering_event: { payload: { n: 3 } } });
  });

  it('goes on counting where it was when the server starts again', async () => {
    await create({ trigger: { expect: ['door.opened'], posture: 'Reactive', threshold: 3, within: 3600 } });
    await send('door.opened');
    await send('door.opened');
    events.close();
    await server.restart();
    events = await listen();
    const third = await send('door.opened');
    expect((await nextEvent('triggered')).payload).toMatchObject({ triggering_event: { id: third } });
  });

  it('inside of a compound waits for the others', async () => {
    const triggers = ['window.opened', 'door.opened'].map((name) => ({ expect: [name], posture: 'Reactive' }));
    await create({ trigger: { type: 'compound', require: 'all', within: 60, triggers } });
    await send('door.opened', { payload: { n: 1 } });
    await send('door.opened', { payload: { n: 2 } });
    await send('window.opened');
    const triggered = await nextEvent('triggered');
    expect(triggered.payload).toMatchObject({ triggering_labels: {}, triggering_event: { event: 'window.opened' } });
    expect(triggered.resource).not.toHaveProperty('prefect.posture');
  });

  it('inside of a sequence fires in its order only', async () => {
    const triggers = ['a', 'b'].map((name) => ({ expect: [name], posture: 'Reactive' }));
    await create({ trigger: { type: 'sequence', within: 60, triggers } });
    for (const name of ['b', 'a']) await send(name);
    const last = await send('b');
    expect((await nextEvent('triggered')).payload).toMatchObject({ triggering_event: { id: last } });
  });
});

describe('a proactive trigger', () => {
  it('crashes a run whose heartbeats stopped, and no other', async () => {
    const flow = (await server.request<{ id: string }>('POST', '/flows/', { name: 'zombie' })).body;
    const start = async () =>
      (await server.request<{ id: string }>('POST', '/flow_runs/', { flow_id: flow.id, state: { type: 'RUNNING' } })).body.id;
    await create({
      trigger: {
        posture: 'Proactive',
        after: ['prefect.flow-run.heartbeat'],
        expect: ['prefect.flow-run.*'],
        match: { 'prefect.resource.id': ['prefect.flow-run.*'] },
        for_each: ['prefect.resource.id'],
        threshold: 1,
        within: 90,
      },
      actions: [{ type: 'change-flow-run-state', state: 'CRASHED', message: 'No heartbeats' }],
    });
    const [dead, alive, done] = [await start(), await start(), await start()];
    const beat = (id: string) =>
      send('prefect.flow-run.heartbeat', { resource: { 'prefect.resource.id': `prefect.flow-run.${id}` } });
    for (const id of [dead, alive, done]) await beat(id);
    await server.request('POST', `/flow_runs/${done}/set_state`, { state: { type: 'COMPLETED' } });
    ahead += 60 * SECOND;
    await beat(alive);
    ahead += 35 * SECOND;
    const triggered = await nextEvent('triggered');
    expect(triggered.payload).toMatchObject({
      triggering_labels: { 'prefect.resource.id': `prefect.flow-run.${dead}` },
      triggering_event: { event: 'prefect.flow-run.heartbeat' },
    });
    await nextEvent('action.executed');
    const state = async (id: string) =>
      (await server.request<{ state: { type: string; message: string | null } }>('GET', `/flow_runs/${id}`)).body.state;
    expect(await state(dead)).toMatchObject({ type: 'CRASHED', message: 'No heartbeats' });
    expect((await state(alive)).type).toBe('RUNNING');
    expect((await state(done)).type).toBe('COMPLETED');
  });

  it('without labels fires again and again while nothing comes', async () => {
    await create({ trigger: { posture: 'Proactive', expect: ['door.opened'], within: 30 } });
    await server.request('GET', '/health');
    for (let round = 0; round < 2; round += 1) {
      const triggered = nextEvent('triggered');
      // A window begins when the trigger is first looked at, some moments from now.
      const moving = setInterval(() => (ahead += 10 * SECOND), 60);
      await triggered;
      clearInterval(moving);
    }
  });
});

describe('actions', () => {
  it.each([
    ['cancel-flow-run', {}, { type: 'CANCELLING' }],
    ['suspend-flow-run', {}, { type: 'PAUSED', name: 'Suspended' }],
    ['change-flow-run-state', { state: 'FAILED', name: 'Broken' }, { type: 'FAILED', name: 'Broken' }],
  ])('%s the run of the event', async (type, members, state) => {
    const automation = await create({ actions: [{ type, ...members }] });
    const { deploymentId, flowId } = await aDeployment();
    const run = { flow_id: flowId, deployment_id: deploymentId, state: { type: 'RUNNING' } };
    const { id } = (await server.request<{ id: string }>('POST', '/flow_runs/', run)).body;
    await send('door.opened', {
      related: [{ 'prefect.resource.id': `prefect.flow-run.${id}`, 'prefect.resource.role': 'flow-run' }],
    });
    expect((await nextEvent('action.executed')).related[0]).toEqual({
      'prefect.resource.id': `prefect.flow-run.${id}`,
      'prefect.resource.role': 'target',
    });
    const after = (await server.request<{ state: { message: string } }>('GET', `/flow_runs/${id}`)).body.state;
    expect(after).toMatchObject(state);
    expect(after.message).toContain(`by Automation ${automation.id}`);
  });

  it('delete the run of the event', async () => {
    await create({ actions: [{ type: 'delete-flow-run' }] });
    const { flowId } = await aDeployment();
    const { id } = (await server.request<{ id: string }>('POST', '/flow_runs/', { flow_id: flowId })).body;
    await send('door.opened', { resource: { 'prefect.resource.id': `prefect.flow-run.${id}` } });
    await nextEvent('action.executed');
    expect((await server.request('GET', `/flow_runs/${id}`)).status).toBe(404);
  });

  it('pause and resume what is selected or inferred', async () => {
    const { deploymentId } = await aDeployment();
    const pool = (
      await server.request<{ id: string; default_queue_id: string }>('POST', '/work_pools/', { name: 'pool', type: 'process' })
    ).body;
    const other = await create({ name: 'other', trigger: { expect: ['never'], posture: 'Reactive' } });
    await create({
      actions: [
        { type: 'pause-deployment', source: 'inferred' },
        { type: 'pause-work-queue', work_queue_id: pool.default_queue_id },
        { type: 'pause-work-pool', work_pool_id: pool.id },
        { type: 'pause-automation', automation_id: other.id },
        { type: 'resume-work-pool', work_pool_id: pool.id },
        { type: 'call-webhook', block_document_id: crypto.randomUUID() },
      ],
    });
    await send('door.opened', {
      related: [{ 'prefect.resource.id': `prefect.deployment.${deploymentId}`, 'prefect.resource.role': 'deployment' }],
    });
    expect((await nextEvent('action.failed')).payload).toMatchObject({ action_index: 5, action_type: 'call-webhook' });
    expect((await server.request('GET', `/deployments/${deploymentId}`)).body).toMatchObject({ paused: true });
    expect((await server.request('GET', `/work_queues/${pool.default_queue_id}`)).body).toMatchObject({ is_paused: true });
    expect((await server.request('GET', '/work_pools/pool')).body).toMatchObject({ is_paused: false });
    expect((await server.request('GET', `/automations/${other.id}`)).body).toMatchObject({ enabled: false });
  });
});
