import type { Micros } from '@prefect-ts/protocol';
import { DAY, type WallMicros, type Zone } from './zone.ts';

/**
 * Turns the wall-clock readings of a rule into instants: ascending, each once, none before `start`.
 *
 * A repeated reading counts at its first occurrence, a skipped one moves forward by the gap (contract 1.3, 1.4).
 *
 * @param readings gives the rule's readings from one on, ascending.
 */
export function* placeWallTimes(
  zone: Zone,
  start: Micros,
  readings: (from: WallMicros) => Iterable<WallMicros>,
): Generator<Micros, void, undefined> {
  const moved: Micros[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const wall of readings(firstReading(zone, start))) {
    const instant = zone.instantOf(wall);
    if (instant < start) continue;
    if (instant + zone.offsetAt(instant) !== wall) {
      moved.push(instant);
      continue;
    }
    for (let next = moved[0]; next !== undefined && next < instant; next = moved[0]) {
      moved.shift();
      if (next > last) yield next;
      last = next;
    }
    if (instant > last) yield instant;
    last = instant;
  }
  for (const instant of moved) {
    if (instant > last) yield instant;
    last = instant;
  }
}

/** Where to begin so that a reading which a clock change of the last day moved past `start` is not lost. */
function firstReading(zone: Zone, start: Micros): WallMicros {
  const offset = zone.offsetAt(start);
  const gap = Math.max(0, offset - zone.offsetAt(start - DAY));
  return start + offset - gap;
}
