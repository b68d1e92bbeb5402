import {
  type EventCount,
  formatLabelTimestamp,
  formatTimestamp,
  type Micros,
  parseTimestamp,
  SECOND,
} from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { primaryLabel } from './event-conditions.ts';
import type { EventFilterBody } from './event-filter.ts';
import { type StoredEventFilter, storedEventFilter, walkEvents } from './event-slices.ts';

export type Countable = 'day' | 'time' | 'event' | 'resource';

const UNITS = { week: 7 * 86_400, day: 86_400, hour: 3_600, minute: 60, second: 1 } as const;

/** What a bucket of time is: a unit, so many times. */
export interface Interval {
  readonly unit: keyof typeof UNITS;
  readonly times: number;
}

const MOST_BUCKETS = 1_000;
/** A Monday; buckets begin so many steps from it. */
const PIVOT: Micros = parseTimestamp('2024-04-01T00:00:00Z') ?? 0;

/** Counts events by what they have in common. Contract: events 4.7. */
export async function countEvents(
  core: Core,
  countable: Countable,
  body: EventFilterBody,
  interval: Interval,
): Promise<EventCount[]> {
  const filter = storedEventFilter(core, body);
  const span = Math.max(1, Math.round(UNITS[interval.unit] * interval.times * SECOND));
  const { since, until } = filter.window;
  const buckets = Math.ceil((until - since) / span);
  if (buckets > MOST_BUCKETS)
    throw new DetailError(
      422,
      `The given interval would create ${buckets} buckets, which is too many. Please increase the interval or reduce the time range to produce ${MOST_BUCKETS} buckets or fewer.`,
    );
  switch (countable) {
    case 'event':
      return countByName(core, filter);
    case 'resource':
      return countByResource(core, filter);
    default: {
      const end = until > core.clock() ? Math.min(until, endOfUnit(core.clock(), interval.unit)) : until;
      return countByTime(core, { ...filter, window: { since, until: end } }, span);
    }
  }
}

function endOfUnit(now: Micros, unit: Interval['unit']): Micros {
  return startOf(now, UNITS[unit] * SECOND) + UNITS[unit] * SECOND - 1;
}

function startOf(time: Micros, span: Micros): Micros {
  return PIVOT + Math.floor((time - PIVOT) / span) * span;
}

async function countByTime(core: Core, filter: StoredEventFilter, span: Micros): Promise<EventCount[]> {
  const first = startOf(filter.window.since, span);
  const counts = new Map<number, number>();
  await walkEvents(core, filter, async (where) => {
    const bucket = sql<number>`(event.occurred - cast(${first} as bigint)) / cast(${span} as bigint)`;
    const rows = await core.scan.all(
      core.storage.builder
        .selectFrom('event')
        .select([bucket.as('bucket'), sql<number>`count(*)`.as('count')])
        .where(where)
        .groupBy(sql`1`),
    );
    for (const row of rows) counts.set(Number(row.bucket), (counts.get(Number(row.bucket)) ?? 0) + Number(row.count));
    return true;
  });
  const number = Math.floor((filter.window.until - first) / span) + 1;
  return Array.from({ length: Math.max(0, number) }, (_, index) => ({
    value: String(index),
    label: formatLabelTimestamp(first + index * span),
    count: counts.get(index) ?? 0,
    start_time: formatTimestamp(first + index * span),
    end_time: formatTimestamp(first + (index + 1) * span - 1),
  }));
}

interface Group {
  label: string;
  /** When the label was last seen. */
  labelled: Micros;
  count: number;
  first: Micros;
  last: Micros;
}

function countByName(core: Core, filter: StoredEventFilter): Promise<EventCount[]> {
  return countGroups(core, filter, (where) =>
    core.storage.builder
      .selectFrom('event')
      .select(['event as value', 'event as label', ...AGGREGATES])
      .where(where)
      .groupBy('event'),
  );
}

function countByResource(core: Core, filter: StoredEventFilter): Promise<EventCount[]> {
  const label = sql<string>`coalesce(${primaryLabel('prefect.resource.name')}, ${primaryLabel('prefect.name')}, event.resource_id)`;
  return countGroups(core, filter, (where) =>
    core.storage.builder
      .selectFrom('event')
      .select(['resource_id as value', label.as('label'), ...AGGREGATES])
      .where(where)
      .groupBy(sql`1, 2`),
  );
}

const AGGREGATES = [
  sql<number>`count(*)`.as('count'),
  sql<Micros>`min(event.occurred)`.as('first'),
  sql<Micros>`max(event.occurred)`.as('last'),
] as const;

interface GroupRow {
  readonly value: string;
  readonly label: string;
  readonly count: number;
  readonly first: Micros;
  readonly last: Micros;
}

async function countGroups(
  core: Core,
  filter: StoredEventFilter,
  select: (where: Parameters<Parameters<typeof walkEvents>[2]>[0]) => Parameters<typeof core.scan.all<GroupRow>>[0],
): Promise<EventCount[]> {
  const groups = new Map<string, Group>();
  await walkEvents(core, filter, async (where) => {
    for (const row of await core.scan.all<GroupRow>(select(where))) merge(groups, row);
    return true;
  });
  return [...groups]
    .sort(([, a], [, b]) => b.count - a.count || (a.label < b.label ? -1 : a.label > b.label ? 1 : 0))
    .map(([value, { label, count, first, last }]) => ({
      value,
      label,
      count,
      start_time: formatTimestamp(first),
      end_time: formatTimestamp(last),
    }));
}

/** A resource that changed its label counts under its newest one. */
function merge(groups: Map<string, Group>, { value, label, count, first, last }: GroupRow): void {
  const group = groups.get(value);
  if (!group) return void groups.set(value, { label, labelled: last, count: Number(count), first, last });
  if (last >= group.labelled) Object.assign(group, { label, labelled: last });
  group.count += Number(count);
  group.first = Math.min(group.first, first);
  group.last = Math.max(group.last, last);
}
