import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { databaseState, resetDatabase, upgradeDatabase } from '../src/database.ts';
import { startServer } from '../src/index.ts';
import { openStorage } from '../src/storage/index.ts';
import { pendingSteps } from '../src/storage/migration.ts';
import { startTestServer, type TestServer } from './server.ts';

let folder: string;
let server: TestServer | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prefect-database-'));
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

it('a database is as new after it was reset', async () => {
  server = await startTestServer();
  await server.request('POST', '/flows/', { name: 'gone' });
  await server.running.stop();
  const { version, pending } = await databaseState(server.settings);
  expect([version > 0, pending]).toEqual([true, []]);
  await resetDatabase(server.settings);
  expect(await databaseState(server.settings)).toEqual({ version, pending: [] });
  const again = await startServer(server.settings);
  const flows = await fetch(`${again.apiUrl}/flows/filter`, { method: 'POST', body: '{}' });
  expect(await flows.json()).toEqual([]);
  await again.stop();
});

it('a new database lacks every step, and is not made by asking', async () => {
  const settings = { databaseUrl: join(folder, 'prefect.db'), databasePoolSize: 2 };
  const before = await databaseState(settings);
  expect(before.version).toBe(0);
  expect(before.pending.length).toBeGreaterThan(5);
  await upgradeDatabase(settings);
  expect(await databaseState(settings)).toEqual({ version: before.pending.at(-1)?.version, pending: [] });
});

it('the database of another program is left alone', async () => {
  const databaseUrl = join(folder, 'theirs.db');
  const { DatabaseSync } = await import('node:sqlite');
  const theirs = new DatabaseSync(databaseUrl);
  theirs.exec('CREATE TABLE theirs (id INTEGER)');
  theirs.close();
  const settings = { databaseUrl, databasePoolSize: 2 };
  await expect(resetDatabase(settings)).rejects.toThrow(/holds tables that this server did not make/);
  await expect(upgradeDatabase(settings)).rejects.toThrow(/holds tables that this server did not make/);
});

it('a server that may not bring the schema up to date starts only when it is', async () => {
  server = await startTestServer();
  await server.running.stop();
  const settings = { ...server.settings, migrateOnStart: false };
  const started = await startServer(settings);
  await started.stop();
  const storage = await openStorage({ url: settings.databaseUrl, poolSize: 2 });
  await storage.write((unit) => unit.run(storage.builder.deleteFrom('migration').where('version', '>=', pendingSteps(0).length)));
  await storage.close();
  await expect(startServer(settings)).rejects.toThrow(
    'The database lacks 1 step of the schema. Run `prefect server database upgrade`',
  );
});
