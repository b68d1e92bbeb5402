import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ObjectStore } from './object-store.ts';
import { EscapingKeyError, pullFolder, pushFolder } from './transfer.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'transfer-'));
});
afterEach(() => rm(directory, { recursive: true }));

function aStore(objects: Record<string, string> = {}): ObjectStore & { objects: Record<string, string> } {
  return {
    objects,
    async *list(prefix) {
      yield* Object.keys(objects).filter((key) => key.startsWith(prefix));
    },
    async read(key, path) {
      await writeFile(path, objects[key] ?? '');
    },
    async write(key, path) {
      objects[key] = await readFile(path, 'utf8');
    },
  };
}

describe('pullFolder', () => {
  test.each(['a', '/a/', 'a/'])('brings what is below %s, and no more', async (folder) => {
    const store = aStore({ 'a/x': '1', 'a/b/y': '2', 'a/b/': '', 'ab/z': '3' });
    expect(await pullFolder(store, folder, directory)).toBe(3);
    expect(await readFile(join(directory, 'b/y'), 'utf8')).toBe('2');
    await expect(readFile(join(directory, 'z'))).rejects.toThrow('ENOENT');
  });

  test.each(['a/../../out', 'a//etc/out', 'a/..'])('writes nothing for the key %s outside of the folder', async (key) => {
    await expect(pullFolder(aStore({ [key]: 'x' }), 'a', join(directory, 'in'))).rejects.toThrow(EscapingKeyError);
  });

  test('fails with what failed first', async () => {
    const store = { ...aStore({ a: '1', b: '2' }), read: (key: string) => Promise.reject(new Error(`no ${key}`)) };
    await expect(pullFolder(store, '', directory)).rejects.toThrow('no a');
  });
});

describe('pushFolder', () => {
  test('sends files, without what an ignore file names', async () => {
    await mkdir(join(directory, 'src/node_modules'), { recursive: true });
    await writeFile(join(directory, 'src/a.ts'), 'a');
    await writeFile(join(directory, 'src/keep.env'), 'k');
    await writeFile(join(directory, 'b.env'), 'b');
    await writeFile(join(directory, 'src/node_modules/c.js'), 'c');
    await symlink('nowhere', join(directory, 'broken'));
    await writeFile(join(directory, 'ignored'), 'node_modules/\n*.env\n!keep.env\nignored\n');
    const store = aStore();
    expect(await pushFolder(store, directory, 'v1', 'ignored')).toBe(2);
    expect(store.objects).toEqual({ 'v1/src/a.ts': 'a', 'v1/src/keep.env': 'k' });
  });

  test('sends all where there is no ignore file, also to the root of a store', async () => {
    await writeFile(join(directory, 'a'), '1');
    const store = aStore();
    await pushFolder(store, directory, '.', '.prefectignore');
    expect(store.objects).toEqual({ a: '1' });
  });
});
