import { formatTimestamp } from '@prefect-ts/protocol';
import { contract, SchemaCompiler } from '@prefect-ts/protocol/contract';
import { type SelectQueryBuilder, sql } from '#kysely';
import type { Core } from '../core.ts';
import type { Tables } from '../storage/tables.ts';
import type { EventFilterBody } from './event-filter.ts';
import { type StoredEventFilter, storedEventFilter, walkEvents } from './event-slices.ts';

/** Where a list of events stands: what it asks for, how many there are, and what comes next. */
export interface EventPageToken {
  readonly filter: EventFilterBody;
  /** All matches, counted once with the first page; nothing before. */
  readonly count?: number;
  readonly page_size: number;
  readonly offset: number;
}

export interface EventPage {
  /** The events as they go over the wire. */
  readonly bodies: readonly string[];
  readonly total: number;
  readonly next: EventPageToken | null;
}

/** The first page of a filter; its end is frozen, so that pages stay what they are while events arrive. */
export function firstPage(core: Core, filter: EventFilterBody, limit: number): Promise<EventPage> {
  const { window } = storedEventFilter(core, filter);
  const occurred = { since: formatTimestamp(window.since), until: formatTimestamp(window.until) };
  const ids = filter.id?.id;
  return readPage(core, {
    filter: { ...filter, occurred },
    page_size: ids ? Math.min(limit, ids.length) : limit,
    offset: 0,
  });
}

/** Reads one page. Contract: events 4.5. */
export async function readPage(core: Core, token: EventPageToken): Promise<EventPage> {
  const { filter, page_size: size, offset } = token;
  const found = await findPositions(core, storedEventFilter(core, filter), {
    from: offset,
    to: offset + size,
    distinct: filter.resource?.distinct ?? false,
    countAll: token.count === undefined,
  });
  const total = token.count ?? found.count;
  const next = offset + size >= total ? null : { filter, count: total, page_size: size, offset: offset + size };
  return { bodies: await readBodies(core, found.positions), total, next };
}

interface Wanted {
  readonly from: number;
  readonly to: number;
  /** Only the first event of each primary resource. */
  readonly distinct: boolean;
  /** Go on behind the page, for the total. */
  readonly countAll: boolean;
}

async function findPositions(core: Core, filter: StoredEventFilter, wanted: Wanted) {
  return wanted.distinct ? findDistinct(core, filter, wanted) : findAll(core, filter, wanted);
}

async function findAll(core: Core, filter: StoredEventFilter, { from, to, countAll }: Wanted) {
  const positions: number[] = [];
  let count = 0;
  await walkEvents(core, filter, async (where) => {
    const skipped = Math.max(0, from - count);
    const missing = to - from - positions.length;
    const events = core.storage.builder.selectFrom('event').where(where);
    if (missing > 0) {
      const rows = await core.scan.all(ordered(events.select('position'), filter).offset(skipped).limit(missing));
      positions.push(...rows.map(({ position }) => position));
      if (skipped === 0 && rows.length < missing) {
        count += rows.length;
        return true;
      }
    }
    if (!countAll && positions.length === to - from) return false;
    const counted = await core.scan.first(events.select(sql<number>`count(*)`.as('count')));
    count += Number(counted?.count ?? 0);
    return true;
  });
  return { positions, count };
}

async function findDistinct(core: Core, filter: StoredEventFilter, { from, to, countAll }: Wanted) {
  const resources = new Set<string>();
  const positions: number[] = [];
  await walkEvents(core, filter, async (where) => {
    const events = core.storage.builder.selectFrom('event').select(['position', 'resource_id']).where(where);
    for (const { position, resource_id } of await core.scan.all(ordered(events, filter))) {
      if (resources.has(resource_id)) continue;
      if (resources.size >= from && resources.size < to) positions.push(position);
      resources.add(resource_id);
    }
    return countAll || resources.size < to;
  });
  return { positions, count: resources.size };
}

function ordered<Row>(query: SelectQueryBuilder<Tables, 'event', Row>, { order }: StoredEventFilter) {
  const direction = order === 'DESC' ? 'desc' : 'asc';
  return query.orderBy('event.occurred', direction).orderBy('event.position', direction);
}

async function readBodies(core: Core, positions: readonly number[]): Promise<string[]> {
  if (positions.length === 0) return [];
  const rows = await core.scan.all(
    core.storage.builder.selectFrom('event').select(['position', 'body']).where('position', 'in', positions),
  );
  const bodies = new Map(rows.map((row) => [row.position, row.body]));
  return positions.flatMap((position) => bodies.get(position) ?? []);
}

/** Writes a token so that it goes through an address unchanged. */
export function encodeToken(token: EventPageToken): string {
  return Buffer.from(Buffer.from(JSON.stringify(token)).toString('base64')).toString('base64');
}

const readFilter = new SchemaCompiler(contract.components.schemas).compile(
  { $ref: '#/components/schemas/EventFilter' },
  'filter',
);

/** Reads a token; nothing when it is none that we wrote. */
export function decodeToken(text: string): EventPageToken | undefined {
  let token: Partial<Record<keyof EventPageToken, unknown>>;
  try {
    token = JSON.parse(Buffer.from(Buffer.from(text, 'base64').toString(), 'base64').toString());
  } catch {
    return undefined;
  }
  const { filter, count, page_size, offset } = token;
  if (![count, page_size, offset].every((value) => Number.isInteger(value) && Number(value) >= 0)) return undefined;
  const read = readFilter(filter);
  if (!read.ok) return undefined;
  return {
    filter: read.value as EventFilterBody,
    count: Number(count),
    page_size: Math.min(Number(page_size), 50),
    offset: Number(offset),
  };
}
