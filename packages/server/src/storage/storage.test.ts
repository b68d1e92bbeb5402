import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { sql } from '#kysely';
import { IntegrityError, NewerDatabaseError, StorageLocationError, StorageTimeoutError } from './errors.ts';
import { openStorage } from './index.ts';
import { statement } from './statement.ts';
import type { Storage } from './storage.ts';

const open: { storage: Storage; folder: string }[] = [];

async function aStorage({ timeoutSeconds = 60 } = {}): Promise<Storage & { folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'prefect-storage-'));
  const storage = await openStorage({ url: join(folder, 'test.db'), poolSize: 2, timeoutSeconds });
  await storage.migrate();
  open.push({ storage, folder });
  return Object.assign(storage, { folder });
}

afterEach(async () => {
  for (const { storage, folder } of open.splice(0)) {
    await storage.close();
    rmSync(folder, { recursive: true });
  }
});

function aFlow(storage: Storage, name: string) {
  const row = { id: crypto.randomUUID(), created: 1, updated: 1, name, tags: '[]', labels: '{}' };
  return storage.builder.insertInto('flow').values(row);
}

const names = async (storage: Storage) =>
  (await storage.reader.all(storage.builder.selectFrom('flow').select('name').orderBy('name'))).map(({ name }) => name);

describe('units of work', () => {
  it('that wait together are all written', async () => {
    const storage = await aStorage();
    const wanted = Array.from({ length: 100 }, (_, index) => `flow-${String(index).padStart(3, '0')}`);
    await Promise.all(wanted.map((name) => storage.write((unit) => unit.run(aFlow(storage, name)))));
    expect(await names(storage)).toEqual(wanted);
  });

  it('fail alone: what shares their commit is written', async () => {
    const storage = await aStorage();
    const outcomes = await Promise.allSettled([
      storage.write((unit) => unit.run(aFlow(storage, 'a'))),
      storage.write(async (unit) => {
        await unit.run(aFlow(storage, 'lost'));
        throw new Error('changed my mind');
      }),
      storage.write((unit) => unit.run(aFlow(storage, 'b'))),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await names(storage)).toEqual(['a', 'b']);
  });

  it('see what units before them wrote, and readers see it once it is committed', async () => {
    const storage = await aStorage();
    const [, seen] = await Promise.all([
      storage.write((unit) => unit.run(aFlow(storage, 'a'))),
      storage.write((unit) => unit.all(storage.builder.selectFrom('flow').select('name'))),
    ]);
    expect(seen).toEqual([{ name: 'a' }]);
  });

  it('call back only when they are written', async () => {
    const storage = await aStorage();
    const calls: string[] = [];
    await storage.write(async (unit) => unit.afterCommit(() => calls.push('written')));
    await storage
      .write(async (unit) => {
        unit.afterCommit(() => calls.push('never'));
        throw new Error('no');
      })
      .catch(() => undefined);
    expect(calls).toEqual(['written']);
  });

  it('are refused by the rules of the database with an error of their own', async () => {
    const storage = await aStorage();
    await storage.write((unit) => unit.run(aFlow(storage, 'twice')));
    await expect(storage.write((unit) => unit.run(aFlow(storage, 'twice')))).rejects.toThrow(IntegrityError);
  });
});

describe('reads that may scan', () => {
  it('run beside the writer and see what is committed', async () => {
    const storage = await aStorage();
    await storage.write((unit) => unit.run(aFlow(storage, 'a')));
    expect(await storage.scanner.all(storage.builder.selectFrom('flow').select('name'))).toEqual([{ name: 'a' }]);
  });

  it('report their errors to whoever asked', async () => {
    const storage = await aStorage();
    const nonsense = storage.builder.selectFrom('nowhere' as 'flow').selectAll();
    await expect(storage.scanner.all(nonsense)).rejects.toThrow('no such table');
  });
});

describe('a read that takes too long', () => {
  const endless = (storage: Storage) =>
    storage.builder
      .withRecursive('counted(n)', (db) =>
        db
          .selectNoFrom(sql<number>`1`.as('n'))
          .unionAll(db.selectFrom('counted').select(sql<number>`n + 1`.as('n')).where('n', '<', 3e6)),
      )
      .selectFrom('counted')
      .select(sql<number>`count(*)`.as('count'));

  it('is given up, and what waits behind it is not', async () => {
    const storage = await aStorage({ timeoutSeconds: 0.15 });
    await storage.write((unit) => unit.run(aFlow(storage, 'a')));
    const reads = [storage.scanner.all(endless(storage)), storage.scanner.all(storage.builder.selectFrom('flow').select('name'))];
    const outcomes = await Promise.allSettled(reads);
    expect(outcomes).toEqual([
      { status: 'rejected', reason: expect.any(StorageTimeoutError) },
      { status: 'fulfilled', value: [{ name: 'a' }] },
    ]);
  });

  it('does not get company without end: further ones are told, and reads go on once they are over', async () => {
    const storage = await aStorage({ timeoutSeconds: 0.15 });
    const slow = await Promise.allSettled(Array.from({ length: 4 }, () => storage.scanner.all(endless(storage))));
    expect(slow.map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
    const names = storage.builder.selectFrom('flow').select('name');
    const answered = async (): Promise<unknown> => storage.scanner.all(names).catch(answered);
    expect(await answered()).toEqual([]);
  });
});

describe('statements', () => {
  it('are built once and filled in each time', async () => {
    const storage = await aStorage();
    let built = 0;
    const byName = statement((db, p: { name: string }) => {
      built += 1;
      return db.selectFrom('flow').select('name').where('name', '=', p.name);
    });
    await storage.write((unit) => unit.run(aFlow(storage, 'a')));
    expect(await storage.reader.first(byName(storage.builder, { name: 'a' }))).toEqual({ name: 'a' });
    expect(await storage.reader.first(byName(storage.builder, { name: 'b' }))).toBeUndefined();
    expect(built).toBe(1);
  });
});

describe('opening a database', () => {
  it('again keeps what is in it', async () => {
    const storage = await aStorage();
    await storage.write((unit) => unit.run(aFlow(storage, 'kept')));
    const again = await openStorage({ url: `sqlite+aiosqlite:///${join(storage.folder, 'test.db')}`, poolSize: 1 });
    await again.migrate();
    expect(await names(again)).toEqual(['kept']);
    await again.close();
  });

  it('of a later version is refused and says what to do', async () => {
    const storage = await aStorage();
    await storage.write((unit) =>
      unit.run(storage.builder.insertInto('migration').values({ version: 9999, name: 'later', applied: 1 })),
    );
    await expect(storage.migrate()).rejects.toThrow(NewerDatabaseError);
  });

  it('in a place that is no folder is refused and names the place', async () => {
    const { folder } = await aStorage();
    writeFileSync(join(folder, 'file'), '');
    const path = join(folder, 'file', 'test.db');
    await expect(openStorage({ url: path, poolSize: 1 })).rejects.toThrow(StorageLocationError);
    await expect(openStorage({ url: path, poolSize: 1 })).rejects.toThrow(path);
  });

  it('of a kind that nobody knows is refused without telling its password', async () => {
    await expect(openStorage({ url: 'mysql://me:secret@host/db', poolSize: 1 })).rejects.toThrow(/neither sqlite/);
    await expect(openStorage({ url: 'mysql://me:secret@host/db', poolSize: 1 })).rejects.not.toThrow(/secret/);
  });
});
