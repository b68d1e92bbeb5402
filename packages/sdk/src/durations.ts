import { ConfigurationError } from './errors.ts';

/** A length of time: seconds as a number, or text with a unit, such as `250ms`, `20s`, `5m`, `1h`, `1d`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

const SECONDS = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** A duration in seconds. */
export function toSeconds(duration: Duration): number {
  const match = typeof duration === 'string' ? /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(duration.trim()) : undefined;
  const seconds = match ? Number(match[1]) * SECONDS[match[2] as keyof typeof SECONDS] : duration;
  if (typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new ConfigurationError(`${JSON.stringify(duration)} is no duration.`, {
    hint: 'Give seconds as a number that is not negative, or text such as "250ms", "20s", "5m", "1h", "1d".',
  });
}
