import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { upgradeDatabase } from './database.ts';
import { openStorage } from './storage/index.ts';
import { tableNames } from './storage/migration.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prefect-database-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const settings = () => ({ databaseUrl: join(folder, 'prefect.db'), databasePoolSize: 2 });

test('a new database is brought to the newest version once', async () => {
  const { from, to } = await upgradeDatabase(settings(), true);
  expect([from, to > 0]).toEqual([0, true]);
  expect(await upgradeDatabase(settings())).toEqual({ from: 0, to });
  expect(await upgradeDatabase(settings())).toEqual({ from: to, to });
});

test('the tables that a reset empties are those that the migrations make', async () => {
  const storage = await openStorage({ url: settings().databaseUrl, poolSize: 2 });
  try {
    await storage.migrate();
    const known = await storage.reader.all<{ name: string }>(
      storage.builder
        .selectFrom('sqlite_master' as never)
        .select('name' as never)
        .where('type' as never, '=', 'table' as never),
    );
    const own = known.map(({ name }) => name).filter((name) => name !== 'migration' && !name.startsWith('sqlite_'));
    expect(tableNames(storage.dialect).sort()).toEqual(own.sort());
  } finally {
    await storage.close();
  }
});
