import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClusterConfig } from '../src/kubernetes/configuration.ts';

/** A request to the API server, and how to answer it. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
  readonly response: ServerResponse;
}

/** Gives the object to answer with; undefined when it has answered, or will, itself. */
type Answer = (request: ApiRequest) => unknown;

/** An API server of a cluster that answers as a test says. */
export interface KubernetesApi extends AsyncDisposable {
  readonly config: ClusterConfig;
  readonly calls: string[];
  /** The bodies that were sent with calls of this route. */
  bodies(route: string): Record<string, unknown>[];
  /** Says what `METHOD /path` answers; watches are `WATCH /path`. The last word counts. */
  on(route: string, answer: Answer): void;
}

/** Refuses a request as the API server does. */
export function refuse(response: ServerResponse, code: number, reason: string, message = reason): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ kind: 'Status', status: 'Failure', code, reason, message }));
}

/** Writes events into a watch. */
export function tell(response: ServerResponse, type: string, object: object): void {
  response.write(`${JSON.stringify({ type, object })}\n`);
}

export async function kubernetesApi(): Promise<KubernetesApi> {
  const answers = new Map<string, Answer>();
  const calls: { route: string; body: Record<string, unknown> }[] = [];
  const server = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '', 'http://api');
    const method = query.get('watch') === 'true' ? 'WATCH' : (request.method ?? '');
    const text = Buffer.concat(await request.toArray()).toString();
    const body = text === '' ? {} : JSON.parse(text);
    const route = `${method} ${path}`;
    calls.push({ route, body });
    const known = answers.get(route);
    if (!known) return refuse(response, 404, 'NotFound', `nothing at ${route}`);
    if (method === 'WATCH') response.flushHeaders();
    const object = await known({ method, path, query, body, response });
    if (object === undefined) return;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(object));
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    config: {
      context_name: 'test',
      config: {
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'test', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
        users: [{ name: 'user', user: { token: 'secret' } }],
        contexts: [{ name: 'test', context: { cluster: 'test', user: 'user' } }],
      },
    },
    get calls() {
      return calls.map(({ route }) => route);
    },
    bodies: (route) => calls.filter((call) => call.route === route).map(({ body }) => body),
    on: (route, how) => void answers.set(route, how),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
