import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const LOOK_MS = 50;

/** Asks again until there is an answer, and gives it. Rejects after the time, with what it waited for. */
export async function eventually<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  patienceMs = 30_000,
): Promise<T> {
  for (const deadline = Date.now() + patienceMs; ; ) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`After ${patienceMs / 1000} s still not: ${what}`);
    await pause(LOOK_MS);
  }
}

/** Tells whether a process has ended; one that nobody has asked how it ended counts too. */
export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return true;
  }
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, ''));
  } catch {
    return process.platform === 'linux';
  }
}
