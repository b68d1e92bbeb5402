import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { IntegrityError, StorageUnavailableError } from '../errors.ts';
import type { Compilable } from '../storage.ts';
import { namedRow } from './named-rows.ts';

const BUSY = 5;
const LOCKED = 6;
const CONSTRAINT = 19;

interface Prepared {
  /** Gives rows as lists of values. */
  readonly statement: StatementSync;
  /** Known once rows were read. */
  columns: string[] | undefined;
}

/** One connection to a SQLite file, with its prepared statements. Every call is synchronous. */
export class SqliteConnection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, Prepared>();

  constructor(path: string, options: { readOnly: boolean }) {
    this.#database = new DatabaseSync(path, { readOnly: options.readOnly, timeout: 10_000 });
  }

  /** Runs one statement that takes no parameters and gives no rows, and keeps it prepared. */
  step(sql: string): void {
    translating(() => this.#prepare(sql).statement.run());
  }

  /** Runs statements that take no parameters and give no rows. */
  execute(sql: string): void {
    translating(() => this.#database.exec(sql));
  }

  all<Row>(query: Compilable<Row>): Row[] {
    const { sql, parameters } = query.compile();
    return this.allRaw(sql, parameters) as Row[];
  }

  first<Row>(query: Compilable<Row>): Row | undefined {
    const { sql, parameters } = query.compile();
    return translating(() => {
      const prepared = this.#prepare(sql);
      const values = prepared.statement.get(...(parameters as SQLInputValue[])) as unknown as unknown[] | undefined;
      return values && namedRow(columnsOf(prepared), values);
    }) as Row | undefined;
  }

  /** Answers the number of rows changed. */
  run(query: Compilable<unknown>): number {
    const { sql, parameters } = query.compile();
    return Number(translating(() => this.#prepare(sql).statement.run(...(parameters as SQLInputValue[]))).changes);
  }

  allRaw(sql: string, parameters: readonly unknown[]): unknown[] {
    const { columns, rows } = this.allValues(sql, parameters);
    return rows.map((values) => namedRow(columns, values));
  }

  /** Rows as lists of values, with the names of their columns once. */
  allValues(sql: string, parameters: readonly unknown[]): { columns: string[]; rows: unknown[][] } {
    return translating(() => {
      const prepared = this.#prepare(sql);
      const rows = prepared.statement.all(...(parameters as SQLInputValue[])) as unknown as unknown[][];
      return { columns: columnsOf(prepared), rows };
    });
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): Prepared {
    let prepared = this.#statements.get(sql);
    if (!prepared) {
      // Queries with lists of many lengths would otherwise pile up.
      if (this.#statements.size >= 500) this.#statements.clear();
      const statement = this.#database.prepare(sql);
      statement.setReturnArrays(true);
      prepared = { statement, columns: undefined };
      this.#statements.set(sql, prepared);
    }
    return prepared;
  }
}

/** No schema changes while a connection is open: the steps of the schema run before the first request. */
function columnsOf(prepared: Prepared): string[] {
  prepared.columns ??= prepared.statement.columns().map(({ name }) => name);
  return prepared.columns;
}

/** Turns SQLite's result codes into the errors of storage. */
function translating<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined;
    if (code === CONSTRAINT) throw new IntegrityError((error as Error).message, { cause: error });
    if (code === BUSY || code === LOCKED) throw new StorageUnavailableError((error as Error).message, { cause: error });
    throw error;
  }
}
