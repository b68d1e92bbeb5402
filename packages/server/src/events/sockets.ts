import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RawData } from 'ws';
import { WebSocket, WebSocketServer } from '#web';
import { sameText } from '../api/authorization.ts';
import type { Core } from '../core.ts';

/** The subprotocol that clients of this API offer. */
const SUBPROTOCOL = 'prefect';
const MAX_FRAME_BYTES = 16 * 1024 * 1024;

/** A websocket of the API: where it is, and what happens on it. */
export interface SocketRoute {
  /** Path below the API's base, `{name}` for a parameter. */
  readonly path: string;
  /** What a client is told that may not come in, where its kind knows one word for that. */
  readonly authenticationRefusal?: string;
  /** Speaks with one client until it leaves; returning ends the connection. */
  serve(socket: ClientSocket, parameters: Readonly<Record<string, string>>, core: Core): Promise<void>;
}

/** Serves websockets beside an HTTP server. Closing resolves when each has put away what it held. */
export function serveSockets(
  server: Server,
  core: Core,
  routes: () => Promise<readonly SocketRoute[]>,
): { close(): Promise<void> } {
  const sockets = new WebSocketServer({
    noServer: true,
    autoPong: false,
    maxPayload: MAX_FRAME_BYTES,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  const serving = new Set<Promise<void>>();
  type Pattern = { readonly route: SocketRoute; readonly pattern: RegExp };
  let known: Promise<readonly Pattern[]> | undefined;
  const patterns = () => {
    known ??= routes().then((all) => all.map((route) => ({ route, pattern: patternOf(core.settings.apiBasePath + route.path) })));
    return known;
  };

  const onUpgrade = async (request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const found = (await patterns()).flatMap(({ route, pattern }) => {
      const match = pattern.exec(path);
      return match ? [{ route, parameters: decoded(match.groups) }] : [];
    })[0];
    if (!found) {
      refuse(stream, '404 Not Found');
      return;
    }
    // Without the subprotocol there is no way to say who one is.
    const offers = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((text) => text.trim());
    if (core.settings.authString && !offers.includes(SUBPROTOCOL)) {
      refuse(stream, '403 Forbidden');
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      const client = new ClientSocket(socket);
      const served = serveClient(client, found.route, found.parameters, core)
        .catch((error) => {
          core.log.error({ err: error, path }, 'a websocket failed');
          client.terminate();
        })
        .finally(() => serving.delete(served));
      serving.add(served);
    });
  };
  const listener = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    onUpgrade(request, stream, head).catch((error: unknown) => {
      core.log.error({ err: error, path: request.url?.split('?')[0] }, 'a websocket could not be opened');
      refuse(stream, '503 Service Unavailable');
    });
  };
  server.on('upgrade', listener);

  const pings = setInterval(() => {
    for (const socket of sockets.clients) pingOrTerminate(socket);
  }, core.settings.socketPingSeconds * 1000);
  pings.unref();
  return {
    async close() {
      clearInterval(pings);
      server.off('upgrade', listener);
      for (const socket of sockets.clients) socket.close(1012, 'The server is restarting.');
      const impatience = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, 200);
      await Promise.all(serving);
      clearTimeout(impatience);
    },
  };
}

const awaitingPong = new WeakSet<WebSocket>();

function pingOrTerminate(socket: WebSocket): void {
  if (awaitingPong.has(socket)) {
    socket.terminate();
    return;
  }
  awaitingPong.add(socket);
  socket.once('pong', () => awaitingPong.delete(socket));
  socket.ping();
}

async function serveClient(
  client: ClientSocket,
  route: SocketRoute,
  parameters: Record<string, string>,
  core: Core,
): Promise<void> {
  if (await authenticate(client, core.settings.authString, route.authenticationRefusal)) {
    await route.serve(client, parameters, core);
    client.close(1000, '');
  }
}

/** The exchange that opens every socket of the subprotocol. Contract: events 3.1. */
async function authenticate(client: ClientSocket, authString: string | null, refusal?: string): Promise<boolean> {
  if (!client.speaksSubprotocol) return true;
  const text = await client.next();
  if (text === undefined) return false;
  const message = parseFrame(text);
  if (message?.type !== 'auth') return client.close(1008, refusal ?? "Expected 'auth' message");
  if (authString) {
    if (typeof message.token !== 'string' || message.token === '')
      return client.close(1008, refusal ?? 'Auth required but no token provided');
    if (!sameText(message.token, authString)) return client.close(1008, refusal ?? 'Invalid token');
  }
  client.send('{"type":"auth_success"}');
  return true;
}

/** Reads a frame that should be a JSON object. */
export function parseFrame(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * One client's end of a websocket: frames wait here until somebody takes them, and a client's ping is answered once every frame
 * before it was dealt with, because clients take the pong as the word that these have arrived.
 */
export class ClientSocket {
  readonly speaksSubprotocol: boolean;
  readonly #socket: WebSocket;
  #frames: string[] = [];
  #received = 0;
  #handled = 0;
  readonly #pings: { after: number; data: Buffer }[] = [];
  #wake: (() => void) | undefined;
  readonly #closed = new AbortController();

  constructor(socket: WebSocket) {
    this.#socket = socket;
    this.speaksSubprotocol = socket.protocol === SUBPROTOCOL;
    socket.on('message', (data: RawData, isBinary: boolean) => {
      if (isBinary) return;
      this.#received += 1;
      this.#frames.push(String(data));
      this.#wake?.();
    });
    socket.on('ping', (data: Buffer) => {
      this.#pings.push({ after: this.#received, data });
      this.#answerPings();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#closed.abort();
      this.#wake?.();
    });
  }

  get closed(): boolean {
    return this.#closed.signal.aborted;
  }

  /** Aborts when the client is gone. */
  get left(): AbortSignal {
    return this.#closed.signal;
  }

  /** Bytes that wait to be sent: what a client that does not read piles up. */
  get backlog(): number {
    return this.#socket.bufferedAmount;
  }

  /** The next frame; `undefined` once the client is gone. It counts as dealt with when it is handed over. */
  async next(): Promise<string | undefined> {
    await this.#available();
    const frame = this.#frames.shift();
    if (frame !== undefined) this.handled(1);
    return frame;
  }

  /** All frames that have arrived, at least one; `undefined` once the client is gone. The caller says when they are {@link handled}. */
  async nextBatch(): Promise<string[] | undefined> {
    await this.#available();
    if (this.#frames.length === 0) return undefined;
    const batch = this.#frames;
    this.#frames = [];
    return batch;
  }

  /** So many more frames are dealt with: pings that came after them may be answered. */
  handled(frames: number): void {
    this.#handled += frames;
    this.#answerPings();
  }

  send(text: string): void {
    if (!this.closed) this.#socket.send(text);
  }

  /** Ends the connection; answers false, so that a caller can leave with it. */
  close(code: number, reason: string): false {
    // A close frame has room for 123 bytes of reason.
    if (!this.closed) this.#socket.close(code, reason.slice(0, 120));
    return false;
  }

  /** Breaks the connection without a word. */
  terminate(): void {
    this.#socket.terminate();
  }

  /** Resolves when the client is gone. */
  async gone(): Promise<void> {
    while (!this.closed) if ((await this.next()) === undefined) return;
  }

  async #available(): Promise<void> {
    while (this.#frames.length === 0 && !this.closed)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    this.#wake = undefined;
  }

  #answerPings(): void {
    for (let ping = this.#pings[0]; ping && ping.after <= this.#handled; ping = this.#pings[0]) {
      this.#pings.shift();
      if (this.#socket.readyState === WebSocket.OPEN) this.#socket.pong(ping.data);
    }
  }
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{([^}]+)\}/g, '(?<$1>[^/]+)')}$`);
}

function decoded(groups: Record<string, string> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]));
}

function refuse(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
