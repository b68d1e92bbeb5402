import type { CompiledQuery, Kysely, Transaction } from '#kysely';
import type { Tables } from './tables.ts';

/** Builds queries for the database in use; it never runs them. */
export type QueryBuilder = Kysely<Tables> | Transaction<Tables>;

/** Anything that yields a query: a Kysely builder, or a {@link statement} with its arguments. */
export interface Compilable<Row> {
  compile(): CompiledQuery<Row>;
}

/** Runs queries that read. */
export interface Reader {
  all<Row>(query: Compilable<Row>): Promise<Row[]>;
  first<Row>(query: Compilable<Row>): Promise<Row | undefined>;
}

/**
 * One transaction: all writes of a request. A unit does no I/O but its queries, since on SQLite everybody waits for it.
 */
export interface Unit extends Reader {
  /** Runs a query that writes; answers the number of rows that it changed. */
  run(query: Compilable<unknown>): Promise<number>;
  /** Calls back once the unit's changes are durable, before the caller of {@link Storage.write} goes on. */
  afterCommit(callback: () => void): void;
}

/** Where everything is kept. SQLite and PostgreSQL implement it. */
export interface Storage {
  readonly dialect: Dialect;
  readonly builder: Kysely<Tables>;
  /** Point reads of what is committed: a row by its key, a handful by an index. */
  readonly reader: Reader;
  /** Reads that may scan: lists, counts, histories, graphs. They never hold up a write. */
  readonly scanner: Reader;
  /** Runs `work` in a transaction; resolves when its changes survive a loss of power, rejects with nothing changed. */
  write<T>(work: (unit: Unit) => Promise<T>): Promise<T>;
  /** Applies the migrations that the database lacks. Throws {@link NewerDatabaseError} for a database of a later version. */
  migrate(): Promise<void>;
  close(): Promise<void>;
}

/** What the two databases spell differently. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres';
  readonly types: ColumnTypes;
}

/** The column types of a dialect, for migrations. */
export interface ColumnTypes {
  readonly uuid: string;
  readonly text: string;
  readonly json: string;
  readonly micros: string;
  readonly integer: string;
  readonly real: string;
  readonly flag: string;
  /** An integer key that grows with each row. */
  readonly position: string;
  /** What stands after the closing bracket of CREATE TABLE. */
  readonly tableOptions: string;
}
