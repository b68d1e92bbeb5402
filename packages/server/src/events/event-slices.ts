import type { Micros } from '@prefect-ts/protocol';
import { type RawBuilder, type SqlBool, sql } from '#kysely';
import type { Core } from '../core.ts';
import { type EventConditions, eventConditions } from './event-conditions.ts';
import { type EventFilter, type EventFilterBody, eventFilter } from './event-filter.ts';

/** How many events one read looks at: by their index alone, or as documents. Others get their turn in between. */
const BY_INDEX = 100_000;
const BY_BODY = 10_000;

/** A filter for stored events: its window, and everything else as one condition. */
export interface StoredEventFilter {
  readonly window: Pick<EventFilter, 'since' | 'until'>;
  readonly order: 'ASC' | 'DESC';
  readonly conditions: EventConditions;
}

export function storedEventFilter(core: Core, body: EventFilterBody): StoredEventFilter {
  return {
    window: eventFilter(body, core.clock()),
    order: body.order ?? 'DESC',
    conditions: eventConditions(core.storage.builder, body),
  };
}

/**
 * Walks over the events of a filter's window in its order, some thousands with each read, so that even a search of everything holds up no
 * other read for long. Events of the same time are never in two slices.
 *
 * @param slice hears of each slice the condition that selects the matching events in it; the walk ends when it answers false.
 */
export async function walkEvents(
  core: Core,
  { window, order, conditions }: StoredEventFilter,
  slice: (where: RawBuilder<SqlBool>) => Promise<boolean | undefined>,
): Promise<void> {
  const size = conditions.onBody.length > 0 ? BY_BODY : BY_INDEX;
  let { since, until } = window;
  while (since <= until) {
    const bound = await boundary(core, since, until, order, size);
    const from = order === 'DESC' ? (bound ?? since) : since;
    const to = order === 'DESC' ? until : (bound ?? until);
    const inside = sql<SqlBool>`event.occurred between ${from} and ${to}`;
    if ((await slice(sql`${sql.join([inside, ...conditions.indexed, ...conditions.onBody], sql` and `)}`)) === false) return;
    if (bound === undefined) return;
    if (order === 'DESC') until = bound - 1;
    else since = bound + 1;
  }
}

/** The time of the last event that a slice of so many events holds; nothing when there are not so many. */
async function boundary(
  core: Core,
  since: Micros,
  until: Micros,
  order: 'ASC' | 'DESC',
  size: number,
): Promise<Micros | undefined> {
  const row = await core.scan.first(
    core.storage.builder
      .selectFrom('event')
      .select('occurred')
      .where('occurred', '>=', since)
      .where('occurred', '<=', until)
      .orderBy('occurred', order === 'DESC' ? 'desc' : 'asc')
      .offset(size)
      .limit(1),
  );
  return row?.occurred;
}
