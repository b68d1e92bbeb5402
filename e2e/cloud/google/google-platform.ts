import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { DescribedCall, Description } from './description.ts';

/** A request that the platform has taken. */
export interface RecordedCall extends DescribedCall {
  readonly body: unknown;
  readonly url: string;
}

/** A failure that the platform answers with. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** In seconds. */
  readonly retryAfter?: number;
}

/** What happens to a request instead of its answer: a refusal, no answer at all, or work that is done and whose answer is lost. */
export type Fault = Refusal | 'connection lost' | 'answer lost';

/** One API, with what it does. */
export interface Service {
  readonly description: Description;
  /** What each method does. @throws {RefusedError} */
  readonly methods: Readonly<Record<string, (call: RecordedCall) => unknown>>;
}

export class RefusedError extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

export const notFound = (name: string) =>
  new RefusedError({ status: 404, code: 'NOT_FOUND', message: `Resource '${name}' was not found` });

const ACCOUNT = 'flows@acme.iam.gserviceaccount.com';
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const METADATA_TOKEN = 'token-of-the-machine';

export type GooglePlatform = Awaited<ReturnType<typeof googlePlatform>>;

/**
 * A server that answers as Google Cloud does: requests must be signed, be described in the discovery document and carry nothing else, or they
 * are refused. It also is the metadata server of a machine.
 */
export async function googlePlatform(service: Service) {
  const calls: RecordedCall[] = [];
  const faults = new Map<string, Fault[]>();
  const problems: string[] = [];

  const isSigned = (header = ''): boolean => {
    const token = header.replace(/^Bearer /, '');
    if (token === METADATA_TOKEN) return true;
    const [head = '', claims = '', signature = ''] = token.split('.');
    const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }));
    if (!verify('sha256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url'))) return false;
    const { iss, exp, scope } = JSON.parse(Buffer.from(claims, 'base64url').toString());
    return iss === ACCOUNT && exp * 1000 > Date.now() && String(scope).includes('auth/cloud-platform');
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://platform');
    if (url.pathname.startsWith('/computeMetadata/')) return answerMetadata(url, response);
    const body = request.headers['content-type']?.includes('json') ? await json(request) : undefined;
    const described = service.description.match(request.method ?? '', url);
    if (!described) return refuse(response, { status: 404, code: 'NOT_FOUND', message: `No method answers ${request.url}` });
    if (!isSigned(request.headers.authorization)) {
      return refuse(response, { status: 401, code: 'UNAUTHENTICATED', message: 'The request is not signed.' });
    }
    const call: RecordedCall = { ...described, body, url: request.url ?? '' };
    calls.push(call);
    const wrong = service.description.checkRequest(described, body);
    if (wrong.length > 0) return refuse(response, { status: 400, code: 'INVALID_ARGUMENT', message: wrong.join('\n') });
    const fault = faults.get(call.method)?.shift();
    if (fault === 'connection lost') return void request.socket.destroy();
    if (typeof fault === 'object') return refuse(response, fault);
    try {
      const given = service.methods[call.method]?.(call) ?? {};
      problems.push(...service.description.checkAnswer(call.method, given).map((text) => `${call.method}: ${text}`));
      if (fault === 'answer lost') return void request.socket.destroy();
      response.setHeader('content-type', 'application/json').end(JSON.stringify(given));
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      refuse(response, error.refusal);
    }
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => {
      problems.push(error.stack ?? error.message);
      response.writeHead(500).end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    host,
    url: `http://${host}`,
    calls,
    /** What the tests' own platform did wrong. */
    problems,
    credentials: {
      service_account_info: {
        type: 'service_account',
        project_id: 'acme',
        client_email: ACCOUNT,
        private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      },
    },
    /** The next calls of a method meet these faults, one after the other. */
    fail(method: string, ...next: Fault[]): void {
      faults.set(method, [...(faults.get(method) ?? []), ...next]);
    },
    /** The short names of the calls, in order. */
    sequence: () => calls.map(({ method }) => method.split('.').slice(-2).join('.')),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function refuse(response: ServerResponse, { status, code, message, retryAfter }: Refusal): void {
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { code: status, message, status: code } }));
}

function answerMetadata(url: URL, response: ServerResponse): void {
  response.setHeader('metadata-flavor', 'Google');
  if (url.pathname.endsWith('/token')) {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ access_token: METADATA_TOKEN, expires_in: 3600, token_type: 'Bearer' }));
  } else if (url.pathname.endsWith('/project-id')) response.end('acme');
  else if (url.pathname.endsWith('/universe-domain')) response.end('googleapis.com');
  else response.end('ok');
}
