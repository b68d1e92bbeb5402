import type { Core } from '../core.ts';
import type { LogTable } from '../storage/tables.ts';
import { type Change, type ChangeFeed, changeFeed } from './change-feed.ts';
import { EventSubscription } from './live-events.ts';
import { type LiveTopic, liveTopic } from './live-topics.ts';
import { type ClientSocket, parseFrame, type SocketRoute } from './sockets.ts';

/** A page that does not read for a while is told less often, never less. */
const LARGEST_BACKLOG = 1024 * 1024;
/** Lines of log that wait for one subscription; past these the page looks again. */
const MOST_LOGS = 2_000;

/**
 * Where the dashboard hears of changes. A page sends `{op: "sub", id, topic, filter}`, with the `position` of what it shows or with the
 * milliseconds `back` to when it began to ask for that, and hears `{id, position, changes}`, first what it missed since then; `{op: "unsub", id}` ends that. `reset` says that what was missed cannot be told.
 */
export const live: SocketRoute = {
  path: '/ui/live',
  async serve(socket, _parameters, core) {
    const feed = changeFeed(core);
    const subscriptions = new Map<string, Subscription>();
    const eventSubscriptions = new Map<string, EventSubscription>();
    const stopChanges = feed.subscribe((changes) => {
      for (const subscription of subscriptions.values()) subscription.add(changes);
    });
    const stopLogs = core.bus.subscribe('logs', (logs) => {
      for (const subscription of subscriptions.values()) subscription.addLogs(logs);
    });
    try {
      for (let frame = await socket.next(); frame !== undefined; frame = await socket.next()) {
        const message = parseFrame(frame);
        const id = typeof message?.id === 'string' ? message.id : undefined;
        if (!message || id === undefined) return void socket.close(1002, "Expected a message with 'op' and 'id'");
        subscriptions.get(id)?.stop();
        subscriptions.delete(id);
        eventSubscriptions.get(id)?.stop();
        eventSubscriptions.delete(id);
        if (message.op !== 'sub') continue;
        if (message.topic === 'events') {
          const subscription = EventSubscription.open(socket, core, id, message.filter);
          if (subscription) {
            eventSubscriptions.set(id, subscription);
            await subscription.begin(message);
            continue;
          }
        }
        const topic = liveTopic(message.topic, message.filter);
        if (!topic) {
          socket.send(JSON.stringify({ id, error: 'This topic with this filter is unknown.' }));
          continue;
        }
        const subscription = new Subscription(socket, core, id, topic);
        subscriptions.set(id, subscription);
        subscription.begin(missedBy(changeFeed(core), message));
      }
    } finally {
      stopChanges();
      stopLogs();
      for (const subscription of [...subscriptions.values(), ...eventSubscriptions.values()]) subscription.stop();
    }
  },
};

/** What changed since the page asked for what it shows; nothing when that cannot be told any more. */
function missedBy(feed: ChangeFeed, { position, back }: Readonly<Record<string, unknown>>): readonly Change[] | undefined {
  if (typeof position === 'string') return feed.since(position);
  return typeof back === 'number' ? feed.recent(back) : [];
}

/** Gathers what concerns one subscription and tells it, at most every so often. */
class Subscription {
  readonly #socket: ClientSocket;
  readonly #core: Core;
  readonly #id: string;
  readonly #topic: LiveTopic;
  #changes: Change[] = [];
  #logs: LogTable[] = [];
  #timer: NodeJS.Timeout | undefined;
  #telling = false;
  #toldAt = 0;
  #stopped = false;

  constructor(socket: ClientSocket, core: Core, id: string, topic: LiveTopic) {
    this.#socket = socket;
    this.#core = core;
    this.#id = id;
    this.#topic = topic;
  }

  /** Says from where on the page hears everything, and tells what it missed. */
  begin(changes: readonly Change[] | undefined): void {
    const missed = changes?.filter((change) => this.#topic.concerns(change));
    const canTell = missed && (missed.length === 0 || this.#topic.replays);
    this.#send(canTell ? {} : { reset: true });
    if (canTell) this.add(missed);
  }

  add(changes: readonly Change[]): void {
    const mine = changes.filter((change) => this.#topic.concerns(change));
    if (mine.length === 0) return;
    this.#changes.push(...mine);
    this.#schedule();
  }

  /** Lines come beside the changes that announce them; only a topic of lines has any waiting. */
  addLogs(logs: readonly LogTable[]): void {
    const mine = logs.filter(
      (log) => log.flow_run_id && this.#topic.concerns({ position: 0, kind: 'log', id: log.flow_run_id, at: 0 }),
    );
    if (mine.length > 0 && this.#logs.length < MOST_LOGS) this.#logs.push(...mine);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#timer !== undefined || this.#telling || this.#stopped) return;
    const wait = Math.max(0, this.#toldAt + this.#topic.every - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#tell().catch((error) => this.#core.log.error({ err: error }, 'a live page could not be told'));
    }, wait);
  }

  async #tell(): Promise<void> {
    this.#toldAt = performance.now();
    if (this.#socket.backlog < LARGEST_BACKLOG) {
      const position = changeFeed(this.#core).position;
      const changes = this.#changes;
      const logs = this.#logs;
      this.#changes = [];
      this.#logs = [];
      this.#telling = true;
      try {
        const told = await this.#topic.tell(this.#core, changes, logs.length >= MOST_LOGS ? [] : logs);
        if (told.length > 0 && !this.#stopped) this.#send({ position, changes: told });
      } finally {
        this.#telling = false;
      }
    }
    if (this.#changes.length > 0) this.#schedule();
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify({ id: this.#id, position: changeFeed(this.#core).position, ...message }));
  }
}
