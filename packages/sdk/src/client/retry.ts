/** Seconds to wait before another try, as the server asked in `Retry-After` (seconds or an HTTP date); undefined when it did not. */
export function readRetryAfter(header: string | undefined, now: number = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000);
}

/**
 * How long to wait before another try.
 *
 * @param attempt number of the failed try, from 1
 * @param retryAfter what the server asked for, in seconds; jitter then only makes it longer
 */
export function retryDelaySeconds(
  attempt: number,
  retryAfter: number | undefined,
  jitterFactor: number,
  random: () => number = Math.random,
): number {
  if (retryAfter !== undefined) return retryAfter * (1 + jitterFactor * random());
  return clampedExponential(2 ** attempt, jitterFactor, random);
}

/** Draws from an exponential distribution around `mean`, cut at `mean * (1 + factor)` and below so that the mean stays. */
export function clampedExponential(mean: number, factor: number, random: () => number = Math.random): number {
  if (factor <= 0 || mean <= 0) return mean;
  const upper = mean * (1 + factor);
  const lower = mean * Math.log2(2 ** (1 + factor) / (2 ** (1 + factor) - 1));
  const share = (time: number) => 1 - Math.exp(-time / mean);
  const draw = share(lower) + random() * (share(upper) - share(lower));
  return -Math.log(1 - draw) * mean;
}
