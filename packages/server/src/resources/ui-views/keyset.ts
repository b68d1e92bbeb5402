import { type RawBuilder, sql } from '#kysely';
import type { Condition } from '../../filters/criteria.ts';
import type { Compilable, Reader } from '../../storage/storage.ts';

/** An order in which pages follow each other: by a key that is never null, and by id where keys are the same. */
export interface KeysetOrder {
  readonly key: RawBuilder<string | number>;
  readonly id: string;
  readonly direction: 'asc' | 'desc';
}

type Position = readonly [key: string | number, id: string];

/** The condition on rows that come after a cursor; none for the first page and for a cursor that makes no sense. */
export function afterCursor({ key, id, direction }: KeysetOrder, cursor: string | null | undefined): Condition[] {
  const position = cursor ? readCursor(cursor) : undefined;
  if (!position) return [];
  const [value, last] = position;
  const beyond = sql.raw(direction === 'asc' ? '>' : '<');
  // The first part is a bound from which an index goes on.
  return [sql`(${key} ${beyond}= ${value} and (${key} ${beyond} ${value} or ${sql.ref(id)} ${beyond} ${last}))`];
}

/** What stands after ORDER BY. */
export function orderBy({ key, id, direction }: KeysetOrder): RawBuilder<unknown> {
  const way = sql.raw(direction);
  return sql`${key} ${way}, ${sql.ref(id)} ${way}`;
}

/** Cuts a page that was read with one row too many, and says where the next one begins. */
export function cutPage<Row extends { readonly id: string; readonly page_key: string | number }>(
  rows: readonly Row[],
  limit: number,
): { page: Row[]; next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { page, next: rows.length > limit && last ? writeCursor([last.page_key, last.id]) : null };
}

function writeCursor(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

function readCursor(cursor: string): Position | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (!Array.isArray(value)) return undefined;
    const [key, id] = value;
    return (typeof key === 'string' || typeof key === 'number') && typeof id === 'string' ? [key, id] : undefined;
  } catch {
    return undefined;
  }
}

/** Totals are exact up to here; beyond, counting would cost more than the page. */
export const LARGEST_EXACT_TOTAL = 10_000;

/** Counts the rows of a query, which the caller limits to one more than {@link LARGEST_EXACT_TOTAL}. */
export async function boundedTotal(
  reader: Reader,
  query: Compilable<{ count: number }>,
): Promise<{ total: number; total_is_exact: boolean }> {
  const counted = Number((await reader.first(query))?.count ?? 0);
  return { total: Math.min(counted, LARGEST_EXACT_TOTAL), total_is_exact: counted <= LARGEST_EXACT_TOTAL };
}
