import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Clock } from '../src/core.ts';
import { type RunningServer, readServerSettings, type ServerSettings, startServer } from '../src/index.ts';

export interface TestServer {
  readonly running: RunningServer;
  readonly settings: ServerSettings;
  /** Makes a request below the API's base path. */
  request<Body = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<TestAnswer<Body>>;
  /** Stops the server and starts it again on the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface TestAnswer<Body> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
}

export interface TestServerOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
}

/**
 * Starts a real server with data of its own on a free port: on SQLite in a temporary folder, or, when `PREFECT_TEST_POSTGRES_URL` names a
 * PostgreSQL server, in a database that is dropped afterwards.
 */
export async function startTestServer({ environment = {}, clock }: TestServerOptions = {}): Promise<TestServer> {
  const home = await mkdtemp(join(tmpdir(), 'prefect-server-'));
  const database = await makeDatabase();
  const settings = readServerSettings({
    PREFECT_HOME: home,
    PREFECT_SERVER_API_PORT: '0',
    PREFECT_SERVER_LOGGING_LEVEL: 'CRITICAL',
    ...(database ? { PREFECT_API_DATABASE_CONNECTION_URL: database.url } : {}),
    ...environment,
  });
  const options = clock ? { clock } : {};
  let running = await startServer(settings, options);
  return {
    get running() {
      return running;
    },
    settings,
    async request(method, path, body, headers = {}) {
      const response = await fetch(running.apiUrl + path, {
        method,
        redirect: 'manual',
        headers,
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
      return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
    },
    async restart() {
      await running.stop();
      running = await startServer(settings, options);
    },
    async stop() {
      await running.stop();
      await database?.drop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function makeDatabase(): Promise<{ url: string; drop(): Promise<void> } | undefined> {
  const server = process.env.PREFECT_TEST_POSTGRES_URL;
  if (!server) return undefined;
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`;
  await execute(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => execute(server, `DROP DATABASE ${name} WITH (FORCE)`) };
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
