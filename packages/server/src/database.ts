import type { ServerSettings } from './settings.ts';
import { openStorage } from './storage/index.ts';
import { SCHEMA_VERSION, tableNames } from './storage/migration.ts';
import type { Storage } from './storage/storage.ts';
import type { Tables } from './storage/tables.ts';

type DatabaseSettings = Pick<ServerSettings, 'databaseUrl' | 'databasePoolSize'>;

/** The version of a schema before and after. */
export interface SchemaChange {
  readonly from: number;
  readonly to: number;
}

/**
 * Brings the schema of a database to the newest version, as a server does when it starts.
 *
 * @param dryRun only tells what would be done
 */
export async function upgradeDatabase(settings: DatabaseSettings, dryRun = false): Promise<SchemaChange> {
  return withStorage(settings, async (storage) => {
    const from = await schemaVersion(storage);
    if (!dryRun) await storage.migrate();
    return { from, to: Math.max(from, SCHEMA_VERSION) };
  });
}

/** Deletes everything that a server keeps in a database. Only for one that no server uses. */
export async function resetDatabase(settings: DatabaseSettings): Promise<void> {
  await withStorage(settings, async (storage) => {
    await storage.migrate();
    // The names are those of the migrations, so they are tables.
    const tables = tableNames(storage.dialect).reverse() as (keyof Tables)[];
    await storage.write(async (unit) => {
      for (const table of tables) await unit.run(storage.builder.deleteFrom(table));
    });
  });
}

/** A day, in seconds: nobody waits for an answer but who asked for this. */
const AS_LONG_AS_IT_TAKES = 86_400;

async function withStorage<T>(settings: DatabaseSettings, work: (storage: Storage) => Promise<T>): Promise<T> {
  const { databaseUrl: url, databasePoolSize: poolSize } = settings;
  const storage = await openStorage({ url, poolSize, timeoutSeconds: AS_LONG_AS_IT_TAKES });
  try {
    return await work(storage);
  } finally {
    await storage.close();
  }
}

/** 0 for a database that no server has used yet. */
async function schemaVersion({ reader, builder }: Storage): Promise<number> {
  try {
    const row = await reader.first<{ version: number | null }>(
      builder.selectFrom('migration').select(({ fn }) => fn.max('version').as('version')),
    );
    return row?.version ?? 0;
  } catch (error) {
    if (error instanceof Error && /no such table|does not exist/.test(error.message)) return 0;
    throw error;
  }
}
