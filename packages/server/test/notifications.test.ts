import { type BlockSchema, type BlockType, formatTimestamp, nowMicros, SECOND, uuid7 } from '@prefect-ts/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliverMessages } from '../src/automations/deliver-messages.ts';
import { startMailServer, type TestMailServer } from './mail-server.ts';
import { startReceiver, type TestReceiver } from './receiver.ts';
import { recordedEvents } from './recorded-events.ts';
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
let receiver: TestReceiver;
let mail: TestMailServer;
/** Added to the machine's clock. */
let ahead = 0;

async function start(environment: Record<string, string> = {}): Promise<void> {
  server = await startTestServer({
    clock: () => nowMicros() + ahead,
    environment: {
      PREFECT_SERVER_EVENTS_PROACTIVE_GRANULARITY: '0.05',
      PREFECT_SERVER_NOTIFICATIONS_TIMEOUT_SECONDS: '1',
      ...environment,
    },
  });
  events = await openSocket(server.running.apiUrl, '/events/out');
  await events.next();
  const occurred = { since: formatTimestamp(0), until: formatTimestamp(nowMicros() + 1e15) };
  const filter = { event: { prefix: ['prefect.automation.action.', 'prefect.block.'] }, occurred };
  events.send({ type: 'filter', filter, backfill: false });
  await events.flushed();
}

beforeEach(async () => {
  ahead = 0;
  [receiver, mail] = [await startReceiver(), await startMailServer()];
  await start();
});
afterEach(async () => {
  events.close();
  await server.stop();
  await receiver.close();
  await mail.close();
});

async function nextEvent(ending: string): Promise<WireEvent> {
  for (;;) {
    const { event } = (await events.next()) as { event: WireEvent };
    if (event.event.endsWith(ending)) return event;
  }
}

async function aBlock(slug: string, data: object): Promise<string> {
  const type = (await server.request<BlockType>('GET', `/block_types/slug/${slug}`)).body;
  const filter = { block_schemas: { block_type_id: { any_: [type.id] } } };
  const [schema] = (await server.request<BlockSchema[]>('POST', '/block_schemas/filter', filter)).body;
  const wanted = { name: `a-${slug}`, data, block_type_id: type.id, block_schema_id: schema?.id };
  const { status, body } = await server.request<{ id: string }>('POST', '/block_documents/', wanted);
  expect(status).toBe(201);
  return body.id;
}

async function anAutomationThat(...actions: object[]): Promise<void> {
  const { status } = await server.request('POST', '/automations/', {
    name: 'tells',
    trigger: { type: 'event', expect: ['door.opened'], posture: 'Reactive', threshold: 1, within: 0 },
    actions,
  });
  expect(status).toBe(201);
}

const notifies = (block_document_id: string, members: object = {}) => ({
  type: 'send-notification',
  block_document_id,
  subject: 'Door {{ event.resource.id }}',
  body: 'Opened by {{ event.payload.who }}',
  ...members,
});

/** Resolves when the attempt that is under way is over and the next one is planned. */
async function putOff(): Promise<void> {
  const { read, storage } = server.running.core;
  const due = async () => (await read.first(storage.builder.selectFrom('automation_delivery').select('due')))?.due ?? 0;
  // An attempt that is under way is given more time than any pause between two.
  while ((await due()) - nowMicros() - ahead > 30 * SECOND) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function openDoor(): Promise<void> {
  const resource = { 'prefect.resource.id': 'door.1' };
  const occurred = formatTimestamp(nowMicros() + ahead);
  const event = { id: uuid7(), occurred, event: 'door.opened', resource, payload: { who: 'Ann' } };
  expect((await server.request('POST', '/events', [event])).status).toBe(204);
}

describe('call-webhook', () => {
  it('sends the filled payload with the headers of the block, and tells what was answered', async () => {
    const headers = { 'X-Key': 'secret', 'Content-Type': 'text/plain' };
    const block = await aBlock('webhook', { method: 'PUT', url: `${receiver.url}/hook?a=1`, headers });
    await anAutomationThat({ type: 'call-webhook', block_document_id: block, payload: 'by {{ event.payload.who }}' });
    receiver.answer({ status: 201, headers: { 'x-answer': 'yes', via: 'somebody' }, body: `<${'x'.repeat(2000)}>` });
    await openDoor();
    const request = await receiver.next();
    expect(request).toMatchObject({ method: 'PUT', path: '/hook?a=1', body: 'by Ann' });
    expect(request.headers).toMatchObject({ 'x-key': 'secret', 'content-type': 'text/plain' });
    const triggered = await nextEvent('action.triggered');
    const executed = await nextEvent('action.executed');
    expect(executed).toMatchObject({
      follows: triggered.id,
      payload: { action_type: 'call-webhook', status_code: 201, response_headers: { 'x-answer': 'yes' } },
      related: [
        { 'prefect.resource.id': `prefect.block-document.${block}`, 'prefect.resource.role': 'block' },
        { 'prefect.resource.id': 'prefect.block-type.webhook', 'prefect.resource.role': 'block-type' },
        { 'prefect.resource.role': 'automation-triggered-event' },
        { 'prefect.resource.role': 'triggering-event' },
      ],
    });
    expect(request.headers['idempotency-key']).toBe(executed.payload.invocation);
    expect(executed.payload.response_body).toMatch(/^<x{497}\.\.\.x{497}>$/);
    expect(executed.payload.response_headers).not.toHaveProperty('via');
    expect(await recordedEvents(server, `prefect.block-document.${block}`)).toContainEqual(
      expect.objectContaining({ event: 'prefect.block.webhook.loaded' }),
    );
  });

  it('is tried again under the same key while the receiver is busy, and told once', async () => {
    const block = await aBlock('webhook', { url: receiver.url });
    await anAutomationThat({ type: 'call-webhook', block_document_id: block });
    receiver.answer({ status: 503 }, null, { status: 429, headers: { 'retry-after': '7' } });
    await openDoor();
    const keys = new Set<unknown>();
    for (let attempt = 0; attempt < 4; attempt += 1) {
      keys.add((await receiver.next()).headers['idempotency-key']);
      if (attempt < 3) await putOff();
      ahead += 40 * SECOND;
    }
    expect((await nextEvent('action.executed')).payload).toMatchObject({ status_code: 200, response_body: 'thanks' });
    expect(keys.size).toBe(1);
    expect(receiver.count).toBe(4);
  });

  it('takes any final answer for a call that was made', async () => {
    const block = await aBlock('webhook', { url: receiver.url, method: 'GET' });
    await anAutomationThat({ type: 'call-webhook', block_document_id: block });
    receiver.answer({ status: 500, body: 'broken' });
    await openDoor();
    expect((await nextEvent('action.executed')).payload).toMatchObject({ status_code: 500, response_body: 'broken' });
    expect(await receiver.next()).toMatchObject({ method: 'GET', body: '' });
  });

  it('is not sent again to where a redirect points', async () => {
    const block = await aBlock('webhook', { url: receiver.url });
    await anAutomationThat({ type: 'call-webhook', block_document_id: block });
    receiver.answer({ status: 302, headers: { location: `${receiver.url}/elsewhere` } });
    await openDoor();
    expect((await nextEvent('action.executed')).payload).toMatchObject({ status_code: 302 });
    expect(receiver.count).toBe(1);
  });

  it.each([
    ['a block that is none', 'secret', { value: 'x' }, 'The referenced block was not a webhook block'],
    ['no address', 'webhook', {}, "Webhook call failed: 'url' is missing."],
    [
      'an address that is not of the web',
      'webhook',
      { url: 'file:///etc/passwd' },
      'Webhook call failed: The URL is not one that begins with http:// or https://.',
    ],
    [
      'a private address that its block forbids',
      'webhook',
      { url: 'http://127.0.0.1:1/', allow_private_urls: false },
      /^Webhook call failed: 127\.0\.0\.1 is in a private network/,
    ],
    [
      'a name that leads to a private address',
      'webhook',
      { url: 'http://localhost:1/', allow_private_urls: false },
      /^Webhook call failed: (127\.0\.0\.1|::1) is in a private network/,
    ],
  ])('fails for %s', async (_, slug, data, reason) => {
    const block = await aBlock(slug, data);
    await anAutomationThat({ type: 'call-webhook', block_document_id: block });
    await openDoor();
    const { payload, related } = await nextEvent('action.failed');
    expect(payload.reason).toEqual(typeof reason === 'string' ? reason : expect.stringMatching(reason));
    expect(related[0]?.['prefect.resource.id']).toBe(`prefect.block-document.${block}`);
  });

  it('fails for a block that is not there', async () => {
    await anAutomationThat({ type: 'call-webhook', block_document_id: crypto.randomUUID() });
    await openDoor();
    expect((await nextEvent('action.failed')).payload).toMatchObject({
      reason: "Unexpected status from 'call-webhook' action: 404",
    });
  });

  it('reaches no private network when the server listens to others, whatever the block says', async () => {
    events.close();
    await server.stop();
    await start({ PREFECT_SERVER_API_HOST: '0.0.0.0' });
    const block = await aBlock('webhook', { url: receiver.url, allow_private_urls: true });
    await anAutomationThat({ type: 'call-webhook', block_document_id: block });
    await openDoor();
    expect((await nextEvent('action.failed')).payload.reason).toMatch(/PREFECT_SERVER_NOTIFICATIONS_ALLOW_PRIVATE_ADDRESSES/);
    expect(receiver.count).toBe(0);
  });
});

describe('send-notification', () => {
  it('brings a mail to a mail server', async () => {
    const block = await aBlock('smtp-email', {
      smtp_host: '127.0.0.1',
      smtp_port: mail.port,
      security: 'none',
      username: 'me',
      password: 'key',
      from_address: 'Prefect <prefect@example.com>',
      to_addresses: ['a@example.com', 'b@example.com'],
    });
    await anAutomationThat(notifies(block));
    await openDoor();
    const received = await mail.next();
    expect(received).toMatchObject({
      from: 'prefect@example.com',
      to: ['a@example.com', 'b@example.com'],
      login: 'me:key',
    });
    expect(received.text).toMatch(/^Subject: Door door\.1\r$/m);
    expect(received.text).toMatch(/^Opened by Ann/m);
    const { payload } = await nextEvent('action.executed');
    expect(received.text).toContain(`Message-ID: <${payload.invocation}@example.com>`);
  });

  it('tries a mail server again that is busy, and not one that refuses', async () => {
    const data = {
      smtp_host: '127.0.0.1',
      smtp_port: mail.port,
      security: 'none',
      from_address: 'p@x.org',
      to_addresses: ['a@x.org'],
    };
    const block = await aBlock('smtp-email', data);
    await anAutomationThat(notifies(block));
    mail.refuse('451 later');
    await openDoor();
    expect((await mail.next()).to).toEqual(['a@x.org']);
    await nextEvent('action.executed');
    mail.refuse('550 never');
    await openDoor();
    const { payload } = await nextEvent('action.failed');
    expect(payload).toMatchObject({ reason: 'Notification failed', notification_log: expect.stringContaining('550 never') });
  });

  it('gives no password to a mail server that does not encrypt', async () => {
    const data = {
      smtp_host: '127.0.0.1',
      smtp_port: mail.port,
      username: 'me',
      password: 'key',
      from_address: 'p@x.org',
      to_addresses: ['a@x.org'],
    };
    const block = await aBlock('smtp-email', data);
    await anAutomationThat(notifies(block));
    await openDoor();
    expect((await nextEvent('action.failed')).payload.notification_log).not.toContain('key');
  });

  it('posts to a channel by its webhook', async () => {
    const block = await aBlock('slack-webhook', { url: `${receiver.url}/services/T/B` });
    await anAutomationThat(notifies(block));
    await openDoor();
    const { body, headers } = await receiver.next();
    expect(JSON.parse(body)).toEqual({ text: '*Door door.1*\nOpened by Ann' });
    expect(headers['content-type']).toBe('application/json');
    await nextEvent('action.executed');
  });

  it('leads to the dashboard', async () => {
    const [{ body: flow }, block] = [
      await server.request<{ id: string }>('POST', '/flows/', { name: 'linked' }),
      await aBlock('slack-webhook', { url: receiver.url }),
    ];
    const body =
      '{{ flow|ui_url }} {{ event.related[0]|ui_url }} {{ automation|ui_url }} {{ flow_run|ui_url }} {{ flow|ui_resource_events_url }} {{ event.url == event|ui_url }}';
    await anAutomationThat(notifies(block, { subject: '', body }));
    const related = [{ 'prefect.resource.id': `prefect.flow.${flow.id}`, 'prefect.resource.role': 'flow' }];
    const resource = { 'prefect.resource.id': 'door.1' };
    await server.request('POST', '/events', [
      { id: uuid7(), occurred: formatTimestamp(nowMicros()), event: 'door.opened', resource, related },
    ]);
    const { text } = JSON.parse((await receiver.next()).body) as { text: string };
    const [byObject, byResource, automation, missing, found, isSame] = text.replaceAll('http://127.0.0.1:0', '').split(' ');
    expect([byObject, byResource]).toEqual([`/flows/flow/${flow.id}`, `/flows/flow/${flow.id}`]);
    expect(automation).toMatch(/^\/automations\/automation\/[0-9a-f-]{36}$/);
    expect([missing, found, isSame]).toEqual(['None', `/events?resource=prefect.flow.${flow.id}`, 'True']);
  });

  it('tells what a service answered when it will not have it', async () => {
    const block = await aBlock('slack-webhook', { url: receiver.url });
    await anAutomationThat(notifies(block));
    receiver.answer({ status: 404, body: 'no_service' });
    await openDoor();
    expect((await nextEvent('action.failed')).payload).toMatchObject({
      reason: 'Notification failed',
      notification_log: 'The service answered 404: no_service',
    });
  });

  it('fills in a webhook of anybody’s own', async () => {
    const block = await aBlock('custom-webhook', {
      name: 'mine',
      url: `${receiver.url}/{{ path }}`,
      params: { q: '{{subject}}' },
      json_data: { text: '{{ body }} ({{name}})', nested: ['{{unknown}}', 1] },
      headers: { authorization: 'Bearer {{token}}' },
      cookies: { c: '1' },
      secrets: { path: 'here', token: 't0k3n' },
    });
    await anAutomationThat(notifies(block));
    await openDoor();
    const { path, body, headers } = await receiver.next();
    expect(path).toBe('/here?q=Door+door.1');
    expect(JSON.parse(body)).toEqual({ text: 'Opened by Ann (mine)', nested: ['{{unknown}}', 1] });
    expect(headers).toMatchObject({ authorization: 'Bearer t0k3n', cookie: 'c=1' });
    await nextEvent('action.executed');
  });

  it('fails with the place of a template that cannot be filled', async () => {
    const block = await aBlock('slack-webhook', { url: receiver.url });
    const body = '{% for i in range(1000) %}x{% endfor %}';
    await anAutomationThat(notifies(block, { body }));
    await openDoor();
    expect((await nextEvent('action.failed')).payload).toMatchObject({
      reason: expect.stringMatching(/^Template rendering failed: /),
      template_source: body,
    });
  });

  it('fails for a block that does not notify', async () => {
    await anAutomationThat(notifies(await aBlock('webhook', { url: receiver.url })));
    await openDoor();
    expect((await nextEvent('action.failed')).payload.reason).toBe('The referenced block was not a notification block');
  });
});

describe('a message that is decided', () => {
  it('leaves after a restart, with what was decided before', async () => {
    const block = await aBlock('slack-webhook', { url: receiver.url });
    await anAutomationThat(notifies(block));
    receiver.answer({ status: 503 });
    await openDoor();
    await receiver.next();
    events.close();
    await server.restart();
    await server.request('PATCH', `/block_documents/${block}`, { data: { url: `${receiver.url}/changed` } });
    ahead += 100 * SECOND;
    expect(await receiver.next()).toMatchObject({ path: '/', body: expect.stringContaining('Opened by Ann') });
  });

  it('is hidden in the database', async () => {
    const block = await aBlock('slack-webhook', { url: `${receiver.url}/key` });
    await anAutomationThat(notifies(block));
    receiver.answer(null);
    await openDoor();
    await receiver.next();
    const { read, storage } = server.running.core;
    const row = await read.first(storage.builder.selectFrom('automation_delivery').selectAll());
    expect(row?.sealed).toMatch(/^1\./);
    expect(JSON.stringify(row)).not.toContain('key');
  });

  it('is sent once by two who look for work at the same time', async () => {
    const block = await aBlock('slack-webhook', { url: receiver.url });
    await anAutomationThat(notifies(block));
    await openDoor();
    await Promise.all([deliverMessages(server.running.core), deliverMessages(server.running.core), nextEvent('action.executed')]);
    await Promise.all([deliverMessages(server.running.core), deliverMessages(server.running.core)]);
    expect(receiver.count).toBe(1);
  });

  it('holds up neither other messages nor other actions', async () => {
    const [slow, fast] = [
      await aBlock('slack-webhook', { url: receiver.url }),
      await aBlock('mattermost-webhook', { hostname: '127.0.0.1', port: Number(new URL(receiver.url).port), token: 'x' }),
    ];
    await anAutomationThat(notifies(slow), notifies(fast), { type: 'do-nothing' });
    receiver.answer(null);
    await openDoor();
    expect((await nextEvent('action.executed')).payload).toMatchObject({ action_index: expect.any(Number) });
    expect((await nextEvent('action.executed')).payload).toMatchObject({ action_index: expect.any(Number) });
  });
});
