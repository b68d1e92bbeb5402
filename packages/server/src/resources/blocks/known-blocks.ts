/** A block type that is there from the start, with what its documents hold. */
export interface KnownBlock {
  readonly name: string;
  readonly slug: string;
  readonly description: string;
  readonly isProtected?: boolean;
  readonly capabilities: readonly string[];
  /** JSON schemas by the name of the property, in the order in which people fill them in. */
  readonly properties: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
  /** The paths of what is hidden. */
  readonly secrets?: readonly string[];
}

const text = (title: string) => ({ title, type: 'string' });
const secret = (title: string) => ({ format: 'password', title, type: 'string', writeOnly: true });
const flag = (title: string, value: boolean) => ({ default: value, title, type: 'boolean' });
const choice = (title: string, ...values: [string, ...string[]]) => ({
  default: values[0],
  enum: values,
  title,
  type: 'string',
});
const optional = (title: string, schema: object, value: unknown = null) => ({
  anyOf: [schema, { type: 'null' }],
  default: value,
  title,
});

const STRING = { type: 'string' };
const STRINGS = { items: STRING, type: 'array' };
const STRING_MAP = { additionalProperties: STRING, type: 'object' };

const FILES = ['write-path', 'read-path', 'get-directory', 'put-directory'];
const METHOD = choice('Method', 'POST', 'GET', 'PUT', 'PATCH', 'DELETE');
const LEVEL = choice('Notify Type', 'info', 'success', 'warning', 'failure');
const PRIVATE_URLS = flag('Allow Private Urls', true);

/** What is stored, where it goes and who is told; the types that clients find on every server. */
export const KNOWN_BLOCKS: readonly KnownBlock[] = [
  {
    name: 'Secret',
    slug: 'secret',
    description: 'A value that is encrypted and shown to nobody who does not ask for it: a password, a token, a key.',
    isProtected: true,
    capabilities: [],
    properties: {
      value: {
        anyOf: [{ format: 'password', type: 'string', writeOnly: true }, STRING, { title: 'JSON' }],
        format: 'password',
        title: 'Value',
        writeOnly: true,
      },
    },
    required: ['value'],
    secrets: ['value'],
  },
  {
    name: 'Webhook',
    slug: 'webhook',
    description: 'An address that a flow or an automation calls.',
    isProtected: true,
    capabilities: [],
    properties: {
      method: METHOD,
      url: secret('Webhook URL'),
      headers: { title: 'Webhook Headers', type: 'object' },
      allow_private_urls: PRIVATE_URLS,
      verify: flag('Verify', true),
    },
    required: ['url'],
    secrets: ['url', 'headers.*'],
  },
  {
    name: 'Local File System',
    slug: 'local-file-system',
    description: 'A folder on the machine that a run is on, for results and code.',
    isProtected: true,
    capabilities: FILES,
    properties: { basepath: optional('Basepath', STRING) },
  },
  {
    name: 'Remote File System',
    slug: 'remote-file-system',
    description: 'A place for results and code on a remote file system, by its URL.',
    capabilities: FILES,
    properties: { basepath: text('Basepath'), settings: { title: 'Settings', type: 'object' } },
    required: ['basepath'],
  },
  {
    name: 'SMB',
    slug: 'smb',
    description: 'A Windows share for results and code.',
    capabilities: FILES,
    properties: {
      share_path: text('Share Path'),
      smb_username: optional('SMB Username', { format: 'password', type: 'string', writeOnly: true }),
      smb_password: optional('SMB Password', { format: 'password', type: 'string', writeOnly: true }),
      smb_host: text('SMB server/hostname'),
      smb_port: optional('SMB port', { type: 'integer' }),
    },
    required: ['share_path', 'smb_host'],
    secrets: ['smb_username', 'smb_password'],
  },
  {
    name: 'Slack Webhook',
    slug: 'slack-webhook',
    description: 'Posts messages to a Slack channel by its incoming webhook.',
    capabilities: ['notify'],
    properties: { notify_type: LEVEL, url: secret('Webhook URL'), allow_private_urls: PRIVATE_URLS },
    required: ['url'],
    secrets: ['url'],
  },
  {
    name: 'Microsoft Teams Webhook',
    slug: 'ms-teams-webhook',
    description: 'Posts messages to a Microsoft Teams channel by its webhook.',
    capabilities: ['notify'],
    properties: {
      notify_type: LEVEL,
      url: secret('Webhook URL'),
      allow_private_urls: PRIVATE_URLS,
      include_image: flag('Include Image', true),
      wrap: flag('Wrap', true),
    },
    required: ['url'],
    secrets: ['url'],
  },
  {
    name: 'Pager Duty Webhook',
    slug: 'pager-duty-webhook',
    description: 'Raises PagerDuty incidents.',
    capabilities: ['notify'],
    properties: {
      notify_type: LEVEL,
      integration_key: secret('Integration Key'),
      api_key: secret('API Key'),
      source: optional('Source', STRING, 'Prefect'),
      component: { default: 'Notification', ...text('Component') },
      group: optional('Group', STRING),
      class_id: optional('Class ID', STRING),
      region_name: choice('Region Name', 'us', 'eu'),
      clickable_url: optional('Clickable URL', { format: 'uri', minLength: 1, type: 'string' }),
      include_image: flag('Include Image', true),
      custom_details: optional('Custom Details', STRING_MAP),
    },
    required: ['integration_key', 'api_key'],
    secrets: ['integration_key', 'api_key'],
  },
  {
    name: 'Twilio SMS',
    slug: 'twilio-sms',
    description: 'Sends text messages through Twilio.',
    capabilities: ['notify'],
    properties: {
      notify_type: LEVEL,
      account_sid: text('Account Sid'),
      auth_token: secret('Auth Token'),
      from_phone_number: text('From Phone Number'),
      to_phone_numbers: { ...STRINGS, title: 'To Phone Numbers' },
    },
    required: ['account_sid', 'auth_token', 'from_phone_number', 'to_phone_numbers'],
    secrets: ['auth_token'],
  },
  {
    name: 'Opsgenie Webhook',
    slug: 'opsgenie-webhook',
    description: 'Raises Opsgenie alerts.',
    capabilities: ['notify'],
    properties: {
      notify_type: LEVEL,
      apikey: secret('API Key'),
      target_user: optional('Target User', STRINGS),
      target_team: optional('Target Team', STRINGS),
      target_schedule: optional('Target Schedule', STRINGS),
      target_escalation: optional('Target Escalation', STRINGS),
      region_name: choice('Region Name', 'us', 'eu'),
      batch: flag('Batch', false),
      tags: optional('Tags', STRINGS),
      priority: optional('Priority', { type: 'integer' }, 3),
      alias: optional('Alias', STRING),
      entity: optional('Entity', STRING),
      details: optional('Details', STRING_MAP),
    },
    required: ['apikey'],
    secrets: ['apikey'],
  },
  {
    name: 'Mattermost Webhook',
    slug: 'mattermost-webhook',
    description: 'Posts messages to Mattermost channels.',
    capabilities: ['notify'],
    properties: {
      notify_type: LEVEL,
      hostname: text('Hostname'),
      secure: flag('Secure', false),
      token: secret('Token'),
      botname: optional('Bot name', STRING),
      channels: optional('Channels', STRINGS),
      include_image: flag('Include Image', false),
      path: optional('Path', STRING),
      port: { default: 8065, title: 'Port', type: 'integer' },
    },
    required: ['hostname', 'token'],
    secrets: ['token'],
  },
  {
    name: 'Discord Webhook',
    slug: 'discord-webhook',
    description: 'Posts messages to a Discord channel.',
    capabilities: ['notify'],
    properties: {
      notify_type: LEVEL,
      webhook_id: secret('Webhook Id'),
      webhook_token: secret('Webhook Token'),
      botname: optional('Bot name', STRING),
      tts: flag('Tts', false),
      include_image: flag('Include Image', false),
      avatar: flag('Avatar', false),
      avatar_url: optional('Avatar URL', STRING),
    },
    required: ['webhook_id', 'webhook_token'],
    secrets: ['webhook_id', 'webhook_token'],
  },
  {
    name: 'Custom Webhook',
    slug: 'custom-webhook',
    description: 'Tells any service that takes HTTP requests, with a body and headers of your own.',
    capabilities: ['notify'],
    properties: {
      name: text('Name'),
      url: text('Webhook URL'),
      method: METHOD,
      params: optional('Query Params', STRING_MAP),
      json_data: optional('JSON Data', { additionalProperties: true, type: 'object' }),
      form_data: { anyOf: [STRING_MAP, STRING, { type: 'null' }], default: null, title: 'Form Data' },
      headers: optional('Headers', STRING_MAP),
      cookies: optional('Cookies', STRING_MAP),
      timeout: { default: 10, title: 'Timeout', type: 'number' },
      allow_private_urls: PRIVATE_URLS,
      secrets: { title: 'Custom Secret Values', type: 'object' },
    },
    required: ['name', 'url'],
    secrets: ['secrets.*'],
  },
  {
    name: 'Sendgrid Email',
    slug: 'sendgrid-email',
    description: 'Sends e-mails through SendGrid.',
    capabilities: ['notify'],
    properties: {
      notify_type: LEVEL,
      api_key: secret('API Key'),
      sender_email: text('Sender email id'),
      to_emails: { ...STRINGS, title: 'Recipient emails' },
    },
    required: ['api_key', 'sender_email', 'to_emails'],
    secrets: ['api_key'],
  },
  {
    name: 'SMTP Email',
    slug: 'smtp-email',
    description: 'Sends e-mails through a mail server.',
    capabilities: ['notify'],
    properties: {
      smtp_host: text('SMTP server'),
      smtp_port: optional('SMTP port', { type: 'integer' }),
      security: choice('Security', 'starttls', 'tls', 'none'),
      verify: flag('Verify certificate', true),
      username: optional('Username', STRING),
      password: optional('Password', { format: 'password', type: 'string', writeOnly: true }),
      from_address: text('Sender'),
      to_addresses: { ...STRINGS, title: 'Recipients' },
      allow_private_urls: PRIVATE_URLS,
    },
    required: ['smtp_host', 'from_address', 'to_addresses'],
    secrets: ['password'],
  },
];
