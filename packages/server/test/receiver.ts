import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a receiver got it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface TestReceiver {
  readonly url: string;
  /** The next request that arrives. */
  next(): Promise<ReceivedRequest>;
  /** Says what to answer the next requests; the rest is answered 200. Null keeps a request waiting for ever. */
  answer(...answers: ({ status: number; headers?: Record<string, string>; body?: string } | null)[]): void;
  /** How many requests have come. */
  readonly count: number;
  close(): Promise<void>;
}

/** Starts an HTTP server that keeps what it gets. */
export async function startReceiver(): Promise<TestReceiver> {
  const requests: ReceivedRequest[] = [];
  const takers: ((request: ReceivedRequest) => void)[] = [];
  const answers: ({ status: number; headers?: Record<string, string>; body?: string } | null)[] = [];
  let count = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      count += 1;
      const answer = answers.length > 0 ? answers.shift() : { status: 200, body: 'thanks' };
      if (answer) response.writeHead(answer.status, answer.headers).end(answer.body);
      const received = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
      const taker = takers.shift();
      if (taker) taker(received);
      else requests.push(received);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    next: () => {
      const request = requests.shift();
      return request ? Promise.resolve(request) : new Promise((resolve) => takers.push(resolve));
    },
    answer: (...more) => answers.push(...more),
    get count() {
      return count;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
