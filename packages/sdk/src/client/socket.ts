import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { RawData, WebSocket, ClientOptions as WsOptions } from 'ws';
import { ApiUnreachable, SocketNotAuthenticated } from './errors.ts';
import type { TlsOptions } from './transport.ts';

export interface SocketOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds to wait for the connection and the answer to the credentials. Default 10 000. */
  readonly timeoutMs?: number | undefined;
  /** Told of the connection below the websocket, once there is one. */
  readonly onConnection?: ((connection: Socket) => void) | undefined;
}

interface SocketTarget extends SocketOptions {
  readonly url: string;
  readonly authString: string | undefined;
  readonly apiKey: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsOptions | undefined;
}

/** Opens a websocket with the subprotocol `prefect` and shows it the credentials; gives it once the server accepted them. */
export async function openAuthenticatedSocket(target: SocketTarget): Promise<WebSocket> {
  target.signal?.throwIfAborted();
  const { WebSocket } = await import('ws');
  const { 'user-agent': agent = '', authorization } = target.headers;
  const options: WsOptions = {
    headers: { 'user-agent': agent, ...(authorization ? { authorization } : {}) },
    handshakeTimeout: target.timeoutMs ?? 10_000,
    perMessageDeflate: false,
    ...(target.tls?.insecureSkipVerify ? { rejectUnauthorized: false } : {}),
    ...(target.tls?.certFile ? { ca: readFileSync(target.tls.certFile) } : {}),
  };
  const socket = new WebSocket(target.url, ['prefect'], options);
  socket.once('upgrade', (response) => target.onConnection?.(response.socket));
  return authenticate(socket, target);
}

function authenticate(socket: WebSocket, target: SocketTarget): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      settle();
      socket.on('error', () => {});
      socket.terminate();
      reject(error);
    };
    const timer = setTimeout(() => {
      fail(new ApiUnreachable(`No answer to the credentials from ${target.url}`, target.url));
    }, target.timeoutMs ?? 10_000);
    const onOpen = () => socket.send(JSON.stringify({ type: 'auth', token: target.authString ?? target.apiKey ?? null }));
    const onMessage = (data: RawData) => {
      const answer = JSON.parse(String(data)) as { type?: string; reason?: string };
      if (answer.type !== 'auth_success') return fail(notAuthenticated(target.url, answer.reason));
      settle();
      resolve(socket);
    };
    const onError = (error: Error) => {
      fail(
        new ApiUnreachable(`Failed to open ${target.url}: ${error.message || 'connection refused'}`, target.url, {
          cause: error,
        }),
      );
    };
    const onClose = (code: number) => {
      if (code === 1008) fail(notAuthenticated(target.url, undefined));
      else fail(new ApiUnreachable(`${target.url} was closed (${code}) before it answered`, target.url));
    };
    const onAbort = () => fail(target.signal?.reason);
    const settle = () => {
      clearTimeout(timer);
      target.signal?.removeEventListener('abort', onAbort);
      socket.off('open', onOpen).off('message', onMessage).off('error', onError).off('close', onClose);
    };
    socket.on('open', onOpen).on('message', onMessage).on('error', onError).on('close', onClose);
    target.signal?.addEventListener('abort', onAbort, { once: true });
  });
}

function notAuthenticated(url: string, reason: string | undefined): SocketNotAuthenticated {
  return new SocketNotAuthenticated(`${url} did not accept the credentials${reason ? `: ${reason}` : ''}`, {
    hint: 'Set PREFECT_API_AUTH_STRING to what the server expects.',
  });
}
