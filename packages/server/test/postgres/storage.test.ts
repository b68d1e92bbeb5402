import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '../../src/generated/kysely.js';
import { ForeignDatabaseError, StorageTimeoutError } from '../../src/storage/errors.ts';
import { openStorage } from '../../src/storage/index.ts';

const address = process.env.PREFECT_TEST_POSTGRES_URL ?? '';
const name = `test_${crypto.randomUUID().replaceAll('-', '')}`;
const url = Object.assign(new URL(address), { pathname: `/${name}` }).href;

async function execute(statement: string, at = url): Promise<void> {
  const client = new pg.Client({ connectionString: at });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

beforeAll(() => execute(`CREATE DATABASE ${name}`, address));
afterAll(() => execute(`DROP DATABASE ${name} WITH (FORCE)`, address));

describe('a database of another program', () => {
  it('is left alone, and named', async () => {
    await execute('CREATE TABLE customer (id int)');
    const storage = await openStorage({ url, poolSize: 1 });
    await expect(storage.migrate()).rejects.toThrow(ForeignDatabaseError);
    await expect(storage.migrate()).rejects.toThrow(name);
    await execute('DROP TABLE customer');
    await storage.migrate();
    await storage.migrate();
    await execute('CREATE TABLE report (id int)');
    await storage.migrate();
    await storage.close();
  });
});

describe('a read that takes too long', () => {
  it('is given up, and others are not held up by it', async () => {
    const storage = await openStorage({ url, poolSize: 2, timeoutSeconds: 0.2 });
    const slow = storage.builder.selectNoFrom(sql`pg_sleep(60)`.as('slept'));
    const quick = storage.builder.selectNoFrom(sql<number>`1`.as('one'));
    const outcomes = await Promise.allSettled([storage.scanner.all(slow), storage.scanner.all(quick)]);
    expect(outcomes).toEqual([
      { status: 'rejected', reason: expect.any(StorageTimeoutError) },
      { status: 'fulfilled', value: [{ one: 1 }] },
    ]);
    await storage.close();
  });
});
