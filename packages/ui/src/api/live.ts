import type { EventFilterInput, Log, ReceivedEvent, UiFlowRun } from '@prefect-ts/protocol';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { apiBase } from './client.ts';
import { currentPair, signInAfter, watchSignIn } from './credentials.ts';
import type { TaskRunMark } from './timeline-columns.ts';

/** What a subscription can be about, and what it narrows to. */
export type LiveTopic =
  | { topic: 'flow_runs'; filter: object }
  | { topic: 'task_runs' | 'logs'; filter: { flow_run_id: string } }
  | { topic: 'pool'; filter: { name: string } }
  | { topic: 'deployment'; filter: { id: string } }
  | { topic: 'events'; filter: EventFilterInput }
  | { topic: 'counts'; filter: object };

export type LiveChange =
  | { kind: 'flow_run'; row: UiFlowRun }
  /** A run that changed and does not match the filter, or was deleted. */
  | { kind: 'flow_run_gone'; id: string }
  | { kind: 'task_run'; row: TaskRunMark }
  | { kind: 'log'; row: Log }
  | { kind: 'event'; row: ReceivedEvent }
  /** Something about the topic changed that is best read again. */
  | { kind: 'changed' };

type ServerMessage = { id: string; position: string; changes?: LiveChange[]; reset?: boolean };

interface Subscription {
  spec: LiveTopic;
  /** Up to where the page has seen; the server tells what came after. */
  position: string | undefined;
  /** When it was made, which is when what it is about was asked for. */
  madeAt: number;
  onChanges: (changes: LiveChange[]) => void;
}

/** `idle`: the page shows nothing that changes by itself, so nothing is listened for. */
export type LiveStatus = { state: 'idle' | 'connecting' | 'open' } | { state: 'down'; since: number; retryAt: number };

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 15_000;
const ASKED_BEFORE_MS = 500;
const HIDDEN_GRACE_MS = 60_000;
/** The code by which the server closes a socket of somebody whom it does not know. */
const REFUSED = 1008;

/** One socket for the whole page, open while something is subscribed. */
class LiveConnection {
  #socket: WebSocket | undefined;
  #subscriptions = new Map<string, Subscription>();
  #nextId = 1;
  #attempt = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #hiddenTimer: ReturnType<typeof setTimeout> | undefined;
  #listeners = new Set<() => void>();
  status: LiveStatus = { state: 'idle' };

  constructor() {
    document.addEventListener('visibilitychange', () => this.#onVisibility());
    addEventListener('online', () => this.retryNow());
    watchSignIn(() => this.retryNow());
  }

  subscribe(spec: LiveTopic, position: string | undefined, onChanges: Subscription['onChanges']): () => void {
    const id = String(this.#nextId++);
    const open = this.#socket?.readyState === WebSocket.OPEN && this.status.state === 'open';
    this.#subscriptions.set(id, { spec, position, madeAt: performance.now(), onChanges });
    if (open) this.#sendSubscription(id);
    else this.#connect();
    return () => {
      this.#subscriptions.delete(id);
      this.#send({ op: 'unsub', id });
    };
  }

  watchStatus(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  retryNow(): void {
    if (this.status.state === 'down') this.#connect();
  }

  #connect(): void {
    if (this.#socket && this.#socket.readyState <= WebSocket.OPEN) return;
    clearTimeout(this.#retryTimer);
    if (this.status.state === 'idle') this.#setStatus({ state: 'connecting' });
    const url = new URL('ui/live', apiBase);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    // Who signed in says so in the first message, never in the address.
    const pair = currentPair();
    const socket = pair === undefined ? new WebSocket(url) : new WebSocket(url, 'prefect');
    this.#socket = socket;
    socket.addEventListener('open', () => {
      if (pair === undefined) this.#onOpen();
      else this.#send({ type: 'auth', token: pair });
    });
    socket.addEventListener('message', (event) => this.#onMessage(String(event.data)));
    socket.addEventListener('close', ({ code }) => {
      if (code === REFUSED) void signInAfter(pair);
      if (this.#socket === socket) this.#onClose();
    });
  }

  #onOpen(): void {
    this.#attempt = 0;
    this.#setStatus({ state: 'open' });
    for (const id of this.#subscriptions.keys()) this.#sendSubscription(id);
  }

  #onClose(): void {
    this.#socket = undefined;
    if (this.#subscriptions.size === 0 || document.visibilityState === 'hidden') return;
    const limit = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#attempt++);
    const delay = limit * (0.5 + Math.random() / 2);
    const since = this.status.state === 'down' ? this.status.since : Date.now();
    this.#setStatus({ state: 'down', since, retryAt: Date.now() + delay });
    this.#retryTimer = setTimeout(() => this.#connect(), delay);
  }

  #onMessage(text: string): void {
    const message = JSON.parse(text) as ServerMessage | { type: 'auth_success' };
    if ('type' in message) {
      this.#onOpen();
      return;
    }
    const subscription = this.#subscriptions.get(message.id);
    if (!subscription) return;
    subscription.position = message.position;
    if (message.reset) subscription.onChanges([{ kind: 'changed' }]);
    else if (message.changes) subscription.onChanges(message.changes);
  }

  /** A tab that nobody has looked at for a while lets go of the socket and catches up when it is shown again. */
  #onVisibility(): void {
    clearTimeout(this.#hiddenTimer);
    if (document.visibilityState === 'hidden') this.#hiddenTimer = setTimeout(() => this.#socket?.close(), HIDDEN_GRACE_MS);
    else if (this.#subscriptions.size > 0) this.#connect();
  }

  #sendSubscription(id: string): void {
    const subscription = this.#subscriptions.get(id);
    if (!subscription) return;
    const { spec, position, madeAt } = subscription;
    // Without a position the server tells again what changed since the question, and a little before: twice told does no harm.
    this.#send({ op: 'sub', id, ...spec, ...(position ? { position } : { back: performance.now() - madeAt + ASKED_BEFORE_MS }) });
  }

  #send(message: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #setStatus(status: LiveStatus): void {
    this.status = status;
    for (const listener of this.#listeners) listener();
  }
}

const connection = new LiveConnection();

/**
 * Hears every change of a topic while the component is there.
 *
 * @param position Where the answer that the page shows stood, so that nothing between it and the subscription is missed. While it is
 * `undefined` the answer is still awaited and nothing is subscribed; `null` is for topics whose first answer has none: the server then tells what changed since the question.
 */
export function useLive(spec: LiveTopic, position: string | null | undefined, onChanges: (changes: LiveChange[]) => void): void {
  const handler = useRef(onChanges);
  const begin = useRef(position);
  useEffect(() => {
    handler.current = onChanges;
    begin.current = position;
  });
  const key = JSON.stringify(spec);
  const ready = position !== undefined;
  useEffect(() => {
    if (!ready) return;
    return connection.subscribe(JSON.parse(key) as LiveTopic, begin.current ?? undefined, (changes) => handler.current(changes));
  }, [key, ready]);
}

export function useLiveStatus(): LiveStatus {
  return useSyncExternalStore(
    (listener) => connection.watchStatus(listener),
    () => connection.status,
  );
}

export function reconnectNow(): void {
  connection.retryNow();
}
