import type { Micros } from '@prefect-ts/protocol';
import { sql } from 'kysely';
import type { Core } from '../core.ts';

/** An event of the log on its way past the triggers. */
export interface FeedEvent {
  readonly position: number;
  readonly event: string;
  readonly occurred: Micros;
  readonly received: Micros;
}

const AT_ONCE = 500;
/** A writer takes this long at most between taking a position and being seen as a writer. */
const SETTLING_MILLIS = 1_000;

/**
 * Reads the log in its order without missing an event. On PostgreSQL positions are given before they are committed, so a gap may still be
 * filled: what is behind it waits until every transaction that was open when it was seen has ended.
 */
export class EventFeed {
  #gap: { readonly position: number; readonly horizon: bigint; readonly seen: number } | undefined;

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
    if (core.storage.dialect.name === 'sqlite') return rows;
    let expected = after + 1;
    for (const [index, { position }] of rows.entries()) {
      if (position !== expected && !(await this.#isSettled(core, position))) return rows.slice(0, index);
      expected = position + 1;
    }
    return rows;
  }

  /** Tells whether the gap before a position stays one. */
  async #isSettled(core: Core, position: number): Promise<boolean> {
    if (this.#gap && this.#gap.position >= position) return this.#hasPassed(core, this.#gap);
    const { newest } = await snapshot(core);
    this.#gap = { position, horizon: newest, seen: Date.now() };
    return false;
  }

  async #hasPassed(core: Core, gap: { readonly horizon: bigint; readonly seen: number }): Promise<boolean> {
    if (Date.now() - gap.seen < SETTLING_MILLIS) return false;
    return (await snapshot(core)).oldest >= gap.horizon;
  }
}

/** The oldest transaction that is still open, and the next that will be. */
async function snapshot(core: Core): Promise<{ oldest: bigint; newest: bigint }> {
  const { oldest = '0', newest = '0' } =
    (await core.read.first(
      sql<{ oldest: string; newest: string }>`select pg_snapshot_xmin(pg_current_snapshot())::text as oldest,
        pg_snapshot_xmax(pg_current_snapshot())::text as newest`.$castTo<{ oldest: string; newest: string }>() as never,
    )) as { oldest?: string; newest?: string } | undefined ?? {};
  return { oldest: BigInt(oldest), newest: BigInt(newest) };
}
