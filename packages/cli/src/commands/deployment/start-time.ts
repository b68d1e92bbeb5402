import { UsageError } from '../../errors.ts';

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  sec: 1,
  second: 1,
  m: 60,
  min: 60,
  minute: 60,
  h: 3_600,
  hr: 3_600,
  hour: 3_600,
  d: 86_400,
  day: 86_400,
  w: 604_800,
  week: 604_800,
};

/** When a run shall start: after a while, at a time, or now. */
export function readStart(startIn: string | undefined, startAt: string | undefined, now: Date = new Date()): Date {
  if (startIn !== undefined && startAt !== undefined) {
    throw new UsageError('Only one of `--start-in` or `--start-at` can be set, not both.');
  }
  if (startIn !== undefined) return new Date(now.getTime() + readDuration(startIn) * 1000);
  return startAt === undefined ? now : readTime(startAt, now);
}

/** Seconds of a length of time such as `90`, `10 minutes` or `1h 30m`. */
function readDuration(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text.trim())) return Number(text);
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)];
  const rest = text.replace(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi, '').replace(/\band\b|in\b|[\s,]/gi, '');
  const seconds = parts.map(([, count, unit = '']) => Number(count) * (UNIT_SECONDS[unit.toLowerCase()] ?? unitOfPlural(unit)));
  if (parts.length === 0 || rest !== '' || seconds.some(Number.isNaN)) {
    throw new UsageError(`'${text}' is not a length of time; write it like '10 minutes' or '1h 30m'.`);
  }
  return seconds.reduce((sum, part) => sum + part, 0);
}

function unitOfPlural(unit: string): number {
  return UNIT_SECONDS[unit.toLowerCase().replace(/s$/, '')] ?? Number.NaN;
}

/** A time with or without a date and a zone; without a zone it is that of the machine, without a date it is the next such time. */
function readTime(text: string, now: Date): Date {
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(am|pm)?$/i.exec(text.trim());
  if (clock) {
    const [, hour = '0', minute = '0', second = '0', half] = clock;
    const time = new Date(now);
    const offset = half ? (/pm/i.test(half) ? 12 : 0) - (Number(hour) === 12 ? 12 : 0) : 0;
    time.setHours(Number(hour) + offset, Number(minute), Number(second), 0);
    if (time <= now) time.setDate(time.getDate() + 1);
    return time;
  }
  const time = new Date(text.trim().replace(/^(\d{4}-\d{2}-\d{2})$/, '$1T00:00'));
  if (Number.isNaN(time.getTime())) {
    throw new UsageError(`'${text}' is not a time; write it like '2030-01-31 14:00', '2030-01-31T14:00:00Z' or '14:30'.`);
  }
  return time;
}
