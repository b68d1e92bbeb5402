import { ApiUnreachable, PrefectHTTPStatusError } from '../client/errors.ts';

const PATIENCE_SECONDS = 600;
const FIRST_PAUSE_SECONDS = 0.25;
const LONGEST_PAUSE_SECONDS = 15;

/**
 * Makes a call again until the server answers it. For what must not be lost because the server restarts, such as the end of a run:
 * it outlasts ten minutes of downtime.
 *
 * @throws what the call threw, when trying again cannot help or the patience is over
 */
export async function outlastDowntime<T>(call: () => Promise<T>, patienceSeconds = PATIENCE_SECONDS): Promise<T> {
  const until = Date.now() + patienceSeconds * 1000;
  for (let failures = 1; ; failures += 1) {
    try {
      return await call();
    } catch (error) {
      if (!isPassing(error) || Date.now() > until) throw error;
      await pause(Math.min(FIRST_PAUSE_SECONDS * 2 ** (failures - 1), LONGEST_PAUSE_SECONDS));
    }
  }
}

/** Tells whether an error of a call may go away by itself: the server was not reached, or it is busy or broken for now. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ApiUnreachable) return true;
  return error instanceof PrefectHTTPStatusError && (error.status >= 500 || error.status === 429 || error.status === 408);
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
