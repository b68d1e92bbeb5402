import type { BlockValues } from './block-values.ts';
import { customWebhookRequest } from './custom-webhook.ts';
import type { OutgoingRequest } from './http-request.ts';
import { type NotificationMessage, shortened, wholeText } from './message.ts';

/** The requests that bring a message to a service. */
type RequestsOf = (block: BlockValues, message: NotificationMessage) => OutgoingRequest[];

/** Services that take notifications by HTTP, by the slugs of their block types, each in the words of its own API. */
export const SERVICES: Readonly<Record<string, RequestsOf>> = {
  'slack-webhook': (block, message) => [json(block.text('url'), { text: wholeText(message, '*') })],
  'ms-teams-webhook': (block, message) => [json(block.text('url'), teamsMessage(message, block.flag('wrap', true)))],
  'pager-duty-webhook': (block, message) => [json(pagerDutyUrl(block), pagerDutyEvent(block, message))],
  'twilio-sms': twilioRequests,
  'opsgenie-webhook': opsgenieRequests,
  'mattermost-webhook': mattermostRequests,
  'discord-webhook': discordRequests,
  'sendgrid-email': sendgridRequests,
  'custom-webhook': (block, message) => [customWebhookRequest(block, message)],
};

function json(url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): OutgoingRequest {
  return { method: 'POST', url, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

function teamsMessage({ subject, body }: NotificationMessage, wrap: boolean): unknown {
  const title = subject === '' ? [] : [{ type: 'TextBlock', text: subject, weight: 'Bolder', size: 'Medium', wrap }];
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [...title, { type: 'TextBlock', text: body, wrap }],
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}

const SEVERITIES: Readonly<Record<string, string>> = { warning: 'warning', failure: 'critical' };

function pagerDutyUrl(block: BlockValues): string {
  return block.optional('region_name') === 'eu'
    ? 'https://events.eu.pagerduty.com/v2/enqueue'
    : 'https://events.pagerduty.com/v2/enqueue';
}

function pagerDutyEvent(block: BlockValues, message: NotificationMessage): unknown {
  const link = block.optional('clickable_url');
  return {
    routing_key: block.text('integration_key'),
    event_action: 'trigger',
    dedup_key: message.id,
    payload: {
      summary: shortened(message.subject === '' ? message.body : message.subject, 1024),
      source: block.optional('source') ?? 'Prefect',
      severity: SEVERITIES[block.optional('notify_type') ?? ''] ?? 'info',
      component: block.optional('component') ?? 'Notification',
      ...given('group', block.optional('group')),
      ...given('class', block.optional('class_id')),
      custom_details: { ...block.textsByName('custom_details'), body: message.body },
    },
    ...(link === null ? {} : { links: [{ href: link, text: link }] }),
  };
}

function twilioRequests(block: BlockValues, message: NotificationMessage): OutgoingRequest[] {
  const account = block.text('account_sid');
  const authorization = `Basic ${Buffer.from(`${account}:${block.text('auth_token')}`).toString('base64')}`;
  return block.texts('to_phone_numbers').map((number) => ({
    method: 'POST',
    url: `https://api.twilio.com/2010-04-01/Accounts/${encodeURIComponent(account)}/Messages.json`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization },
    body: new URLSearchParams({
      From: block.text('from_phone_number'),
      To: number,
      Body: shortened(wholeText(message), 1600),
    }).toString(),
  }));
}

const RESPONDERS = [
  ['target_user', 'user', 'username'],
  ['target_team', 'team', 'name'],
  ['target_schedule', 'schedule', 'name'],
  ['target_escalation', 'escalation', 'name'],
] as const;

function opsgenieRequests(block: BlockValues, message: NotificationMessage): OutgoingRequest[] {
  const host = block.optional('region_name') === 'eu' ? 'api.eu.opsgenie.com' : 'api.opsgenie.com';
  const responders = RESPONDERS.flatMap(([member, type, key]) => block.texts(member).map((name) => ({ type, [key]: name })));
  const details = block.textsByName('details');
  const alert = {
    message: shortened(message.subject === '' ? message.body : message.subject, 130),
    description: shortened(message.body, 15_000),
    alias: block.optional('alias') ?? message.id,
    priority: `P${block.number('priority', 3)}`,
    source: 'Prefect',
    ...given('entity', block.optional('entity')),
    ...(responders.length > 0 ? { responders } : {}),
    tags: block.texts('tags'),
    ...(Object.keys(details).length > 0 ? { details } : {}),
  };
  return [json(`https://${host}/v2/alerts`, alert, { authorization: `GenieKey ${block.text('apikey')}` })];
}

function mattermostRequests(block: BlockValues, message: NotificationMessage): OutgoingRequest[] {
  const scheme = block.flag('secure', false) ? 'https' : 'http';
  const path = (block.optional('path') ?? '').replace(/^\/?(.*?)\/?$/, (_, inner: string) => (inner === '' ? '' : `/${inner}`));
  const url = `${scheme}://${block.text('hostname')}:${block.number('port', 8065)}${path}/hooks/${block.text('token')}`;
  const content = { text: wholeText(message, '**'), ...given('username', block.optional('botname')) };
  const channels = block.texts('channels');
  return channels.length === 0 ? [json(url, content)] : channels.map((channel) => json(url, { ...content, channel }));
}

function discordRequests(block: BlockValues, message: NotificationMessage): OutgoingRequest[] {
  const url = `https://discord.com/api/webhooks/${block.text('webhook_id')}/${block.text('webhook_token')}`;
  const content = {
    content: shortened(wholeText(message, '**'), 2000),
    tts: block.flag('tts', false),
    ...given('username', block.optional('botname')),
    ...(block.flag('avatar', false) ? given('avatar_url', block.optional('avatar_url')) : {}),
  };
  return [json(url, content)];
}

function sendgridRequests(block: BlockValues, { subject, body }: NotificationMessage): OutgoingRequest[] {
  const mail = {
    personalizations: block.texts('to_emails').map((email) => ({ to: [{ email }] })),
    from: { email: block.text('sender_email') },
    subject: subject === '' ? 'Prefect' : subject,
    content: [{ type: 'text/plain', value: body }],
  };
  return [json('https://api.sendgrid.com/v3/mail/send', mail, { authorization: `Bearer ${block.text('api_key')}` })];
}

function given<Name extends string>(name: Name, value: string | null): { [Key in Name]?: string } {
  return value === null || value === '' ? {} : ({ [name]: value } as { [Key in Name]: string });
}
