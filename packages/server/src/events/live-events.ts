import type { Micros } from '@prefect-ts/protocol';
import { contract, SchemaCompiler } from '@prefect-ts/protocol/contract';
import type { Core } from '../core.ts';
import { type EventFilterBody, eventFilter } from './event-filter.ts';
import { eventOfRow, type StoredEvent } from './event-log.ts';
import type { ClientSocket } from './sockets.ts';

/** A page hears of events at most so often, and of more than this many at once only that there were some. */
const EVERY_MS = 200;
const MOST_EVENTS = 200;
const LARGEST_BACKLOG = 1024 * 1024;
const LONGEST_REPLAY: Micros = 15 * 60 * 1_000_000;
/** An event is seen by others a little after the time at which it was received. Twice told does no harm. */
const COMMIT_TAKES: Micros = 2_000_000;
const LOOK_AGAIN = [{ kind: 'changed' }];

const readFilter = new SchemaCompiler(contract.components.schemas).compile(
  { $ref: '#/components/schemas/EventFilter' },
  'filter',
);

/**
 * A subscription to the events that match a filter, as they happen. Its position is the time when the last of them was received, in microseconds.
 */
export class EventSubscription {
  readonly #socket: ClientSocket;
  readonly #core: Core;
  readonly #id: string;
  readonly #matches: (event: StoredEvent) => boolean;
  readonly #unsubscribe: () => void;
  #waiting: StoredEvent[] = [];
  #overflown = false;
  #seen = new Set<string>();
  #position: Micros;
  #timer: NodeJS.Timeout | undefined;

  /** @returns nothing when the filter makes no sense. */
  static open(socket: ClientSocket, core: Core, id: string, filter: unknown): EventSubscription | undefined {
    const outcome = readFilter(filter ?? {});
    if (!outcome.ok) return undefined;
    const { matches } = eventFilter(outcome.value as EventFilterBody, core.clock());
    return new EventSubscription(socket, core, id, matches);
  }

  private constructor(socket: ClientSocket, core: Core, id: string, matches: (event: StoredEvent) => boolean) {
    this.#socket = socket;
    this.#core = core;
    this.#id = id;
    this.#matches = matches;
    this.#position = core.clock();
    this.#unsubscribe = core.bus.subscribe('events', (events) => this.#add(events));
  }

  /** Tells the events that the page missed: since its position, or since so many milliseconds ago. */
  async begin({ position, back }: Readonly<Record<string, unknown>>): Promise<void> {
    const now = this.#core.clock();
    const since = typeof position === 'string' ? Number(position) : now - (typeof back === 'number' ? back * 1000 : 0);
    const canTell = Number.isFinite(since) && now - since <= LONGEST_REPLAY;
    this.#send(canTell ? {} : { reset: true });
    if (canTell) this.#add(await this.#received(since - COMMIT_TAKES));
  }

  stop(): void {
    this.#unsubscribe();
    clearTimeout(this.#timer);
  }

  async #received(since: Micros): Promise<StoredEvent[]> {
    const rows = await this.#core.scan.all(
      this.#core.storage.builder
        .selectFrom('event')
        .select(['position', 'id', 'occurred', 'received', 'body'])
        // What is received occurred shortly before; the index is by that.
        .where('occurred', '>=', since - LONGEST_REPLAY)
        .where('received', '>=', since)
        .orderBy('occurred', 'desc')
        .orderBy('position', 'desc')
        .limit(MOST_EVENTS + 1),
    );
    if (rows.length > MOST_EVENTS) this.#overflown = true;
    return rows.reverse().map(eventOfRow);
  }

  #add(events: readonly StoredEvent[]): void {
    for (const event of events) {
      if (!this.#matches(event) || this.#seen.has(event.id)) continue;
      this.#seen.add(event.id);
      this.#waiting.push(event);
    }
    if (this.#seen.size > 20 * MOST_EVENTS) this.#seen = new Set(this.#waiting.map(({ id }) => id));
    if (this.#waiting.length > MOST_EVENTS) {
      this.#overflown = true;
      this.#waiting = [];
    }
    if (this.#waiting.length > 0 || this.#overflown) this.#timer ??= setTimeout(() => this.#tell(), EVERY_MS);
  }

  #tell(): void {
    this.#timer = undefined;
    if (this.#socket.backlog >= LARGEST_BACKLOG) {
      this.#timer = setTimeout(() => this.#tell(), EVERY_MS);
      return;
    }
    this.#position = this.#core.clock();
    const changes = this.#overflown ? LOOK_AGAIN : this.#waiting.map(({ body }) => ({ kind: 'event', row: JSON.parse(body) }));
    this.#overflown = false;
    this.#waiting = [];
    this.#send({ changes });
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify({ id: this.#id, position: String(this.#position), ...message }));
  }
}
