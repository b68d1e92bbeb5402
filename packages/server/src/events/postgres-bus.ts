import type { Micros } from '@prefect-ts/protocol';
import type { Storage } from '../storage/storage.ts';
import type { LogTable } from '../storage/tables.ts';
import { type Bus, inProcessBus, type Topics } from './bus.ts';
import { type EventRow, eventOfRow } from './event-log.ts';
import { NotifyLine } from './notify-line.ts';
import { RecentIds } from './recent-ids.ts';

/** A notification carries less than 8000 bytes, so what is told goes in parts of so many. */
const EVENTS_A_NOTE = 150;
const LOGS_A_NOTE = 60;
const IDS_A_NOTE = 150;

/** After a break in the line the log of events is read again from so many positions before the last one that was seen. */
const OVERLAP = 500;
const MOST_MISSED = 10_000;
const REMEMBERED = 20_000;

/** What goes over the line: small messages as they are, events and lines of log by what finds them. */
type Note =
  | { readonly topic: 'due'; readonly message: Topics['due'] }
  | { readonly topic: 'tasks'; readonly message: Topics['tasks'] }
  | { readonly topic: 'cleanups'; readonly message: Topics['cleanups'] }
  | { readonly topic: 'changed'; readonly message: Topics['changed'] }
  | { readonly topic: 'events'; readonly ids: readonly string[] }
  | { readonly topic: 'logs'; readonly lines: readonly LogKey[] };

type LogKey = readonly [id: string, flowRunId: string | null, timestamp: Micros];

export interface PostgresBusOptions {
  readonly url: string;
  readonly storage: Storage;
  /** Hears of listeners that throw and of breaks in the line. */
  readonly onError: (error: unknown) => void;
}

/**
 * A bus between the servers on one PostgreSQL database, on LISTEN and NOTIFY. Who is in this process is told at once; the others hear of
 * each server's messages in the order in which it published them. While the line is broken messages wait for it, and events that were
 * missed are read from their log.
 */
export async function postgresBus({ url, storage, onError }: PostgresBusOptions): Promise<Bus> {
  const bus = new PostgresBus(storage, onError);
  await bus.open(url);
  return bus;
}

class PostgresBus implements Bus {
  readonly #local: Bus;
  readonly #storage: Storage;
  readonly #onError: (error: unknown) => void;
  readonly #listeners = new Map<keyof Topics, number>();
  readonly #told = new RecentIds(REMEMBERED);
  #line: NotifyLine | undefined;
  /** The newest position in the log of events that somebody here was told of or came too late for. */
  #position: number | undefined;
  /** Where it stood when the first listener came. */
  #floor = 0;
  /** What was received is dealt with one after the other. */
  #inbox: Promise<void> = Promise.resolve();

  constructor(storage: Storage, onError: (error: unknown) => void) {
    this.#storage = storage;
    this.#onError = onError;
    this.#local = inProcessBus(onError);
  }

  async open(url: string): Promise<void> {
    this.#line = new NotifyLine({
      url,
      channel: 'prefect_bus',
      onNote: (text) => this.#deal(() => this.#receive(JSON.parse(text) as Note)),
      onConnected: () => this.#deal(() => this.#catchUp()),
      onError: this.#onError,
    });
    await this.#line.open();
    await this.#inbox;
  }

  publish<Topic extends keyof Topics>(topic: Topic, message: Topics[Topic]): void {
    const notes = notesOf(topic, message);
    for (const note of notes) if (note.topic === 'events') this.#told.add(note.ids);
    this.#local.publish(topic, message);
    for (const note of notes) this.#line?.send(JSON.stringify(note));
  }

  subscribe<Topic extends keyof Topics>(topic: Topic, listener: (message: Topics[Topic]) => void): () => void {
    const stop = this.#local.subscribe(topic, listener);
    this.#count(topic, 1);
    // Nobody read the events so far: what a break makes us miss begins here.
    if (topic === 'events' && this.#listeners.get(topic) === 1) this.#deal(() => this.#notePosition());
    let stopped = false;
    return () => {
      if (!stopped) this.#count(topic, -1);
      stopped = true;
      stop();
    };
  }

  async close(): Promise<void> {
    await this.#line?.close();
    await this.#inbox;
    await this.#local.close();
  }

  #count(topic: keyof Topics, change: number): void {
    this.#listeners.set(topic, (this.#listeners.get(topic) ?? 0) + change);
  }

  /** Nobody here may care about a topic: then what it is about need not be read. */
  #hasListeners(topic: keyof Topics): boolean {
    return (this.#listeners.get(topic) ?? 0) > 0;
  }

  #deal(work: () => Promise<void>): void {
    this.#inbox = this.#inbox.then(work).catch(this.#onError);
  }

  async #receive(note: Note): Promise<void> {
    switch (note.topic) {
      case 'events':
        return this.#tellEvents(await this.#readEvents(note.ids));
      case 'logs':
        if (this.#hasListeners('logs')) this.#local.publish('logs', await this.#readLogs(note.lines));
        return;
      default:
        this.#local.publish(note.topic, note.message);
    }
  }

  async #readEvents(ids: readonly string[]): Promise<EventRow[]> {
    if (!this.#hasListeners('events')) return [];
    const rows = await this.#storage.reader.all(this.#selectEvents().where('id', 'in', ids));
    return rows.filter(({ id }) => !this.#told.has(id));
  }

  #tellEvents(rows: readonly EventRow[]): void {
    if (rows.length === 0) return;
    this.#told.add(rows.map(({ id }) => id));
    this.#position = rows.reduce((last, { position }) => Math.max(last, position), this.#position ?? 0);
    this.#local.publish('events', rows.map(eventOfRow));
  }

  #selectEvents() {
    const columns = ['position', 'id', 'occurred', 'received', 'body'] as const;
    return this.#storage.builder.selectFrom('event').select(columns).orderBy('position');
  }

  /** Reads what was committed while the line was broken. */
  async #catchUp(): Promise<void> {
    if (this.#position === undefined || !this.#hasListeners('events')) return this.#notePosition();
    const after = Math.max(this.#floor, this.#position - OVERLAP);
    const missed = this.#selectEvents().where('position', '>', after).limit(MOST_MISSED);
    this.#tellEvents((await this.#storage.reader.all(missed)).filter(({ id }) => !this.#told.has(id)));
  }

  async #notePosition(): Promise<void> {
    const { reader, builder } = this.#storage;
    const newest = await reader.first(builder.selectFrom('event').select('position').orderBy('position', 'desc').limit(1));
    this.#position = newest?.position ?? 0;
    this.#floor = this.#position;
  }

  /** Lines are found by their flow run and time, for which there is an index. */
  async #readLogs(lines: readonly LogKey[]): Promise<LogTable[]> {
    const wanted = new Map(lines.map(([id], place) => [id, place]));
    const found: LogTable[] = [];
    for (const [flowRunId, times] of groupByRun(lines)) {
      const rows = await this.#storage.reader.all(
        this.#storage.builder
          .selectFrom('log')
          .selectAll()
          .where('flow_run_id', flowRunId === null ? 'is' : '=', flowRunId)
          .where('timestamp', '>=', Math.min(...times))
          .where('timestamp', '<=', Math.max(...times)),
      );
      found.push(...rows.filter(({ id }) => wanted.has(id)));
    }
    return found.sort((a, b) => (wanted.get(a.id) ?? 0) - (wanted.get(b.id) ?? 0));
  }
}

function groupByRun(lines: readonly LogKey[]): Map<string | null, Micros[]> {
  const groups = new Map<string | null, Micros[]>();
  for (const [, flowRunId, timestamp] of lines) groups.set(flowRunId, [...(groups.get(flowRunId) ?? []), timestamp]);
  return groups;
}

function notesOf<Topic extends keyof Topics>(topic: Topic, message: Topics[Topic]): Note[] {
  const told = { topic, message } as { [Name in keyof Topics]: { topic: Name; message: Topics[Name] } }[keyof Topics];
  switch (told.topic) {
    case 'events':
      return parts(told.message, EVENTS_A_NOTE).map((part) => ({ topic: 'events', ids: part.map(({ id }) => id) }));
    case 'logs':
      return parts(told.message, LOGS_A_NOTE).map((part) => ({
        topic: 'logs',
        lines: part.map(({ id, flow_run_id, timestamp }) => [id, flow_run_id, timestamp]),
      }));
    case 'changed':
      return parts(told.message.ids, IDS_A_NOTE).map((ids) => ({ topic: 'changed', message: { kind: told.message.kind, ids } }));
    default:
      return [told];
  }
}

function parts<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) => items.slice(part * size, (part + 1) * size));
}
