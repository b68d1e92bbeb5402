import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrationTable, pendingMigrations } from '../../packages/server/src/storage/migration.ts';
import { sqlite } from '../../packages/server/src/storage/sqlite/dialect.ts';
import { aTerminal, type CommandEnd, type Terminal } from '../terminal.ts';

let terminal: Terminal;
let database: string;
beforeEach(async () => {
  terminal = await aTerminal({ folder: import.meta.dirname });
  database = join(terminal.home, 'prefect.db');
});
afterEach(() => terminal.close());

const start = (): Promise<CommandEnd> => terminal.prefect('server', 'start', '--port', '0');

/** One line, with what to do in it or below it. */
const refusal = (reason: string, advice: string) => [1, expect.stringMatching(new RegExp(`^.*${reason}.*\\n?.*${advice}.*\\n$`))];

describe('a server that cannot start says why, and leaves things as they are:', () => {
  it('its port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await terminal.prefect('server', 'start', '--port', String(port));
    other.close();
    expect([code, stderr]).toEqual(refusal(`Port ${port} on 127.0.0.1 is in use\\.`, '--port'));
  });

  it('its folder cannot be written', async () => {
    const file = join(terminal.home, 'file');
    await writeFile(file, 'mine');
    terminal.env.PREFECT_HOME = join(file, 'home');
    const { code, stderr } = await start();
    expect([code, stderr]).toEqual(refusal('The folder \\S+ cannot be written: ', '\\n {2}Set PREFECT_HOME'));
    expect(await readFile(file, 'utf8')).toBe('mine');
  });

  it('its database is no database', async () => {
    const content = randomBytes(8192);
    await writeFile(database, content);
    const { code, stderr } = await start();
    expect([code, stderr]).toEqual(refusal('cannot be opened: file is not a database', 'PREFECT_HOME'));
    expect(await readFile(database)).toEqual(content);
  });

  it('its database is of a later version', async () => {
    query('CREATE TABLE migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied INTEGER NOT NULL)');
    query("INSERT INTO migration VALUES (999, 'later', 1)");
    const { code, stderr } = await start();
    expect([code, stderr]).toEqual(refusal('The database is at version 999', 'Start a newer server'));
    expect(tables()).toEqual(['migration']);
  });

  it('its database is of another program', async () => {
    query('CREATE TABLE flow (id CHAR(36))');
    const { code, stderr } = await start();
    expect([code, stderr]).toEqual(
      refusal('holds tables that this server did not make', 'PREFECT_SERVER_DATABASE_CONNECTION_URL'),
    );
    expect(tables()).toEqual(['flow']);
  });
});

it('brings a database of an earlier version up to date, with what is in it', async () => {
  const [first = []] = pendingMigrations(0, sqlite);
  query(migrationTable(sqlite.types));
  for (const statement of first) query(statement);
  query("INSERT INTO flow VALUES ('018f0000-0000-7000-8000-000000000000', 1, 1, 'kept', '[]', '{}')");
  query(
    "INSERT INTO event (id, occurred, received, event, resource_id, body) VALUES ('018f0000-0000-7000-8000-000000000001', 1, 1, 'kept', 'a', '{}')",
  );
  const before = tables();

  const server = terminal.start('server', 'start', '--port', '0');
  const [, apiUrl = ''] = await server.said(/API +(http:\S+\/api)/);
  terminal.env.PREFECT_API_URL = apiUrl;
  expect(await terminal.succeed('flow', 'ls')).toContain('kept');
  expect(await server.stop('SIGTERM')).toBe(0);
  expect(tables()).toEqual(expect.arrayContaining(before));
  expect(tables().length).toBeGreaterThan(before.length);
  expect(query("SELECT position FROM event WHERE event = 'kept'")).toEqual([{ position: 1 }]);
});

function query(sql: string): Record<string, unknown>[] {
  using connection = new DatabaseSync(database);
  return connection.prepare(sql).all();
}

function tables(): unknown[] {
  return query("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").map(({ name }) => name);
}
