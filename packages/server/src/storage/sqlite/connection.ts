import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { IntegrityError, StorageUnavailableError } from '../errors.ts';
import type { Compilable } from '../storage.ts';

const BUSY = 5;
const LOCKED = 6;
const CONSTRAINT = 19;

/** One connection to a SQLite file, with its prepared statements. Every call is synchronous. */
export class SqliteConnection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string, options: { readOnly: boolean }) {
    this.#database = new DatabaseSync(path, { readOnly: options.readOnly, timeout: 10_000 });
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
    return translating(() => this.#prepare(sql).get(...(parameters as SQLInputValue[]))) as Row | undefined;
  }

  /** Answers the number of rows changed. */
  run(query: Compilable<unknown>): number {
    const { sql, parameters } = query.compile();
    return Number(translating(() => this.#prepare(sql).run(...(parameters as SQLInputValue[]))).changes);
  }

  allRaw(sql: string, parameters: readonly unknown[]): unknown[] {
    return translating(() => this.#prepare(sql).all(...(parameters as SQLInputValue[])));
  }

  /** Rows as lists of values, with the names of their columns once. */
  allValues(sql: string, parameters: readonly unknown[]): { columns: string[]; rows: unknown[][] } {
    return translating(() => {
      const statement = this.#prepare(sql);
      statement.setReturnArrays(true);
      try {
        const rows = statement.all(...(parameters as SQLInputValue[])) as unknown as unknown[][];
        return { columns: statement.columns().map(({ name }) => name), rows };
      } finally {
        statement.setReturnArrays(false);
      }
    });
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      // Queries with lists of many lengths would otherwise pile up.
      if (this.#statements.size >= 500) this.#statements.clear();
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
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
