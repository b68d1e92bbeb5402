import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Lets one at a time work on what lies under a key. */
export interface Locks {
  /** Waits for the lock of a key. The signal ends the waiting. */
  acquire(key: string, holder: string, signal?: AbortSignal): Promise<void>;
  release(key: string, holder: string): Promise<void>;
}

/** Locks among the runs of this process. */
export function memoryLocks(): Locks {
  const held = new Map<string, string>();
  const waiting = new Map<string, (() => void)[]>();
  return {
    async acquire(key, holder, signal) {
      while (held.has(key) && held.get(key) !== holder) {
        await new Promise<void>((wake, reject) => {
          const queue = waiting.get(key) ?? [];
          waiting.set(key, queue);
          const onAbort = () => reject(signal?.reason);
          queue.push(() => {
            signal?.removeEventListener('abort', onAbort);
            wake();
          });
          signal?.addEventListener('abort', onAbort, { once: true });
        });
        signal?.throwIfAborted();
      }
      held.set(key, holder);
    },
    async release(key, holder) {
      if (held.get(key) !== holder) return;
      held.delete(key);
      for (const wake of waiting.get(key) ?? []) wake();
      waiting.delete(key);
    },
  };
}

/** How locks in a folder behave. */
export interface FileLockOptions {
  /** Seconds after which a lock that was never given back may be taken. Default: never. */
  readonly expires?: number | undefined;
}

const LOOK_MS = 100;

/** Locks among processes that share a folder, Python's too. */
export function fileLocks(folder: string, { expires }: FileLockOptions = {}): Locks {
  const root = resolve(folder);
  const pathOf = (key: string) => join(root, `${key.replace(/[/\\]/g, '_')}.lock`);
  return {
    async acquire(key, holder, signal) {
      const path = pathOf(key);
      await mkdir(root, { recursive: true });
      for (;;) {
        signal?.throwIfAborted();
        const expiration = expires === undefined ? null : new Date(Date.now() + expires * 1000).toISOString();
        if (await createExclusively(path, JSON.stringify({ holder, expiration }))) return;
        const lock = await readLock(path);
        if (lock?.holder === holder) return;
        if (lock?.expiration && Date.parse(lock.expiration) <= Date.now()) await rm(path, { force: true });
        else await new Promise((wake) => setTimeout(wake, LOOK_MS));
      }
    },
    async release(key, holder) {
      if ((await readLock(pathOf(key)))?.holder === holder) await rm(pathOf(key), { force: true });
    },
  };
}

async function createExclusively(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readLock(path: string): Promise<{ holder?: string; expiration?: string | null } | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as { holder?: string; expiration?: string | null };
  } catch {
    // Gone by now, or being written.
    return undefined;
  }
}

/** A name for somebody who holds locks. */
export function newHolder(): string {
  return randomUUID();
}
