import { useNow } from './clock.ts';
import { usePreferences } from './preferences.ts';
import { formatInstant, formatRelative, formatSpan, millisOf } from './time-text.ts';

/** An instant in words that keep up with the clock; the full time is its title. */
export function RelativeTime({ at, className }: { at: string | null | undefined; className?: string }) {
  const now = useNow();
  const { timeZone } = usePreferences();
  const instant = millisOf(at);
  if (instant === undefined || !at) return <span className={className}>–</span>;
  return (
    <time dateTime={at} title={formatInstant(instant, timeZone === 'UTC' ? 'UTC' : undefined)} className={className}>
      {formatRelative(instant, now)}
    </time>
  );
}

/** An instant in full. */
export function FullTime({ at, className }: { at: string | null | undefined; className?: string }) {
  const { timeZone } = usePreferences();
  const instant = millisOf(at);
  if (instant === undefined || !at) return <span className={className}>–</span>;
  return (
    <time dateTime={at} className={className}>
      {formatInstant(instant, timeZone === 'UTC' ? 'UTC' : undefined)}
    </time>
  );
}

/** How long something has run: a fixed span in seconds, or one that began at `runningSince` and still ticks. */
export function Duration({ seconds, runningSince }: { seconds: number; runningSince?: string | null | undefined }) {
  const since = millisOf(runningSince);
  return since === undefined ? formatSpan(seconds * 1000) : <TickingDuration base={seconds * 1000} since={since} />;
}

function TickingDuration({ base, since }: { base: number; since: number }) {
  const now = useNow();
  return <>{formatSpan(Math.floor((base + Math.max(0, now - since)) / 1000) * 1000)}</>;
}
