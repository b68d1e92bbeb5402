import { setTimeout as sleep } from 'node:timers/promises';
import { GoogleApiError } from './google-api-error.ts';

/** How often and how long a request that Google could not answer is tried again. */
export interface RetryPolicy {
  readonly attempts: number;
  /** Before the second attempt; it doubles from there. */
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

/** Bears an outage of about five minutes: a run goes on while nobody can look at it. */
export const PATIENT: RetryPolicy = { attempts: 12, firstDelayMs: 1000, maxDelayMs: 45_000 };

/**
 * Makes requests and repeats those that were throttled, that met a fault of the platform, or whose connection broke.
 *
 * @example const request = retrying(PATIENT, signal);
 * const job = await request('Reading the job', () => api.readJob(id));
 */
export function retrying(policy: RetryPolicy, signal?: AbortSignal) {
  /**
   * @param what what the request does, as the start of a message
   * @param isDone asked before a repetition, where the attempt that seemed to fail may have done its work
   * @throws {GoogleApiError} what cannot be repeated, or the last attempt's
   * @throws the reason of the signal
   */
  return async function request<T>(what: string, send: () => Promise<T>, isDone?: () => Promise<T | undefined>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      signal?.throwIfAborted();
      try {
        const done = attempt > 1 ? await isDone?.() : undefined;
        return done ?? (await send());
      } catch (cause) {
        const error = new GoogleApiError(what, cause);
        if (!error.isTransient || attempt >= policy.attempts) throw error;
        await sleep(delayBefore(attempt + 1, policy, error.retryAfter), undefined, { signal }).catch(() => undefined);
      }
    }
  };
}

export type Request = ReturnType<typeof retrying>;

/** Half of the pause is left to chance, so that workers which failed together do not come back together. */
function delayBefore(attempt: number, { firstDelayMs, maxDelayMs }: RetryPolicy, retryAfter: number | undefined): number {
  const pause = Math.min(firstDelayMs * 2 ** (attempt - 2), maxDelayMs);
  return Math.max(pause / 2 + (Math.random() * pause) / 2, (retryAfter ?? 0) * 1000);
}
