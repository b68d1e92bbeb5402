import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

/** A way to `/events/in`: the websocket, and the connection below it, to write many frames at once. */
export interface EventConnection {
  readonly socket: WebSocket;
  readonly connection: Socket;
}

export interface EventSenderOptions {
  readonly open: () => Promise<EventConnection>;
  readonly warn: (message: string) => void;
  /** Events after which the server is asked whether it got them. Default 700. */
  readonly confirmEvery?: number;
  /** Milliseconds after which it is asked in any case. Default 30 000. */
  readonly confirmAfterMs?: number;
  /** Events held back while the server is away; 0: no bound. Default 0. */
  readonly maxQueued?: number;
}

const TRIES = 10;
const TRIES_AT_ONCE = 3;
const WAIT_BETWEEN_TRIES_MS = 1000;
const REST_AFTER_GIVING_UP_MS = 5000;
const ENOUGH_BUFFERED_BYTES = 4 * 1024 * 1024;

/**
 * Sends events in order over one websocket. The server answers nothing, so an event is kept until a ping that was sent after it is
 * answered; when the connection breaks, all that were kept are sent again (contract, SDK 15.2). Sending never throws and never waits.
 */
export class EventSender {
  readonly #options: Required<EventSenderOptions>;
  /** Events that the server has not confirmed, oldest first. */
  #kept: string[] = [];
  /** Number of the first kept event since the start of the process. */
  #firstKept = 0;
  /** How many of the kept events are written to the current socket. */
  #written = 0;
  #unasked = 0;
  #current: EventConnection | undefined;
  #connecting: Promise<void> | undefined;
  #restUntil = 0;
  #writeScheduled = false;
  #awaitsDrain = false;
  #confirmTimer: NodeJS.Timeout | undefined;
  #drained: (() => void)[] = [];
  #closed = false;
  #lost = 0;

  constructor(options: EventSenderOptions) {
    this.#options = { confirmEvery: 700, confirmAfterMs: 30_000, maxQueued: 0, ...options };
  }

  /** Takes an event, already written as JSON. */
  send(event: string): void {
    if (this.#closed) return;
    if (this.#options.maxQueued > 0 && this.#kept.length >= this.#options.maxQueued) {
      if (this.#lost++ === 0) this.#options.warn('The queue of events is full; new events are dropped until the server is back.');
      return;
    }
    this.#kept.push(event);
    this.#scheduleWrite();
  }

  /** Number of events that the server has not confirmed. */
  get unconfirmed(): number {
    return this.#kept.length;
  }

  /** Waits until the server has confirmed all events; false when that takes longer than the time given, or the server is away. */
  async drain(timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs;
    // The server may have come back during the rest, and after the last events there is no later try.
    this.#restUntil = 0;
    while (this.#kept.length > 0) {
      if (!this.#current && !this.#connecting && Date.now() < this.#restUntil) return false;
      const left = deadline - Date.now();
      if (left <= 0) return false;
      this.#scheduleWrite();
      await this.#progress(Math.min(left, 1000));
    }
    return true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#confirmTimer);
    this.#current?.socket.close();
    this.#current = undefined;
  }

  /** Resolves when everything was confirmed or the connection state changed, at the latest after the time given. */
  #progress(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#drained.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #signalProgress(): void {
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  #scheduleWrite(): void {
    if (this.#writeScheduled) return;
    this.#writeScheduled = true;
    setImmediate(() => {
      this.#writeScheduled = false;
      this.#write();
    });
  }

  #write(): void {
    if (this.#kept.length === 0 || this.#closed) return;
    if (!this.#current) {
      if (!this.#connecting && Date.now() >= this.#restUntil) {
        this.#connecting = this.#connect().finally(() => {
          this.#connecting = undefined;
          this.#signalProgress();
        });
      }
      return;
    }
    const { socket, connection } = this.#current;
    // One system call for what piled up, instead of two an event.
    connection.cork();
    while (this.#written < this.#kept.length && socket.bufferedAmount < ENOUGH_BUFFERED_BYTES) {
      socket.send(this.#kept[this.#written++] ?? '');
      if (++this.#unasked >= this.#options.confirmEvery) this.#askForConfirmation();
    }
    const rest = this.#written < this.#kept.length;
    if (rest) this.#writeAfterDrain(connection);
    else if (this.#drained.length > 0 && this.#unasked > 0) this.#askForConfirmation();
    connection.uncork();
    if (!this.#confirmTimer) this.#armConfirmTimer();
  }

  #writeAfterDrain(connection: Socket): void {
    if (this.#awaitsDrain) return;
    this.#awaitsDrain = true;
    connection.once('drain', () => {
      this.#awaitsDrain = false;
      this.#scheduleWrite();
    });
  }

  #askForConfirmation(): void {
    this.#unasked = 0;
    this.#current?.socket.ping(String(this.#firstKept + this.#written));
  }

  #armConfirmTimer(): void {
    this.#confirmTimer = setTimeout(() => {
      this.#confirmTimer = undefined;
      if (this.#kept.length === 0) return;
      this.#askForConfirmation();
      this.#armConfirmTimer();
    }, this.#options.confirmAfterMs).unref();
  }

  #confirm(upTo: number): void {
    const count = Math.min(upTo - this.#firstKept, this.#kept.length);
    if (!(count > 0)) return;
    this.#kept.splice(0, count);
    this.#firstKept += count;
    this.#written -= count;
    if (this.#kept.length === 0) this.#signalProgress();
  }

  async #connect(): Promise<void> {
    for (let tries = 1; tries <= TRIES && !this.#closed; tries++) {
      try {
        this.#adopt(await this.#options.open());
        return;
      } catch (error) {
        if (tries < TRIES && !isRefusal(error)) {
          if (tries >= TRIES_AT_ONCE) await new Promise((resolve) => setTimeout(resolve, WAIT_BETWEEN_TRIES_MS));
          continue;
        }
        this.#restUntil = Date.now() + REST_AFTER_GIVING_UP_MS;
        const text = error instanceof Error ? error.message : String(error);
        this.#options.warn(`Events cannot be sent, so task runs may be missing on the server. ${text}`);
        return;
      }
    }
  }

  #adopt(current: EventConnection): void {
    this.#current = current;
    this.#written = 0;
    this.#unasked = 0;
    this.#awaitsDrain = false;
    const { socket, connection } = current;
    // The socket does not keep the process alive; who wants the events to arrive waits in drain().
    connection.unref();
    socket.on('pong', (payload: Buffer) => this.#confirm(Number(payload.toString())));
    socket.on('error', () => {});
    socket.on('close', () => {
      if (this.#current !== current) return;
      this.#current = undefined;
      this.#signalProgress();
      if (this.#kept.length > 0) this.#scheduleWrite();
    });
    this.#scheduleWrite();
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SOCKET_NOT_AUTHENTICATED';
}
