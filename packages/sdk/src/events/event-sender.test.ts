import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type EventConnection, EventSender } from './event-sender.ts';

let server: WebSocketServer;
let received: string[];
let away: boolean;
beforeEach(async () => {
  received = [];
  away = true;
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => socket.on('message', (event) => received.push(String(event))));
  await once(server, 'listening');
});
afterEach(() => server.close());

async function open(): Promise<EventConnection> {
  // A refusal is not tried again at once, so the sender rests after the first one.
  if (away) throw Object.assign(new Error('away'), { code: 'SOCKET_NOT_AUTHENTICATED' });
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [[response]] = (await Promise.all([once(socket, 'upgrade'), once(socket, 'open')])) as [[IncomingMessage], unknown];
  return { socket, connection: response.socket };
}

it('delivers what it kept when the server came back while it rested', async () => {
  const resting = Promise.withResolvers<string>();
  const sender = new EventSender({ open, warn: resting.resolve });
  sender.send('"first"');
  expect(await resting.promise).toContain('Events cannot be sent');

  away = false;
  expect(await sender.drain(5000)).toBe(true);
  expect(received).toEqual(['"first"']);
  await sender.close();
});

it('gives up draining when the server is still away', async () => {
  const sender = new EventSender({ open, warn: () => undefined });
  sender.send('"first"');
  expect(await sender.drain(5000)).toBe(false);
  expect(sender.unconfirmed).toBe(1);
  await sender.close();
});
