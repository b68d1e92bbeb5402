import { describe, expect, it, onTestFinished } from 'vitest';
import {
  ApiUnreachable,
  type ClientOptions,
  createClient,
  IncompatibleServer,
  ObjectAlreadyExists,
  ObjectNotFound,
  PrefectHTTPStatusError,
} from '../src/client/index.ts';
import { ConfigurationError } from '../src/errors.ts';
import { RecordingServer } from './recording-server.ts';

async function aClient(options: Partial<ClientOptions> = {}) {
  const server = await RecordingServer.start();
  const client = createClient({ apiUrl: server.apiUrl, retryJitterFactor: 0, ...options });
  onTestFinished(async () => {
    await client.close();
    await server[Symbol.asyncDispose]();
  });
  return { server, client };
}

describe('the client', () => {
  it('says who it is on every request', async () => {
    const { server, client } = await aClient({ headers: { 'X-Team': 'data', 'User-Agent': 'mine' }, warn: () => {} });
    await client.call('POST /flows/', { body: { name: 'f' } });
    expect(server.calls.at(-1)?.headers).toMatchObject({
      'user-agent': 'prefect/3.8.8 (API 0.8.4)',
      'x-prefect-api-version': '0.8.4',
      'content-type': 'application/json',
      'x-team': 'data',
    });
  });

  it.each([
    [{ authString: 'admin:pass', apiKey: 'k' }, 'Basic YWRtaW46cGFzcw=='],
    [{ apiKey: 'k' }, 'Bearer k'],
    [{}, undefined],
  ])('shows its credentials %j', async (options, header) => {
    const { server, client } = await aClient(options);
    await client.call('GET /admin/version');
    expect(server.calls.at(-1)?.headers.authorization).toBe(header);
  });

  it('tries again as the server asks, and gives up after the tries it has', async () => {
    const { server, client } = await aClient({ maxRetries: 2, versionCheck: false, csrf: false });
    let answers = [503, 429, 200];
    server.intercept = () => ({ status: answers.shift() ?? 200, body: { id: '1', name: 'f' }, headers: { 'retry-after': '0' } });
    expect(await client.call('POST /flows/', { body: { name: 'f' } })).toMatchObject({ name: 'f' });

    answers = [503, 503, 503, 503];
    await expect(client.call('POST /flows/', { body: { name: 'f' } })).rejects.toMatchObject({ status: 503 });
    expect(answers).toHaveLength(1);
  });

  it('tries without end while the server is in maintenance', async () => {
    const { server, client } = await aClient({ maxRetries: 0, versionCheck: false });
    let left = 4;
    server.intercept = () =>
      left-- > 0
        ? { status: 503, headers: { 'retry-after': '0', 'prefect-maintenance': 'true' } }
        : { status: 200, body: '3.8.8' };
    expect(await client.call('GET /admin/version')).toBe('3.8.8');
  });

  it('fetches a CSRF token before the first change, and a new one when it has become invalid', async () => {
    const { server, client } = await aClient();
    let tokens = 0;
    server.intercept = ({ name, headers }) => {
      if (name === 'GET /csrf-token') return { status: 200, body: { token: `t${++tokens}`, client: 'c', expiration: '' } };
      if (name.startsWith('POST') && headers['prefect-csrf-token'] !== 't2')
        return { status: 403, body: { detail: 'Invalid CSRF token or client' } };
      return undefined;
    };
    await client.call('GET /admin/version');
    expect(tokens).toBe(0);
    await client.call('POST /flows/', { body: { name: 'f' } });
    expect(tokens).toBe(2);
    expect(server.calls.at(-1)?.headers['prefect-csrf-client']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    [404, ObjectNotFound],
    [409, ObjectAlreadyExists],
    [422, PrefectHTTPStatusError],
  ])('turns %i into an error that tells method, address and answer', async (status, type) => {
    const { server, client } = await aClient();
    server.intercept = ({ name }) => (name === 'POST /flows/' ? { status, body: { detail: 'because' } } : undefined);
    const error = await client.call('POST /flows/', { body: { name: 'f' } }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(type);
    expect(String(error)).toContain(`POST ${server.apiUrl}/flows/ answered ${status}: {"detail":"because"}`);
  });

  it('refuses a server of another major version, before anything else is sent', async () => {
    const { server, client } = await aClient();
    server.intercept = ({ name }) => (name === 'GET /admin/version' ? { status: 200, body: '2.20.1' } : undefined);
    await expect(client.call('POST /flows/', { body: { name: 'f' } })).rejects.toBeInstanceOf(IncompatibleServer);
    expect(server.callNames).not.toContain('POST /flows/');
  });

  it('fails at once, with what to do, when nothing listens', async () => {
    const client = createClient({ apiUrl: 'http://127.0.0.1:1/api' });
    const error = await client.call('GET /admin/version').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiUnreachable);
    expect(String(error)).toMatch(/Failed to reach API at http:\/\/127\.0\.0\.1:1\/api.*\n.*prefect server start/);
  });

  it('refuses an address that is none', () => {
    expect(() => createClient({ apiUrl: 'localhost:4200' })).toThrow(ConfigurationError);
  });

  it('fills and encodes paths and queries', async () => {
    const { server, client } = await aClient();
    await client.call('GET /flows/name/{name}', { path: { name: 'a b/c' } }).catch(() => {});
    expect(server.calls.at(-1)?.path).toBe('/flows/name/a%20b%2Fc');
  });

  it('opens websockets that are authenticated', async () => {
    const { server, client } = await aClient({ authString: 'u:p' });
    const socket = await client.openSocket('/events/in');
    expect(socket.protocol).toBe('prefect');
    expect(server.tokens).toEqual(['u:p']);
    socket.close();
  });
});
