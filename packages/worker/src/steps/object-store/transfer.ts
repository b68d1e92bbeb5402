import { mkdir, opendir } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { readIgnoreFile } from './ignored-files.ts';
import type { ObjectStore } from './object-store.ts';

/** Files on their way at once. */
const AT_ONCE = 16;

/** An object's key leads out of the folder that it is brought to. */
export class EscapingKeyError extends Error {
  override readonly name = 'EscapingKeyError';
}

/** Brings all objects below a folder of a store into a folder of this machine; gives how many. */
export async function pullFolder(store: ObjectStore, folder: string, directory: string): Promise<number> {
  const prefix = asPrefix(folder);
  await mkdir(directory, { recursive: true });
  return forEach(store.list(prefix), async (key) => {
    // Consoles of clouds write an empty object for a folder.
    if (key.endsWith('/')) return;
    const path = resolve(directory, key.slice(prefix.length));
    const inside = relative(directory, path);
    if (inside === '' || isAbsolute(inside) || inside.split(sep)[0] === '..') {
      throw new EscapingKeyError(`The object '${key}' would be written outside of ${directory}.`);
    }
    await mkdir(dirname(path), { recursive: true });
    await store.read(key, path);
  });
}

/**
 * Puts the files of a folder of this machine below a folder of a store; gives how many.
 *
 * @param ignoreFile which files stay at home, in the form of `.gitignore`; all go where there is no such file
 */
export async function pushFolder(store: ObjectStore, directory: string, folder: string, ignoreFile?: string): Promise<number> {
  const ignored = ignoreFile === undefined ? undefined : await readIgnoreFile(resolve(directory, ignoreFile));
  const prefix = asPrefix(folder);
  return forEach(
    filesOf(directory, '', (path) => ignored?.ignores(path) ?? false),
    (path) => store.write(`${prefix}${path}`, join(directory, path)),
  );
}

/** `a/b`, `/a/b/` and `a/b/` all mean `a/b/`; no folder means all. */
function asPrefix(folder: string): string {
  const trimmed = folder.replaceAll(/^\/+|\/+$/g, '').replace(/^\.$/, '');
  return trimmed === '' ? '' : `${trimmed}/`;
}

/** The files below a folder, with `/` between names; a folder that is ignored is not read at all. */
async function* filesOf(directory: string, below: string, isIgnored: (path: string) => boolean): AsyncGenerator<string> {
  for await (const entry of await opendir(join(directory, below))) {
    const path = `${below}${entry.name}`;
    if (entry.isDirectory()) {
      if (!isIgnored(`${path}/`)) yield* filesOf(directory, `${path}/`, isIgnored);
    } else if (entry.isFile() && !isIgnored(path)) yield path;
  }
}

/** Works through items as they come, some at once; counts them. The first failure ends it. */
async function forEach<Item>(items: AsyncIterable<Item>, work: (item: Item) => Promise<void>): Promise<number> {
  const underWay = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  let count = 0;
  for await (const item of items) {
    const done = work(item)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => underWay.delete(done));
    underWay.add(done);
    count += 1;
    if (underWay.size >= AT_ONCE) await Promise.race(underWay);
    if (failure) break;
  }
  await Promise.all(underWay);
  if (failure) throw failure.error;
  return count;
}
