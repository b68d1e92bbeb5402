import { describe, expect, it } from 'vitest';
import { BlockValues } from './block-values.ts';
import { SERVICES } from './services.ts';

const message = { subject: 'Down', body: 'It broke.', id: 'invocation' };

function requests(slug: string, data: Record<string, unknown>) {
  return (SERVICES[slug]?.(new BlockValues(data), message) ?? []).map(({ body, ...rest }) => ({
    ...rest,
    body: body?.startsWith('{') ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body ?? '')),
  }));
}

describe('notifications', () => {
  it('are cards in Microsoft Teams', () => {
    const [request] = requests('ms-teams-webhook', { url: 'https://teams.example/hook', wrap: false });
    expect(request).toMatchObject({
      url: 'https://teams.example/hook',
      body: {
        type: 'message',
        attachments: [
          {
            contentType: 'application/vnd.microsoft.card.adaptive',
            content: { body: [{ text: 'Down' }, { text: 'It broke.', wrap: false }] },
          },
        ],
      },
    });
  });

  it.each([
    [undefined, 'https://events.pagerduty.com/v2/enqueue'],
    ['eu', 'https://events.eu.pagerduty.com/v2/enqueue'],
  ])('are incidents in PagerDuty, one for an invocation (region %s)', (region_name, url) => {
    const data = { integration_key: 'k', notify_type: 'failure', region_name, custom_details: { a: 'b' } };
    expect(requests('pager-duty-webhook', data)).toEqual([
      {
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json' },
        body: {
          routing_key: 'k',
          event_action: 'trigger',
          dedup_key: 'invocation',
          payload: {
            summary: 'Down',
            source: 'Prefect',
            severity: 'critical',
            component: 'Notification',
            custom_details: { a: 'b', body: 'It broke.' },
          },
        },
      },
    ]);
  });

  it('are a text message to each number', () => {
    const data = { account_sid: 'AC1', auth_token: 't', from_phone_number: '+1', to_phone_numbers: ['+2', '+3'] };
    const sent = requests('twilio-sms', data);
    expect(sent.map(({ body }) => body)).toEqual([
      { From: '+1', To: '+2', Body: 'Down\nIt broke.' },
      { From: '+1', To: '+3', Body: 'Down\nIt broke.' },
    ]);
    expect(sent[0]).toMatchObject({
      url: 'https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json',
      headers: { authorization: `Basic ${btoa('AC1:t')}` },
    });
  });

  it('are alerts in Opsgenie for those who are named', () => {
    const data = { apikey: 'k', target_team: ['ops'], target_user: ['ann'], priority: 1, tags: ['x'], region_name: 'eu' };
    expect(requests('opsgenie-webhook', data)).toMatchObject([
      {
        url: 'https://api.eu.opsgenie.com/v2/alerts',
        headers: { authorization: 'GenieKey k' },
        body: {
          message: 'Down',
          description: 'It broke.',
          alias: 'invocation',
          priority: 'P1',
          responders: [
            { type: 'user', username: 'ann' },
            { type: 'team', name: 'ops' },
          ],
          tags: ['x'],
        },
      },
    ]);
  });

  it('are posts in each channel of Mattermost', () => {
    const data = { hostname: 'chat', token: 't', secure: true, port: 443, path: '/chat/', channels: ['a', 'b'], botname: 'bot' };
    expect(requests('mattermost-webhook', data).map(({ url, body }) => [url, body.channel, body.username, body.text])).toEqual([
      ['https://chat:443/chat/hooks/t', 'a', 'bot', '**Down**\nIt broke.'],
      ['https://chat:443/chat/hooks/t', 'b', 'bot', '**Down**\nIt broke.'],
    ]);
  });

  it('are posts in Discord', () => {
    const data = { webhook_id: '1', webhook_token: 't', avatar: true, avatar_url: 'https://a/b.png' };
    expect(requests('discord-webhook', data)).toMatchObject([
      {
        url: 'https://discord.com/api/webhooks/1/t',
        body: { content: '**Down**\nIt broke.', tts: false, avatar_url: 'https://a/b.png' },
      },
    ]);
  });

  it('are e-mails by SendGrid', () => {
    const data = { api_key: 'k', sender_email: 'a@x.org', to_emails: ['b@x.org'] };
    expect(requests('sendgrid-email', data)).toMatchObject([
      {
        headers: { authorization: 'Bearer k' },
        body: {
          personalizations: [{ to: [{ email: 'b@x.org' }] }],
          from: { email: 'a@x.org' },
          subject: 'Down',
          content: [{ type: 'text/plain', value: 'It broke.' }],
        },
      },
    ]);
  });

  it('say what their block lacks', () => {
    expect(() => requests('slack-webhook', {})).toThrow("'url' is missing.");
    expect(() => requests('twilio-sms', { account_sid: 'a', auth_token: 't', to_phone_numbers: 'x' })).toThrow(
      "'to_phone_numbers' should be a list of texts.",
    );
  });
});
