import { once } from 'node:events';
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';

/**
 * Stands before the server for a worker and its runs: a server that is away, without ending the one that other cases use; and a place where
 * programs inside the infrastructure say how far they are.
 */
export interface Front {
  /** Address of the API, as the worker gets it. */
  readonly apiUrl: string;
  /** What a run has said under a word, as soon as it says it. */
  said(flowRunId: string, word: string): Promise<unknown>;
  /** How often a run has said a word. */
  timesSaid(flowRunId: string, word: string): number;
  /** Cuts all connections and refuses new ones. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  close(): Promise<void>;
}

const SAY = /^\/conformance\/([^/]+)\/([^/]+)$/;

export async function openFront(serverUrl: string): Promise<Front> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  const heard = new Map<string, { times: number; first: PromiseWithResolvers<unknown> }>();

  function entry(flowRunId: string, word: string) {
    const key = `${flowRunId}/${word}`;
    const found = heard.get(key) ?? { times: 0, first: Promise.withResolvers<unknown>() };
    heard.set(key, found);
    return found;
  }

  async function onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, flowRunId, word] = SAY.exec(request.url ?? '') ?? [];
    if (flowRunId === undefined || word === undefined) return pass(request, response);
    const body = await text(request);
    const said = entry(flowRunId, word);
    said.times += 1;
    said.first.resolve(body === '' ? undefined : JSON.parse(body));
    response.writeHead(204).end();
  }

  function pass(request: IncomingMessage, response: ServerResponse): void {
    const { hostname, port } = target;
    const onward = forward({ hostname, port, method: request.method, path: request.url, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  }

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const onward = connect(Number(target.port), target.hostname, () => {
      const headers = request.rawHeaders.reduce(
        (lines, part, index) => (index % 2 === 0 ? `${lines}${part}: ` : `${lines}${part}\r\n`),
        '',
      );
      onward.write(`${request.method} ${request.url} HTTP/1.1\r\n${headers}\r\n`);
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('error', () => onward.destroy()).on('close', () => onward.destroy());
  }

  const server = createServer((request, response) => void onRequest(request, response));
  server.on('upgrade', onUpgrade);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  // Things that have a network of their own reach it by an address of this machine.
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  async function cut(): Promise<void> {
    if (!server.listening) return;
    server.close();
    for (const socket of sockets) socket.destroy();
    await once(server, 'close');
  }

  return {
    apiUrl: `http://127.0.0.1:${port}/api`,
    said: (flowRunId, word) => entry(flowRunId, word).first.promise,
    timesSaid: (flowRunId, word) => entry(flowRunId, word).times,
    cut,
    async mend() {
      server.listen(port, '0.0.0.0');
      await once(server, 'listening');
    },
    close: cut,
  };
}
