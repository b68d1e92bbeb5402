import type { IncomingHttpHeaders } from 'node:http';
import type { NetworkGuard } from './network-guard.ts';

/** A request that leaves the server. */
export interface OutgoingRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Whether the certificate of the other side is checked; it is unless somebody says otherwise. */
  readonly verify?: boolean;
}

export interface ReceivedAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The beginning of the body, as text. */
  readonly body: string;
}

export interface SendOptions {
  readonly guard: NetworkGuard;
  /** Ends the request, wherever it is. */
  readonly signal: AbortSignal;
}

/** More of an answer is of no use to anybody. */
const MOST_ANSWER_BYTES = 64 * 1024;

/** The URL of a request cannot be called. It is not named: it may be a secret. */
export class UnusableUrlError extends Error {
  override readonly name = 'UnusableUrlError';
}

/**
 * Makes a request on a connection of its own. Redirects are answers, not orders.
 *
 * @throws UnusableUrlError, ForbiddenAddressError, and whatever the connection says.
 */
export async function sendRequest(
  { method, url, headers, body, verify = true }: OutgoingRequest,
  { guard, signal }: SendOptions,
): Promise<ReceivedAnswer> {
  const target = addressOf(url);
  guard.checkHost(target.hostname);
  // To import them takes 20 ms, because all that they export is made then; few servers send anything.
  const { request } = await (target.protocol === 'https:' ? import('node:https') : import('node:http'));
  return new Promise((resolve, reject) => {
    const lengths = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = request(
      target,
      {
        method,
        headers: { 'user-agent': 'prefect-ts', ...headers, ...lengths },
        lookup: guard.lookup,
        agent: false,
        signal,
        ...(target.protocol === 'https:' ? { rejectUnauthorized: verify } : {}),
      },
      (answer) => {
        const chunks: Buffer[] = [];
        let size = 0;
        const finish = () => {
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: Buffer.concat(chunks).subarray(0, MOST_ANSWER_BYTES).toString('utf8'),
          });
        };
        answer.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          size += chunk.length;
          if (size < MOST_ANSWER_BYTES) return;
          finish();
          outgoing.destroy();
        });
        answer.on('end', finish);
        answer.on('error', reject);
      },
    );
    outgoing.on('socket', (socket) => {
      socket.once('connect', () => {
        try {
          guard.checkConnection(socket);
        } catch (refusal) {
          outgoing.destroy(refusal as Error);
        }
      });
    });
    outgoing.on('error', (error) => reject(signal.aborted ? timedOut() : error));
    outgoing.end(body ?? undefined);
  });
}

function addressOf(url: string): URL {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (!target || !['http:', 'https:'].includes(target.protocol))
    throw new UnusableUrlError('The URL is not one that begins with http:// or https://.');
  return target;
}

function timedOut(): Error {
  return new Error('No answer within the time that there was.');
}
