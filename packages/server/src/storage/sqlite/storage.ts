import { dirname } from 'node:path';
import { makeFolder } from '../../make-folder.ts';
import { sqliteBuilder } from '../builder.ts';
import { ForeignDatabaseError, StorageLocationError } from '../errors.ts';
import { migrationTable, pendingMigrations } from '../migration.ts';
import type { Compilable, Reader, Storage } from '../storage.ts';
import { SqliteConnection } from './connection.ts';
import { sqlite } from './dialect.ts';
import { LogSync } from './durability.ts';
import { ScanThread } from './scan-thread.ts';
import { WriteQueue } from './write-queue.ts';

export interface SqliteOptions {
  /** The database file, or `:memory:` for one that lives and dies with this object. */
  readonly path: string;
  /** The longest that a read in the scanning thread may take. */
  readonly timeoutSeconds: number;
  /** Whether an answer waits for the disk. Only tests turn it off. */
  readonly durable?: boolean;
}

/** Opens, or makes, a SQLite database. Throws {@link StorageLocationError} when its folder or file cannot be used. */
export function openSqlite(options: SqliteOptions): Storage {
  const inMemory = options.path === ':memory:';
  const writer = openWriter(options.path, inMemory);
  const logSync = inMemory || options.durable === false ? undefined : new LogSync(options.path);
  const queue = new WriteQueue(writer, logSync);
  let pointReader: SqliteConnection | undefined;
  let scanThread: ScanThread | undefined;

  const reader: Reader = {
    all: async (query) => pointConnection().all(query),
    first: async (query) => pointConnection().first(query),
  };
  const scanner: Reader = inMemory
    ? reader
    : {
        all: (query) => scan(query),
        first: async (query) => (await scan(query))[0],
      };

  function pointConnection(): SqliteConnection {
    if (inMemory) return writer;
    pointReader ??= new SqliteConnection(options.path, { readOnly: true });
    return pointReader;
  }

  function scan<Row>(query: Compilable<Row>): Promise<Row[]> {
    scanThread ??= new ScanThread(options.path, options.timeoutSeconds);
    const { sql, parameters } = query.compile();
    return scanThread.all(sql, parameters) as Promise<Row[]>;
  }

  return {
    dialect: sqlite,
    builder: sqliteBuilder(),
    reader,
    scanner,
    write: (work) => queue.write(work),
    async migrate() {
      refuseForeignTables(writer, options.path);
      writer.execute(migrationTable(sqlite.types));
      const [row] = writer.allRaw('SELECT coalesce(max(version), 0) AS version FROM migration', []) as { version: number }[];
      for (const step of pendingMigrations(row?.version ?? 0, sqlite))
        writer.execute(['BEGIN IMMEDIATE', ...step, 'COMMIT'].join(';\n'));
      await logSync?.durable();
    },
    async close() {
      await queue.idle();
      await scanThread?.close();
      await logSync?.close();
      pointReader?.close();
      writer.close();
    },
  };
}

function refuseForeignTables(writer: SqliteConnection, path: string): void {
  const tables = writer.allRaw("SELECT name FROM sqlite_master WHERE type = 'table'", []) as { name: string }[];
  if (tables.length > 0 && !tables.some(({ name }) => name === 'migration')) throw new ForeignDatabaseError(path);
}

function openWriter(path: string, inMemory: boolean): SqliteConnection {
  try {
    if (!inMemory) makeFolder(dirname(path));
    const writer = new SqliteConnection(path, { readOnly: false });
    // Checkpoints run in the scanning thread; the writer only makes one when the log has grown to 64 MB regardless.
    writer.execute(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 16000; PRAGMA cache_size = -16384',
    );
    return writer;
  } catch (error) {
    throw new StorageLocationError(
      `The database ${path} cannot be opened: ${(error as Error).message}. Check that its folder exists and can be written, or name another with PREFECT_HOME.`,
      { cause: error },
    );
  }
}
