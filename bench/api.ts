import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server answered with another status than success. */
export class RefusedRequest extends Error {
  readonly status: number;

  constructor(method: string, path: string, status: number, body: string) {
    super(`${method} ${path} answered ${status}: ${body.slice(0, 300)}`);
    this.status = status;
  }
}

/** The API of a server, over connections that are kept open. */
export interface Api {
  readonly url: string;
  /** How many requests were sent. */
  readonly requests: number;
  /** Sends a body and answers the text that came back; throws {@link RefusedRequest} on any status but 2xx. */
  post(path: string, body: unknown): Promise<string>;
  get(path: string): Promise<string>;
  /** Breaks off what is under way and closes the connections; the next request opens a new one. */
  close(): void;
}

/** Opens the API of a server. Node's plain HTTP client: the load must cost this machine as little as it can. */
export function openApi(url: string): Api {
  const agent = new Agent({ keepAlive: true });
  let requests = 0;
  const send = (method: string, path: string, body?: string): Promise<string> => {
    requests += 1;
    return new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const outgoing = request(url + path, { agent, method, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const status = response.statusCode ?? 0;
          if (status >= 200 && status < 300) resolve(text);
          else reject(new RefusedRequest(method, path, status, text));
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  };
  return {
    url,
    get requests() {
      return requests;
    },
    post: (path, body) => send('POST', path, JSON.stringify(body)),
    get: (path) => send('GET', path),
    close: () => agent.destroy(),
  };
}

/** Creates an object and answers its id. */
export async function create(api: Api, path: string, body: unknown): Promise<string> {
  return idOf(await api.post(path, body));
}

const PERSIST_WITHIN = 60_000;

/**
 * Sends a request that is no load (a set-up, a look at the outcome) again and again while the server says that it is too busy, as every
 * client of this API does: the reference answers 503 when its database is locked.
 */
export async function persist(send: () => Promise<string>): Promise<string> {
  const deadline = performance.now() + PERSIST_WITHIN;
  for (;;) {
    try {
      return await send();
    } catch (error) {
      const isBusy = error instanceof RefusedRequest && error.status === 503;
      if (!isBusy || performance.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

/** Creates an object as part of a set-up and answers its id. */
export async function setUp(api: Api, path: string, body: unknown): Promise<string> {
  return idOf(await persist(() => api.post(path, body)));
}

/** The id of an object that the API answered. */
function idOf(text: string): string {
  const object: unknown = JSON.parse(text);
  if (typeof object === 'object' && object !== null && 'id' in object && typeof object.id === 'string') return object.id;
  throw new Error(`The API answered an object without an id: ${text.slice(0, 300)}`);
}
