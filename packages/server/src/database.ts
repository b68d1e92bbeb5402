import { existsSync, rmSync } from 'node:fs';
import pg from 'pg';
import type { ServerSettings } from './settings.ts';
import { ForeignDatabaseError } from './storage/errors.ts';
import { openStorage, postgresUrl, sqliteFile } from './storage/index.ts';
import { type PendingStep, pendingSteps } from './storage/migration.ts';
import { schemaVersion } from './storage/schema-version.ts';

type DatabaseSettings = Pick<ServerSettings, 'databaseUrl' | 'databasePoolSize'>;

/** How far a database is. */
export interface DatabaseState {
  /** The last step of the schema that it has; 0 for a new one. */
  readonly version: number;
  readonly pending: readonly PendingStep[];
}

/** Says which steps of the schema a database lacks. A database that is not there yet is not made. */
export async function databaseState({ databaseUrl: url, databasePoolSize: poolSize }: DatabaseSettings): Promise<DatabaseState> {
  const file = sqliteFile(url);
  if (file !== undefined && !existsSync(file)) return { version: 0, pending: pendingSteps(0) };
  const storage = await openStorage({ url, poolSize });
  try {
    const version = await schemaVersion(storage);
    return { version, pending: pendingSteps(version) };
  } finally {
    await storage.close();
  }
}

/** Brings the schema of a database up to date. */
export async function upgradeDatabase({ databaseUrl: url, databasePoolSize: poolSize }: DatabaseSettings): Promise<void> {
  const storage = await openStorage({ url, poolSize });
  try {
    await storage.migrate();
  } finally {
    await storage.close();
  }
}

/**
 * Empties a database: everything in it is lost, and it is as new. No server may run on it.
 *
 * @throws ForeignDatabaseError for a database of another program.
 */
export async function resetDatabase(settings: DatabaseSettings): Promise<void> {
  const { version } = await databaseState(settings);
  const file = sqliteFile(settings.databaseUrl);
  const url = postgresUrl(settings.databaseUrl);
  if (url !== undefined) await dropTables(url, version);
  else if (file !== undefined && existsSync(file)) {
    if (version === 0) throw new ForeignDatabaseError(file);
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  }
  await upgradeDatabase(settings);
}

async function dropTables(url: string, version: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ tablename: string; database: string }>(
      'SELECT tablename, current_database() AS database FROM pg_tables WHERE schemaname = current_schema()',
    );
    const [first] = rows;
    if (!first) return;
    if (version === 0) throw new ForeignDatabaseError(first.database);
    const names = rows.map(({ tablename }) => pg.escapeIdentifier(tablename));
    await client.query(`DROP TABLE ${names.join(', ')} CASCADE`);
  } finally {
    await client.end();
  }
}
