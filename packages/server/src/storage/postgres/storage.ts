import { createHash } from 'node:crypto';
import pg from 'pg';
import { postgresBuilder } from '../builder.ts';
import { ForeignDatabaseError, IntegrityError, StorageTimeoutError, StorageUnavailableError } from '../errors.ts';
import { migrationTable, pendingMigrations } from '../migration.ts';
import type { Compilable, Reader, Storage, Unit } from '../storage.ts';
import { postgres } from './dialect.ts';

export interface PostgresOptions {
  /** `postgresql://user:password@host:port/database`. */
  readonly url: string;
  /** The most connections that this server opens. */
  readonly poolSize: number;
  /** The longest that a statement may take. */
  readonly timeoutSeconds: number;
}

const INT8 = 20;
const JSON_TYPES = [114, 3802];
const MIGRATION_LOCK = 70_726_566;
const RETRIES = 5;

/** Opens a PostgreSQL database; connections are made when they are needed. */
export function openPostgres(options: PostgresOptions): Storage {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    idleTimeoutMillis: 30_000,
    statement_timeout: Math.ceil(options.timeoutSeconds * 1000),
    types: { getTypeParser: (oid: number, format?: 'text' | 'binary') => parserOf(oid, format) },
  });
  // A connection that breaks must not end the process, idle or not: the pool replaces it, and its next query fails.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const builder = postgresBuilder();
  const reader = readerOf(pool);

  return {
    dialect: postgres,
    builder,
    reader,
    scanner: reader,
    write: (work) => writeUnit(pool, work),
    async migrate() {
      await translating(async () => {
        const client = await pool.connect();
        try {
          // Others may be at it, and a step on much data takes its time.
          await client.query('SET statement_timeout = 0');
          await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
          await refuseForeignTables(client);
          await client.query(migrationTable(postgres.types));
          const { rows } = await client.query<{ version: number }>('SELECT coalesce(max(version), 0) AS version FROM migration');
          for (const step of pendingMigrations(rows[0]?.version ?? 0, postgres))
            await client.query(['BEGIN', ...step, 'COMMIT'].join(';\n'));
        } finally {
          await client.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
          client.release(true);
        }
      });
    },
    close: () => pool.end(),
  };
}

async function refuseForeignTables(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ name: string; database: string }>(
    `SELECT table_name AS name, current_database() AS database FROM information_schema.tables
     WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'`,
  );
  const [first] = rows;
  if (first && !rows.some(({ name }) => name === 'migration')) throw new ForeignDatabaseError(first.database);
}

/** Integers of 64 bits are times and positions, exact in a number; JSON stays text until somebody looks. */
function parserOf(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === INT8) return Number;
  if (JSON_TYPES.includes(oid)) return (value) => value;
  return pg.types.getTypeParser(oid, format as 'text') as (value: string) => unknown;
}

interface Queryable {
  query(config: { name?: string; text: string; values: unknown[] }): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

function readerOf(client: Queryable): Reader {
  return {
    all: async (query) => (await send(client, query)).rows as never,
    first: async (query) => (await send(client, query)).rows[0] as never,
  };
}

async function send(client: Queryable, query: Compilable<unknown>): Promise<{ rows: unknown[]; rowCount: number | null }> {
  const { sql, parameters } = query.compile();
  return translating(() => client.query({ name: statementName(sql), text: sql, values: parameters as unknown[] }));
}

const names = new Map<string, string>();

/** A name makes PostgreSQL keep the prepared statement on the connection. */
function statementName(sql: string): string {
  let name = names.get(sql);
  if (!name) {
    if (names.size > 5_000) names.clear();
    name = createHash('sha1').update(sql).digest('base64url');
    names.set(sql, name);
  }
  return name;
}

async function writeUnit<T>(pool: pg.Pool, work: (unit: Unit) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const client = await translating(() => pool.connect());
    let broken = false;
    try {
      const callbacks: (() => void)[] = [];
      const unit: Unit = {
        ...readerOf(client),
        run: async (query) => (await send(client, query)).rowCount ?? 0,
        afterCommit: (callback) => callbacks.push(callback),
      };
      await translating(() => client.query('BEGIN'));
      const value = await work(unit);
      await translating(() => client.query('COMMIT'));
      for (const callback of callbacks) callback();
      return value;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {
        broken = true;
      });
      if (!(error instanceof ConflictError) || attempt >= RETRIES) throw error;
    } finally {
      client.release(broken);
    }
  }
}

/** Two units got in each other's way and PostgreSQL gave up this one; it may simply run again. */
class ConflictError extends StorageUnavailableError {}

async function translating<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const code = 'code' in error ? String(error.code) : '';
    // A value that does not fit its column: SQLite has a rule of the table for that.
    if (code.startsWith('23') || VALUES_REFUSED.includes(code)) throw new IntegrityError(error.message, { cause: error });
    if (code === '40001' || code === '40P01') throw new ConflictError(error.message, { cause: error });
    if (code === '57014') throw new StorageTimeoutError({ cause: error });
    if (isUnavailable(code, error.message)) throw new StorageUnavailableError(error.message, { cause: error });
    throw error;
  }
}

/** Numbers and texts that PostgreSQL cannot keep: out of range, with a NUL, or with half of a pair of surrogates. */
const VALUES_REFUSED = ['22003', '22021', '22P02', '22P05'];

/** What the driver says of a connection that is no more, without a code. */
const BROKEN_CONNECTION = /Connection terminated|connection error and is not queryable|Client was closed/;

function isUnavailable(code: string, message: string): boolean {
  return (
    code.startsWith('08') ||
    code.startsWith('57P') ||
    code === '53300' ||
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'ETIMEDOUT'].includes(code) ||
    BROKEN_CONNECTION.test(message)
  );
}
