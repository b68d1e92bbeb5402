import type { WebSocket } from 'ws';
import type { ApiClient } from '../client/client.ts';

export interface LastingSocketOptions {
  client: ApiClient;
  /** The path of the websocket, with its leading slash. */
  path: string;
  /** Called each time the server has let us in. */
  onReady: (send: (message: unknown) => void) => void;
  onMessage: (message: Record<string, unknown>) => void;
  /** Called each time a ready connection is lost. */
  onLost?: () => void;
  /** Seconds to wait before the next try. Default: {@link retryPatiently}. */
  retryAfter?: (failures: number, cause: SocketTrouble) => number;
}

/** Why there is no connection: the server cannot be reached, it has no such websocket (or refuses it), or an open one was cut. */
export type SocketTrouble = 'unreachable' | 'refused' | 'cut';

/** A websocket of the API that comes back after it was lost. */
export interface LastingSocket {
  readonly ready: boolean;
  close(): void;
}

/** A silent connection is found dead after at most twice this time. */
const PING_EVERY_MS = 30_000;
const LONGEST_PAUSE_SECONDS = 5;

export function openLastingSocket(options: LastingSocketOptions): LastingSocket {
  const { client, path, retryAfter = retryPatiently } = options;
  const closing = new AbortController();
  let failures = 0;
  let socket: WebSocket | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function connect(): Promise<void> {
    try {
      const opened = await client.openSocket(path, { signal: closing.signal });
      if (closing.signal.aborted) return opened.terminate();
      use(opened);
    } catch (error) {
      comeBack(isRefusal(error) ? 'refused' : 'unreachable');
    }
  }

  function use(opened: WebSocket): void {
    socket = opened;
    failures = 0;
    const stopPinging = keepAlive(opened);
    opened.on('message', (data) => {
      const message = readMessage(String(data));
      if (message) options.onMessage(message);
    });
    opened.on('error', () => opened.terminate());
    opened.on('close', (code) => {
      stopPinging();
      socket = undefined;
      options.onLost?.();
      comeBack(code === 1008 ? 'refused' : 'cut');
    });
    options.onReady((message) => opened.send(JSON.stringify(message)));
  }

  function comeBack(trouble: SocketTrouble): void {
    if (closing.signal.aborted) return;
    failures += 1;
    timer = setTimeout(connect, retryAfter(failures, trouble) * 1000);
  }

  void connect();
  return {
    get ready() {
      return socket !== undefined;
    },
    close() {
      closing.abort();
      clearTimeout(timer);
      socket?.terminate();
    },
  };
}

/** Comes back nearly at once, then in steps that double up to 5 s, so that a server that was restarted is heard again soon. */
export function retryPatiently(failures: number): number {
  return Math.min(0.1 * 2 ** failures, LONGEST_PAUSE_SECONDS) * (0.7 + 0.6 * Math.random());
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && /Unexpected server response|did not accept/.test(error.message);
}

function keepAlive(socket: WebSocket): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, PING_EVERY_MS);
  return () => clearInterval(timer);
}

function readMessage(text: string): Record<string, unknown> | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null ? (message as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
