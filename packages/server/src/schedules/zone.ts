import { type Micros, SECOND } from '@prefect-ts/protocol';

/** A reading of a wall clock, written as the {@link Micros} at which a clock set to UTC shows the same. */
export type WallMicros = number;

export const DAY: Micros = 86_400 * SECOND;

/** The clock of one time zone. */
export interface Zone {
  /** How far the zone's clock is ahead of UTC at an instant. */
  offsetAt(instant: Micros): Micros;
  /**
   * When the zone's clock first shows a reading. A reading that a clock change skips is taken as that much later, so that with a
   * change from 02:00 to 03:00 the reading 02:30 is the instant of 03:30.
   */
  instantOf(wall: WallMicros): Micros;
}

const zones = new Map<string, Zone>();

/**
 * The zone of an IANA name; null and the empty name are UTC. Zones are made once and know their clock changes by table.
 *
 * @throws RangeError when the platform does not know the name; {@link isZoneName} tells beforehand.
 */
export function zoneOf(name: string | null): Zone {
  const key = name || 'UTC';
  const known = zones.get(key);
  if (known) return known;
  const zone = key === 'UTC' ? UTC : createZone(key);
  zones.set(key, zone);
  return zone;
}

const UTC: Zone = { offsetAt: () => 0, instantOf: (wall) => wall };

const checkedNames = new Map<string, boolean>();

/** Whether a text is an IANA time zone name in its proper spelling: `America/New_York`, not `america/new_york` and not `+05:00`. */
export function isZoneName(name: string): boolean {
  let valid = checkedNames.get(name);
  if (valid === undefined) {
    valid = checkZoneName(name);
    if (checkedNames.size < 10_000) checkedNames.set(name, valid);
  }
  return valid;
}

/** Names that the platform spells in any case, and that are not capitalised word by word. */
const UPPERCASE_NAMES =
  /^(UTC|UCT|GMT|GMT[+-]?0|EST|MST|HST|[ECW]ET|MET|PRC|ROC|ROK|GB|NZ|NZ-CHAT|W-SU|[A-Z]ST\d[A-Z]DT|Etc\/(UTC|UCT|GMT.*))$/;
const CAPITALISED_NAMES = /^(US\/[A-Z][a-z]+(-[A-Z][a-z]+)?|GB-Eire|[A-Z][a-z]+(\/[A-Z][A-Za-z0-9_-]*)*)$/;

function checkZoneName(name: string): boolean {
  const upper = name.toUpperCase();
  const mustBeUpper = !name.includes('/') && UPPERCASE_NAMES.test(upper);
  if (!(mustBeUpper ? name === upper : UPPERCASE_NAMES.test(name) || CAPITALISED_NAMES.test(name))) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The offsets of one calendar year: `offsets[i]` holds from `starts[i]` to `starts[i + 1]`. */
interface YearTable {
  starts: Micros[];
  offsets: Micros[];
}

function createZone(name: string): Zone {
  const probe = createProbe(name);
  const years = new Map<number, YearTable>();
  const offsetAt = (instant: Micros): Micros => {
    const year = new Date(instant / 1000).getUTCFullYear();
    let table = years.get(year);
    if (!table) {
      table = buildYear(year, probe);
      years.set(year, table);
    }
    let index = table.starts.length - 1;
    while (index > 0 && instant < (table.starts[index] ?? 0)) index--;
    return table.offsets[index] ?? 0;
  };
  const instantOf = (wall: WallMicros): Micros => {
    const before = offsetAt(wall - DAY);
    if (offsetAt(wall - before) === before) return wall - before;
    const after = offsetAt(wall + DAY);
    return offsetAt(wall - after) === after ? wall - after : wall - before;
  };
  return { offsetAt, instantOf };
}

/** No zone changes its clock twice within this time; the closest are the two changes around Ramadan in Morocco. */
const PROBE_STEP_SECONDS = 7 * 86_400;

function buildYear(year: number, probe: (second: number) => number): YearTable {
  const from = Date.UTC(year, 0, 1) / 1000;
  const until = Date.UTC(year + 1, 0, 1) / 1000;
  let offset = probe(from);
  const table: YearTable = { starts: [from * SECOND], offsets: [offset * SECOND] };
  for (let at = from; at < until; at += PROBE_STEP_SECONDS) {
    const next = Math.min(at + PROBE_STEP_SECONDS, until);
    const nextOffset = probe(next);
    if (nextOffset === offset) continue;
    let low = at;
    let high = next;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (probe(middle) === offset) low = middle;
      else high = middle;
    }
    table.starts.push(high * SECOND);
    table.offsets.push(nextOffset * SECOND);
    offset = nextOffset;
  }
  return table;
}

/** Asks the platform for an offset in seconds. Slow (microseconds a call), so only tables are built with it. */
function createProbe(timeZone: string): (second: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    era: 'short',
  });
  return (second) => {
    const field: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(second * 1000)) field[type] = Number(value);
    const wall = Date.UTC(field.year ?? 0, (field.month ?? 1) - 1, field.day, field.hour, field.minute, field.second) / 1000;
    return wall - second;
  };
}
