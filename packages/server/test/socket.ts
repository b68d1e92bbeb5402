import { WebSocket } from 'ws';

/** A websocket client for tests: what arrives is taken one by one. */
export interface TestSocket {
  readonly socket: WebSocket;
  send(message: unknown): void;
  /** The next frame, as JSON. Rejects when the connection ends first, with the close code and reason. */
  next(): Promise<Record<string, unknown>>;
  /** Resolves when the server has dealt with everything sent before. */
  flushed(): Promise<void>;
  /** How the connection ended. */
  closed: Promise<{ code: number; reason: string }>;
  close(): void;
}

/** Opens a websocket below an API and makes the exchange of its subprotocol. */
export async function openSocket(apiUrl: string, path: string, token: string | null = null): Promise<TestSocket> {
  const socket = new WebSocket(apiUrl.replace(/^http/, 'ws') + path, 'prefect');
  const frames: Record<string, unknown>[] = [];
  const takers: { resolve(frame: Record<string, unknown>): void; reject(error: Error): void }[] = [];
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as Record<string, unknown>;
    const taker = takers.shift();
    if (taker) taker.resolve(frame);
    else frames.push(frame);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.on('close', (code, reason) => {
      resolve({ code, reason: String(reason) });
      for (const taker of takers.splice(0)) taker.reject(new Error(`closed: ${code} ${reason}`));
    }),
  );
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const client: TestSocket = {
    socket,
    closed,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    next: () => {
      const frame = frames.shift();
      return frame ? Promise.resolve(frame) : new Promise((resolve, reject) => takers.push({ resolve, reject }));
    },
    flushed: () =>
      new Promise((resolve) => {
        socket.once('pong', () => resolve());
        socket.ping();
      }),
    close: () => socket.close(),
  };
  client.send({ type: 'auth', token });
  return client;
}
