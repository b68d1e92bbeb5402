import type { BlockDocument, BlockSchema, BlockType, CsrfToken } from '@prefect-ts/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectContract } from './contract.ts';
import { startTestServer, type TestServer } from './server.ts';

describe('the default storage of results', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  async function aBlock(slug: string, name: string): Promise<BlockDocument> {
    const { body: type } = await server.request<BlockType>('GET', `/block_types/slug/${slug}`);
    const { body: schemas } = await server.request<BlockSchema[]>('POST', '/block_schemas/filter', {
      block_schemas: { block_type_id: { any_: [type.id] } },
    });
    const document = { name, data: {}, block_type_id: type.id, block_schema_id: schemas[0]?.id };
    return (await server.request<BlockDocument>('POST', '/block_documents/', document)).body;
  }
  const put = (id: string) => server.request('PUT', '/admin/storage', { default_result_storage_block_id: id });
  const get = async () => (await server.request('GET', '/admin/storage')).body;

  it('is nowhere until it is set, and again after', async () => {
    expect(await get()).toEqual({ default_result_storage_block_id: null });
    const { id } = await aBlock('local-file-system', 'results');
    expect(await put(id)).toMatchObject({ status: 200, body: { default_result_storage_block_id: id } });
    expect(await get()).toEqual({ default_result_storage_block_id: id });
    expect((await server.request('DELETE', '/admin/storage')).status).toBe(204);
    expect((await server.request('DELETE', '/admin/storage')).status).toBe(204);
    expect(await get()).toEqual({ default_result_storage_block_id: null });
  });

  it('goes with its block', async () => {
    const { id } = await aBlock('remote-file-system', 'results');
    await put(id);
    await server.request('DELETE', `/block_documents/${id}`);
    expect(await get()).toEqual({ default_result_storage_block_id: null });
  });

  it('can be written to', async () => {
    const { id } = await aBlock('secret', 'not-storage');
    expect(await put(id)).toMatchObject({
      status: 422,
      body: { detail: `Block document ${id} cannot be used for result storage.` },
    });
    const nobody = '00000000-0000-4000-8000-000000000000';
    expect(await put(nobody)).toMatchObject({ status: 404, body: { detail: `Block document ${nobody} not found.` } });
  });
});

describe('the settings', () => {
  it('are shown as they are, secrets hidden, durations as ISO', async () => {
    const server = await startTestServer({
      environment: {
        PREFECT_SERVER_API_AUTH_STRING: 'admin:swordfish',
        PREFECT_API_DEFAULT_LIMIT: '150',
        PREFECT_SERVER_EVENTS_RETENTION_PERIOD: '90061',
        PREFECT_SERVER_DOCKET_URL: 'redis://me:swordfish@host/0',
      },
    });
    try {
      const headers = { authorization: `Basic ${Buffer.from('admin:swordfish').toString('base64')}` };
      const { status, body } = await server.request('GET', '/admin/settings', undefined, headers);
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toContain('swordfish');
      expect(body).toMatchObject({
        home: server.settings.home,
        api: { key: null },
        server: {
          analytics_enabled: false,
          api: { auth_string: '**********', default_limit: 150, csrf_token_expiration: 'PT1H', base_path: null },
          database: { connection_url: '**********', password: null },
          docket: { url: 'redis://**********@host/0' },
          events: { retention_period: 'P1DT1H1M1S' },
          services: { db_vacuum: { enabled: ['events'] }, late_runs: { after_seconds: 'PT15S' } },
        },
      });
    } finally {
      await server.stop();
    }
  });
});

describe('protection against requests of other pages', () => {
  it('is off unless asked for, and says so', async () => {
    const server = await startTestServer();
    try {
      expect(await server.request('GET', '/csrf-token?client=me')).toMatchObject({
        status: 422,
        body: { detail: 'CSRF protection is disabled.' },
      });
    } finally {
      await server.stop();
    }
  });

  describe('when on', () => {
    let server: TestServer;
    let now = 1_800_000_000_000_000;
    beforeAll(async () => {
      server = await startTestServer({
        environment: {
          PREFECT_SERVER_CSRF_PROTECTION_ENABLED: 'true',
          PREFECT_SERVER_CSRF_TOKEN_EXPIRATION: 'PT1H',
          PREFECT_SERVER_API_AUTH_STRING: 'a:b',
        },
        clock: () => now++,
      });
    });
    afterAll(() => server.stop());

    const AUTHORIZED = { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` };
    const tokenOf = async (client: string) =>
      (await server.request<CsrfToken>('GET', `/csrf-token?client=${client}`, undefined, AUTHORIZED)).body;
    const change = (headers: Record<string, string>) => server.request('POST', '/flows/filter', {}, headers);
    const carrying = (token: string, client: string) => ({
      ...AUTHORIZED,
      'prefect-csrf-token': token,
      'prefect-csrf-client': client,
    });

    it('lets changes pass that carry their client and its token', async () => {
      const token = await tokenOf('me');
      expectContract('GET /csrf-token', token);
      expect(token).toMatchObject({ client: 'me', token: expect.stringMatching(/^[0-9a-f]{64}$/) });
      expect((await change(carrying(token.token, 'me'))).status).toBe(200);
      expect((await server.request('GET', '/health')).status).toBe(200);
    });

    it('refuses all others, before it asks who they are', async () => {
      const { token } = await tokenOf('me');
      expect(await change({})).toMatchObject({ status: 403, body: { detail: 'Missing CSRF token.' } });
      expect(await change({ 'prefect-csrf-token': token })).toMatchObject({
        status: 403,
        body: { detail: 'Missing client identifier.' },
      });
      const invalid = { status: 403, body: { detail: 'Invalid CSRF token or client identifier.' } };
      const answer = await change(carrying(token, 'somebody-else'));
      expect(answer).toMatchObject(invalid);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(await change(carrying('0'.repeat(64), 'me'))).toMatchObject(invalid);
      expect((await change({ ...carrying(token, 'me'), authorization: 'Basic none' })).status).toBe(401);
    });

    it('knows the last token of a client only, for an hour', async () => {
      const first = await tokenOf('me');
      const second = await tokenOf('me');
      expect(second.id).toBe(first.id);
      expect((await change(carrying(first.token, 'me'))).status).toBe(403);
      now += 3_599_000_000;
      expect((await change(carrying(second.token, 'me'))).status).toBe(200);
      now += 2_000_000;
      expect((await change(carrying(second.token, 'me'))).status).toBe(403);
    });

    it('needs to know whose token it makes', async () => {
      const answer = await server.request('GET', '/csrf-token', undefined, AUTHORIZED);
      expect(answer).toMatchObject({ status: 422, body: { exception_detail: [{ type: 'missing', loc: ['query', 'client'] }] } });
    });
  });
});
