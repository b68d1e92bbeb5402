import type { Micros } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../core.ts';

/** An event of the log on its way past the triggers. */
export interface FeedEvent {
  readonly position: number;
  readonly event: string;
  readonly occurred: Micros;
  readonly received: Micros;
}

const AT_ONCE = 500;
/** A writer takes no longer between taking a position and being seen as a writer. */
const SETTLING_MILLIS = 1_000;

/**
 * Reads the log in its order without missing an event. On PostgreSQL positions are given before they are committed, so a gap may still be
 * filled: what is behind it waits until every transaction that was open when it was seen has ended.
 */
export class EventFeed {
  /** Gaps up to here stay gaps. */
  #settled = 0;
  /** The gaps up to a position, which are settled once all transactions before the horizon are over. */
  #waiting: { readonly upTo: number; readonly horizon: bigint; readonly seen: number } | undefined;

  /** The events after a position, as far as none can come between them any more. */
  async read(core: Core, after: number): Promise<FeedEvent[]> {
    const rows = await core.read.all(
      core.storage.builder
        .selectFrom('event')
        .select(['position', 'event', 'occurred', 'received'])
        .where('position', '>', after)
        .orderBy('position')
        .limit(AT_ONCE),
    );
    if (core.storage.dialect.name === 'sqlite' || rows.length === 0) return rows;
    const gapsEnd = rows.filter(({ position }, index) => position !== (rows[index - 1]?.position ?? after) + 1);
    if (gapsEnd.every(({ position }) => position <= this.#settled)) return rows;
    await this.#settle(core, rows.at(-1)?.position ?? 0);
    const open = gapsEnd.find(({ position }) => position > this.#settled);
    return open ? rows.filter(({ position }) => position < open.position) : rows;
  }

  async #settle(core: Core, upTo: number): Promise<void> {
    const { oldest, next } = await openTransactions(core);
    const waiting = this.#waiting;
    if (waiting && Date.now() - waiting.seen >= SETTLING_MILLIS && oldest >= waiting.horizon) {
      this.#settled = waiting.upTo;
      this.#waiting = undefined;
    }
    this.#waiting ??= { upTo, horizon: next, seen: Date.now() };
  }
}

/** The oldest transaction that is still open, and the next that will be. */
async function openTransactions(core: Core): Promise<{ oldest: bigint; next: bigint }> {
  const row = await core.read.first(
    core.storage.builder.selectNoFrom([
      sql<string>`pg_snapshot_xmin(pg_current_snapshot())::text`.as('oldest'),
      sql<string>`pg_snapshot_xmax(pg_current_snapshot())::text`.as('next'),
    ]),
  );
  return { oldest: BigInt(row?.oldest ?? 0), next: BigInt(row?.next ?? 0) };
}
