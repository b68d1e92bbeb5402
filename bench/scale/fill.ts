import { openStorage } from '../../packages/server/src/storage/index.ts';
import type { Compilable, Storage } from '../../packages/server/src/storage/storage.ts';
import { rowSources, type World } from './rows.ts';

/** So many rows go into one transaction. */
const ROWS_AT_ONCE = 50_000;

/**
 * Makes the schema in an empty database, by the server's own steps, and fills it. Indexes that no constraint needs are made when the rows are
 * there, which is many times quicker.
 *
 * @param progress hears what is being done.
 */
export async function fillDatabase(url: string, world: World, progress: (text: string) => void): Promise<void> {
  const storage = await openStorage({ url, poolSize: 1, timeoutSeconds: 3_600 });
  try {
    await storage.migrate();
    const sources = rowSources(world);
    const indexes = await readIndexes(
      storage,
      sources.map(({ table }) => table),
    );
    for (const { name } of indexes) await execute(storage, `DROP INDEX ${name}`);
    for (const { table, count, insert } of sources) {
      progress(`${table}: ${count} rows`);
      for (let first = 0; first < count; first += ROWS_AT_ONCE)
        await execute(storage, insert(first, Math.min(count, first + ROWS_AT_ONCE) - 1));
    }
    for (const { name, sql } of indexes) {
      progress(`index ${name}`);
      await execute(storage, sql);
    }
  } finally {
    await storage.close();
  }
}

/** Brings a database that was filled before to the schema of today, for which a server's start would not wait. */
export async function migrateDatabase(url: string): Promise<void> {
  const storage = await openStorage({ url, poolSize: 1, timeoutSeconds: 3_600 });
  await storage.migrate().finally(() => storage.close());
}

interface Index {
  readonly name: string;
  readonly sql: string;
}

async function readIndexes(storage: Storage, tables: readonly string[]): Promise<Index[]> {
  const list = tables.map((table) => `'${table}'`).join(', ');
  return storage.reader.all<Index>(
    raw(
      storage.dialect.name === 'sqlite'
        ? `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (${list})`
        : `SELECT indexname AS name, indexdef AS sql FROM pg_indexes WHERE tablename IN (${list})
           AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)`,
    ),
  );
}

async function execute(storage: Storage, sql: string): Promise<void> {
  await storage.write(async (unit) => {
    // Each row refers to rows that were made before it; to look for them all would take longer than to make them.
    if (storage.dialect.name === 'postgres') await unit.run(raw('SET LOCAL session_replication_role = replica'));
    await unit.run(raw(sql));
  });
}

/** A statement that is text already. */
function raw<Row>(sql: string): Compilable<Row> {
  return {
    compile: () => ({
      sql,
      parameters: [],
      query: { kind: 'RawNode', sqlFragments: [sql], parameters: [] },
      queryId: { queryId: sql },
    }),
  };
}
