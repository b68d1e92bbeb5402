import { PostgresAdapter } from '#kysely';
import type { QueryBuilder } from './storage.ts';
import type { Tables } from './tables.ts';

/** Tells for which database a builder builds. */
export function isPostgres(db: QueryBuilder): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}

/** A query whose rows can be locked. */
interface Lockable {
  forUpdate(of: never): unknown;
}

/**
 * Locks the rows of `table` that a query reads until the unit ends. SQLite has one writer and needs no locks.
 *
 * @param table the table's name or its alias in the query.
 */
export function locked<Query extends Lockable>(db: QueryBuilder, query: Query, table: keyof Tables | 'run'): Query {
  return isPostgres(db) ? (query.forUpdate(table as never) as Query) : query;
}
