import { type Micros, SECOND } from '@prefect-ts/protocol';
import { DAY, type Zone } from './zone.ts';

/**
 * The dates of an interval from `start` on, without end.
 *
 * The grid is laid from the anchor in elapsed time up to `start`; from there a step is its whole days on the wall clock and the rest
 * in elapsed time, so that a daily schedule keeps its hour when the clock changes (contract 1.2).
 */
export function* intervalDates(zone: Zone, interval: Micros, anchor: Micros, start: Micros): Generator<Micros, void, undefined> {
  const rest = interval % DAY;
  const days = interval - rest;
  const advance = (from: Micros): Micros => (days === 0 ? from + rest : zone.instantOf(from + zone.offsetAt(from) + days) + rest);
  let next = anchor + Math.trunc((start - anchor) / interval) * interval;
  while (next < start) next = advance(next);
  for (; ; next = advance(next)) yield next;
}

const ISO_DURATION =
  /^([+-])?P(?:([\d.]+)Y)?(?:([\d.]+)M)?(?:([\d.]+)W)?(?:([\d.]+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$/i;
const CLOCK_DURATION = /^([+-])?(?:(\d+) ?d(?:ays?)?,? )?(\d+):([0-5]\d)(?::([0-5]\d(?:\.\d+)?))?$/i;
const SECONDS_OF = [365 * 86_400, 30 * 86_400, 7 * 86_400, 86_400, 3600, 60, 1];

/**
 * Reads a duration: `PT1H`, `P1DT2H` or `01:30:00`; a month counts 30 days and a year 365.
 *
 * @returns undefined when the text is no duration.
 */
export function parseDuration(text: string): Micros | undefined {
  const iso = ISO_DURATION.exec(text);
  if (iso) {
    const parts = iso.slice(2);
    if (parts.every((part) => part === undefined)) return undefined;
    const seconds = parts.reduce((sum, part, index) => sum + Number(part ?? 0) * (SECONDS_OF[index] ?? 0), 0);
    return signed(iso[1], seconds);
  }
  const clock = CLOCK_DURATION.exec(text);
  if (!clock) return undefined;
  const [, sign, days = 0, hours, minutes, seconds = 0] = clock;
  return signed(sign, Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
}

function signed(sign: string | undefined, seconds: number): Micros | undefined {
  if (Number.isNaN(seconds)) return undefined;
  return Math.round(seconds * SECOND) * (sign === '-' ? -1 : 1);
}
