import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { StateCreate } from '@prefect-ts/protocol';
import { type WebSocket, WebSocketServer } from 'ws';
import { type ApiClient, createClient } from '../src/client/index.ts';

/** A call that the API got. */
export interface Call {
  /** For example `POST /flow_runs/r1/set_state`. */
  readonly route: string;
  readonly body: unknown;
}

type Answer = { status?: number; body?: unknown };
type Script = (call: Call) => Answer | Promise<Answer>;

/** An API over real HTTP whose answers a test writes, one a route; what it does not name is answered with 404. */
export interface ScriptedApi extends AsyncDisposable {
  readonly url: string;
  readonly client: ApiClient;
  readonly calls: readonly Call[];
  /** Sets the answer of a route; `*` in it stands for one part of the path. */
  on(route: string, script: Script | Answer): void;
  /** Lets websockets of a path in; the given function has each that comes. */
  onSocket(path: string, script: (socket: WebSocket) => void): void;
  /** The bodies of the calls of a route so far. */
  bodies(route: string): unknown[];
  /** Waits for the n-th call (from 1) of a route, and gives its body. */
  called(route: string, nth?: number): Promise<unknown>;
  /** Cuts all connections and refuses new ones until {@link resume}. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

export async function scriptedApi(): Promise<ScriptedApi> {
  const calls: Call[] = [];
  const scripts: [RegExp, Script][] = [];
  const sockets = new Map<string, (socket: WebSocket) => void>();
  let noticed = Promise.withResolvers<void>();

  const server = createServer(async (request, response) => {
    const body = request.method === 'GET' || request.method === 'DELETE' ? undefined : await readBody(request);
    const call = { route: `${request.method} ${request.url?.slice('/api'.length).replace(/\?.*/, '')}`, body };
    calls.push(call);
    noticed.resolve();
    noticed = Promise.withResolvers();
    const script = scripts.findLast(([pattern]) => pattern.test(call.route))?.[1];
    const { status = 200, body: answer } = script ? await script(call) : { status: 404, body: { detail: 'not scripted' } };
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(status === 204 ? undefined : JSON.stringify(answer ?? null));
  });
  const websockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'prefect' });
  server.on('upgrade', (request, socket, head) => {
    const script = sockets.get(request.url?.slice('/api'.length) ?? '');
    if (!script) return socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
    websockets.handleUpgrade(request, socket, head, async (opened) => {
      await once(opened, 'message');
      opened.send(JSON.stringify({ type: 'auth_success' }));
      script(opened);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/api`;
  const client = createClient({ apiUrl: url, maxRetries: 0, csrf: false, versionCheck: false });

  async function pause(): Promise<void> {
    for (const socket of websockets.clients) socket.terminate();
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }

  return {
    url,
    client,
    calls,
    on(route, script) {
      const pattern = new RegExp(`^${route.replaceAll('*', '[^/]+')}$`);
      scripts.push([pattern, typeof script === 'function' ? script : () => script]);
    },
    onSocket: (path, script) => sockets.set(path, script),
    bodies: (route) => calls.filter((call) => call.route === route).map(({ body }) => body),
    async called(route, nth = 1) {
      for (;;) {
        const found = calls.filter((call) => call.route === route)[nth - 1];
        if (found) return found.body;
        await noticed.promise;
      }
    },
    pause,
    async resume() {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    async [Symbol.asyncDispose]() {
      await client.close();
      await pause();
    },
  };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  return request.headers['content-length'] === '0' || request.headers['content-length'] === undefined ? undefined : json(request);
}

/** The state that a call proposed. */
export function proposed(body: unknown): StateCreate {
  return (body as { state: StateCreate }).state;
}

/** Accepts what a call proposes. */
export function accept({ body }: Call): Answer {
  const state = proposed(body);
  return { body: { status: 'ACCEPT', details: { type: 'accept_details' }, state: { id: 's', state_details: {}, ...state } } };
}

/** Refuses what a call proposes, for good. */
export function abort(reason: string): Answer {
  return { body: { status: 'ABORT', details: { type: 'abort_details', reason }, state: null } };
}
