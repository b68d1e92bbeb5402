import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';

/** Where results lie. A second kind (a bucket, a table) shows the same three functions. */
export interface ResultStore {
  /** Id of the block document that describes the storage; null for a folder of this machine. */
  readonly blockId: string | null;
  /** The key as it goes into the metadata, from which any process finds the result again. */
  recordedKey(key: string): string;
  /** undefined when nothing is kept under the key. */
  read(key: string): Promise<string | undefined>;
  write(key: string, text: string): Promise<void>;
}

/** Results as files in a folder. The recorded key is the absolute path. */
export function localStore(folder: string): ResultStore {
  const root = resolve(folder);
  const pathOf = (key: string) => (isAbsolute(key) ? key : join(root, key));
  return {
    blockId: null,
    recordedKey: pathOf,
    read: (key) => readIfThere(pathOf(key)),
    write: (key, text) => writeWhole(pathOf(key), text),
  };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A reader sees the old file or the new one, never a part of it. */
async function writeWhole(path: string, text: string): Promise<void> {
  const half = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(half, text);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(half, text);
  }
  await rename(half, path);
}
