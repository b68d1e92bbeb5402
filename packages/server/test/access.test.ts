import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request as secureRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { readServerSettings } from '../src/index.ts';
import { type ReverseProxy, startReverseProxy } from './reverse-proxy.ts';
import { startTestServer, type TestServer } from './server.ts';
import { openSocket } from './socket.ts';

let folder: string;
let server: TestServer | undefined;
let proxy: ReverseProxy | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prefect-access-'));
});
afterEach(async () => {
  await proxy?.close();
  await server?.stop();
  [proxy, server] = [undefined, undefined];
  await rm(folder, { recursive: true, force: true });
});

async function start(environment: Record<string, string> = {}): Promise<TestServer> {
  server = await startTestServer({ environment });
  return server;
}

/** A build of a dashboard as the real one is made: everything relative to its base. */
async function aDashboard(): Promise<string> {
  await mkdir(join(folder, 'assets'));
  const page = '<!doctype html><base href="/" /><script src="./assets/index-1.js"></script>';
  await writeFile(join(folder, 'index.html'), page);
  await writeFile(join(folder, 'assets', 'index-1.js'), 'start()');
  return folder;
}

const basic = (pair: string) => ({ authorization: `Basic ${btoa(pair)}` });

describe('a server with a user and password', () => {
  const GUARDED = { PREFECT_SERVER_API_AUTH_STRING: 'me:secret' };

  it.each([
    ['GET', '/version'],
    ['GET', '/admin/settings'],
    ['POST', '/flows/filter'],
    ['HEAD', '/health'],
    ['POST', '/health'],
    ['GET', '/health/'],
    ['GET', '/variables/name/system-health'],
    ['GET', '/nowhere'],
  ])('answers %s %s only who knows them', async (method, path) => {
    const { running } = await start(GUARDED);
    const ask = async (headers: Record<string, string>) => (await fetch(running.apiUrl + path, { method, headers })).status;
    expect(await ask({})).toBe(401);
    for (const headers of [
      basic('me:wrong'),
      basic('me'),
      { authorization: `basic ${btoa('me:secret')}` },
      { authorization: 'Basic ?' },
    ])
      expect(await ask(headers)).toBe(401);
    expect(await ask(basic('me:secret'))).not.toBe(401);
  });

  it.each(['/api/health', '/api/ready', '/ui-settings', '/docs', '/redoc', '/openapi.json', '/runs'])(
    'answers %s everybody',
    async (path) => {
      const { running } = await start(GUARDED);
      expect((await fetch(running.url + path)).status).toBe(200);
    },
  );

  it('says in its settings for the page that it has them', async () => {
    const { running } = await start(GUARDED);
    expect(await (await fetch(`${running.url}/ui-settings`)).json()).toMatchObject({ auth: 'BASIC' });
  });

  it('lets sockets in by their first message, and tells the others why not', async () => {
    const { running } = await start(GUARDED);
    const admitted = await openSocket(running.apiUrl, '/events/in', 'me:secret');
    expect(await admitted.next()).toEqual({ type: 'auth_success' });
    admitted.close();
    const closed = async (token: string | null) => (await openSocket(running.apiUrl, '/events/in', token)).closed;
    expect(await closed(null)).toEqual({ code: 1008, reason: 'Auth required but no token provided' });
    expect(await closed('')).toEqual({ code: 1008, reason: 'Auth required but no token provided' });
    expect(await closed('me:wrong')).toEqual({ code: 1008, reason: 'Invalid token' });
    expect(await closed(btoa('me:secret'))).toEqual({ code: 1008, reason: 'Invalid token' });
  });

  it('refuses sockets that could not say who they are', async () => {
    const { running } = await start(GUARDED);
    const socket = new WebSocket(`${running.apiUrl.replace(/^http/, 'ws')}/events/in`, { headers: basic('me:secret') });
    const status = await new Promise((resolve) => {
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
      socket.on('error', () => undefined);
    });
    expect(status).toBe(403);
  });
});

describe('a server on a sub-path behind a proxy', () => {
  async function startBehindProxy(): Promise<{ base: string; api: string }> {
    const { running } = await start({
      PREFECT_UI_SERVE_BASE: '/tools/prefect/',
      PREFECT_SERVER_API_BASE_PATH: '/tools/prefect/api/',
      PREFECT_UI_STATIC_DIRECTORY: await aDashboard(),
    });
    expect(running.apiUrl).toBe(`${running.url}/tools/prefect/api`);
    proxy = await startReverseProxy(running.url);
    return { base: `${proxy.url}/tools/prefect`, api: `${proxy.url}/tools/prefect/api` };
  }

  it('serves a page whose base and API are there', async () => {
    const { base } = await startBehindProxy();
    for (const path of ['/', '/runs/flow-run/1', '/?tab=logs']) {
      const page = await fetch(base + path);
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(await page.text()).toContain('<base href="/tools/prefect/" data-api="/tools/prefect/api" />');
    }
    const script = new URL('./assets/index-1.js', `${base}/`);
    expect(await (await fetch(script)).text()).toBe('start()');
    expect((await fetch(`${base}/assets/none.js`)).status).toBe(404);
    expect((await fetch(`${base}/ui-settings`)).status).toBe(200);
    const bare = await fetch(base, { redirect: 'manual' });
    expect([bare.status, bare.headers.get('location')]).toEqual([307, '/tools/prefect/']);
  });

  it('serves its API and sockets there, and nowhere else', async () => {
    const { api } = await startBehindProxy();
    const created = await fetch(`${api}/flows/`, { method: 'POST', body: '{"name":"f"}' });
    expect(created.status).toBe(201);
    expect((await fetch(`${new URL(api).origin}/api/health`)).status).toBe(404);
    const socket = await openSocket(api, '/events/in');
    expect(await socket.next()).toEqual({ type: 'auth_success' });
    socket.close();
    await expect(openSocket(new URL(api).origin, '/api/events/in')).rejects.toThrow('404');
  });

  it('leads on to addresses that hold for who asked', async () => {
    const { api } = await startBehindProxy();
    const elsewhere = await fetch(`${api}/flows`, { method: 'POST', body: '{"name":"f"}', redirect: 'manual' });
    expect([elsewhere.status, elsewhere.headers.get('location')]).toEqual([307, `${api.replace('http:', 'https:')}/flows/`]);
    const events = ['a', 'b'].map((event) => ({
      id: crypto.randomUUID(),
      occurred: new Date().toISOString(),
      event,
      resource: { 'prefect.resource.id': 'x' },
    }));
    await fetch(`${api}/events`, { method: 'POST', body: JSON.stringify(events) });
    const page = await fetch(`${api}/events/filter`, { method: 'POST', body: '{"limit":1}' });
    const { next_page } = (await page.json()) as { next_page: string };
    expect(next_page).toMatch(`${api.replace('http:', 'https:')}/events/filter/next?page-token=`);
    const next = await fetch(next_page.replace('https:', 'http:'));
    expect(((await next.json()) as { events: unknown[] }).events).toHaveLength(1);
  });
});

it('who is no trusted proxy cannot say where the server is', async () => {
  const { running } = await start({ PREFECT_SERVER_API_TRUSTED_PROXIES: '192.0.2.1' });
  const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
  const answer = await fetch(`${running.apiUrl}/flows`, { method: 'POST', body: '{}', headers, redirect: 'manual' });
  expect(answer.headers.get('location')).toBe(`${running.apiUrl}/flows/`);
});

it('a page whose API is at another place may call it', async () => {
  const { running } = await start({
    PREFECT_UI_API_URL: 'https://api.example.com/prefect/api',
    PREFECT_UI_STATIC_DIRECTORY: await aDashboard(),
  });
  const page = await fetch(running.url);
  expect(await page.text()).toContain('data-api="https://api.example.com/prefect/api"');
  expect(page.headers.get('content-security-policy')).toContain(
    "connect-src 'self' https://api.example.com wss://api.example.com",
  );
});

describe('pages of other origins', () => {
  it('may call the API when nothing else is said', async () => {
    const { request } = await start();
    const { headers } = await request('GET', '/version', undefined, { origin: 'https://a.example' });
    expect(headers.get('access-control-allow-origin')).toBe('*');
  });

  it('may call it when they are among those that are named, as the settings say', async () => {
    const { request, running } = await start({
      PREFECT_SERVER_CORS_ALLOWED_ORIGINS: 'https://a.example, https://b.example',
      PREFECT_SERVER_CORS_ALLOWED_METHODS: 'GET,POST',
      PREFECT_SERVER_CORS_ALLOWED_HEADERS: 'content-type',
    });
    const allowed = async (origin: string) =>
      (await request('GET', '/version', undefined, { origin })).headers.get('access-control-allow-origin');
    expect([await allowed('https://b.example'), await allowed('https://c.example')]).toEqual(['https://b.example', null]);
    const headers = { origin: 'https://a.example', 'access-control-request-method': 'POST' };
    const preflight = await fetch(`${running.apiUrl}/flows/`, { method: 'OPTIONS', headers });
    expect([
      preflight.status,
      preflight.headers.get('access-control-allow-methods'),
      preflight.headers.get('access-control-allow-headers'),
    ]).toEqual([200, 'GET, POST', 'content-type']);
  });
});

describe('a server with a certificate', () => {
  it('speaks TLS, on sockets too', async () => {
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    await promisify(execFile)('openssl', [...kind, '-keyout', key, '-out', certificate, ...subject]);
    const { running } = await start({ PREFECT_SERVER_API_TLS_CERT_FILE: certificate, PREFECT_SERVER_API_TLS_KEY_FILE: key });
    expect(running.apiUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/api$/);
    const ca = await readFile(certificate);
    const status = await new Promise((resolve, reject) => {
      secureRequest(`${running.apiUrl}/health`, { ca }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
    const socket = new WebSocket(`${running.apiUrl.replace(/^https/, 'wss')}/events/in`, 'prefect', { ca });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    socket.terminate();
  });

  it('needs its key too, and files that are there', async () => {
    expect(() => readServerSettings({ PREFECT_SERVER_API_TLS_CERT_FILE: 'a.pem' })).toThrow(/belong together/);
    const missing = join(folder, 'missing.pem');
    const files = { PREFECT_SERVER_API_TLS_CERT_FILE: missing, PREFECT_SERVER_API_TLS_KEY_FILE: missing };
    await expect(start(files)).rejects.toThrow(/certificate of the server cannot be read/);
  });
});
