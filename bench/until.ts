import { setTimeout as sleep } from 'node:timers/promises';

/** Something that was awaited did not come to be. */
class NeverHappened extends Error {
  constructor(what: string, millis: number) {
    super(`Waited ${Math.round(millis / 1000)} s in vain for ${what}.`);
  }
}

/**
 * Asks until the answer is yes. The pauses grow with the time that has passed, so that asking costs the server next to nothing
 * beside what is waited for.
 */
export async function until(what: string, isSo: () => Promise<boolean>, withinMillis = 60_000): Promise<void> {
  const startedAt = performance.now();
  while (!(await isSo())) {
    const waited = performance.now() - startedAt;
    if (waited > withinMillis) throw new NeverHappened(what, waited);
    await sleep(10 + waited / 3);
  }
}
