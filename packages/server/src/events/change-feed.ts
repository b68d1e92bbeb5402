import type { Bus, Topics } from './bus.ts';

/** One object that changed. Positions grow by one with each change that this server heard of. */
export interface Change {
  readonly position: number;
  readonly kind: Topics['changed']['kind'] | 'log';
  /** Of the object; for lines of log, of their flow run. */
  readonly id: string;
  /** When this server heard of it, in milliseconds of its own running time. */
  readonly at: number;
}

/** How many changes can be told again to a page that was away. */
const KEPT = 4096;
const FLOW_RUN = 'prefect.flow-run.';

/**
 * Every change of this server in one row, so that a page can say up to where it has seen and hear only what came after.
 * The feed lives in memory: a page that comes with a position of another server, or one that is too old, looks at everything again.
 */
export class ChangeFeed {
  readonly #origin: string;
  readonly #changes: Change[] = [];
  readonly #listeners = new Set<(changes: readonly Change[]) => void>();
  #position = 0;

  constructor(bus: Bus, serverId: string) {
    this.#origin = serverId;
    bus.subscribe('events', (events) => {
      const ids = events.map((event) => event.resource['prefect.resource.id'] ?? '').filter((id) => id.startsWith(FLOW_RUN));
      this.#add('flow-run', new Set(ids.map((id) => id.slice(FLOW_RUN.length))));
    });
    bus.subscribe('changed', ({ kind, ids }) => this.#add(kind, ids));
    bus.subscribe('logs', (logs) => this.#add('log', new Set(logs.flatMap((log) => log.flow_run_id ?? []))));
  }

  /** Where the feed stands; what is read after this call holds every change up to it. */
  get position(): string {
    return this.#text(this.#position);
  }

  #text(position: number): string {
    return `${this.#origin}:${position}`;
  }

  /** The changes after a position; nothing when they cannot be told any more. */
  since(position: string): readonly Change[] | undefined {
    const colon = position.lastIndexOf(':');
    const number = Number(position.slice(colon + 1));
    if (position.slice(0, colon) !== this.#origin || !Number.isInteger(number) || number > this.#position) return undefined;
    const missed = this.#position - number;
    return missed <= this.#changes.length ? this.#changes.slice(this.#changes.length - missed) : undefined;
  }

  /** The changes of the last milliseconds; nothing when more happened in them than is kept. */
  recent(millis: number): readonly Change[] | undefined {
    const since = performance.now() - millis;
    const first = this.#changes.findLastIndex((change) => change.at < since) + 1;
    return first === 0 && this.#changes.length < this.#position ? undefined : this.#changes.slice(first);
  }

  /** @returns a function that ends the subscription. */
  subscribe(listener: (changes: readonly Change[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #add(kind: Change['kind'], ids: Iterable<string>): void {
    const added = [...ids].map((id): Change => ({ position: ++this.#position, kind, id, at: performance.now() }));
    if (added.length === 0) return;
    this.#changes.push(...added);
    if (this.#changes.length > 2 * KEPT) this.#changes.splice(0, this.#changes.length - KEPT);
    for (const listener of this.#listeners) listener(added);
  }
}

const feeds = new WeakMap<Bus, ChangeFeed>();

/** The feed of a server; it begins with the first call. */
export function changeFeed({ bus, serverId }: { readonly bus: Bus; readonly serverId: string }): ChangeFeed {
  let feed = feeds.get(bus);
  if (!feed) {
    feed = new ChangeFeed(bus, serverId);
    feeds.set(bus, feed);
  }
  return feed;
}
