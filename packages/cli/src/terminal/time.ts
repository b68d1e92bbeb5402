const UNITS: readonly (readonly [string, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** How far a time is from now, for example `3 minutes ago` or `in 2 hours`. */
export function describeDistance(time: string | null | undefined, now: number = Date.now()): string {
  if (!time) return '';
  const seconds = (Date.parse(time) - now) / 1000;
  const distance = Math.abs(seconds);
  if (distance < 1) return 'now';
  const [unit, size] = UNITS.find(([, size]) => distance >= 0.99 * size) ?? ['second', 1];
  const count = Math.max(1, Math.round(distance / size));
  const words = `${count} ${unit}${count === 1 ? '' : 's'}`;
  return seconds < 0 ? `${words} ago` : `in ${words}`;
}

/** A time in the zone of the machine, for example `2025-03-01 14:05:09 CET`. */
export function localTime(time: string | null | undefined): string {
  if (!time) return '';
  const date = new Date(time);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const zone = new Intl.DateTimeFormat('en', { timeZoneName: 'short' })
    .formatToParts(date)
    .find(({ type }) => type === 'timeZoneName')?.value;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())} ${zone ?? ''}`.trimEnd();
}

/** Time of day with milliseconds, as log lines begin. */
export function clockTime(time: string): string {
  const date = new Date(time);
  const two = (part: number) => String(part).padStart(2, '0');
  const millis = String(date.getMilliseconds()).padStart(3, '0');
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${millis}`;
}
