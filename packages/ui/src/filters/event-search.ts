import type { EventFilterInput } from '@prefect-ts/protocol';
import { listOf, oneOf, textOf } from './search-params.ts';

export const EVENT_WINDOWS = ['-1h', '-24h', '-7d', '-30d'] as const;
export type EventWindow = (typeof EVENT_WINDOWS)[number];
export const DEFAULT_EVENT_WINDOW: EventWindow = '-24h';

/** Which events a page shows, as it stands in the URL. Members that are absent narrow nothing. */
export interface EventSearch {
  /** Names of events; one that ends with `*` stands for all that begin so. */
  event?: string[];
  /** Ids of resources that an event is about or related to. */
  resource?: string[];
  /** Words that an event holds anywhere. */
  q?: string;
  in?: EventWindow;
  /** A stretch of time instead of the window, as milliseconds since 1970: `from_to`. */
  at?: string;
  /** Events that the server and clients send only to say that they are alive. */
  heartbeats?: 'show';
}

/** Reads the search params of the events page; what does not parse is dropped. */
export function parseEventSearch(raw: Record<string, unknown>): EventSearch {
  const search: EventSearch = {};
  for (const key of ['event', 'resource'] as const) {
    const values = listOf(raw[key]);
    if (values.length > 0) search[key] = values;
  }
  const q = textOf(raw.q);
  if (q) search.q = q.slice(0, 200);
  const window = oneOf(raw.in, EVENT_WINDOWS);
  if (window && window !== DEFAULT_EVENT_WINDOW) search.in = window;
  const at = textOf(raw.at);
  if (at && parseStretch(at)) search.at = at;
  if (textOf(raw.heartbeats) === 'show') search.heartbeats = 'show';
  return search;
}

/** Whether anything but the time narrows the list. */
export function isNarrowed({ event, resource, q }: EventSearch): boolean {
  return event !== undefined || resource !== undefined || q !== undefined;
}

/** A stretch of time in milliseconds since 1970. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

const LATEST = 8.64e15;

/** Reads `from_to`; nothing when it is no stretch of time. */
export function parseStretch(text: string): Stretch | undefined {
  const match = /^(\d{1,16})_(\d{1,16})$/.exec(text);
  if (!match) return undefined;
  const [from, to] = [Number(match[1]), Number(match[2])];
  return from < to && to < LATEST ? { from, to } : undefined;
}

const HOUR = 3_600_000;
const SPANS: Record<EventWindow, number> = { '-1h': HOUR, '-24h': 24 * HOUR, '-7d': 168 * HOUR, '-30d': 720 * HOUR };

/** The stretch of time that a search means at an instant. */
export function stretchOf({ at, in: window = DEFAULT_EVENT_WINDOW }: EventSearch, now: number): Stretch {
  return (at && parseStretch(at)) || { from: now - SPANS[window], to: now };
}

const HEARTBEATS = ['prefect.flow-run.heartbeat'];

/** The filter of the API for everything but the time. */
export function eventFilter({ event = [], resource, q, heartbeats }: EventSearch): EventFilterInput {
  const prefixes = event.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  const names = event.filter((name) => !name.endsWith('*'));
  const isHidden = heartbeats !== 'show' && !names.some((name) => HEARTBEATS.includes(name));
  const byName = {
    // The API wants an event to have one of the names and one of the prefixes; a person means either.
    ...(prefixes.length > 0 ? { prefix: [...prefixes, ...names] } : names.length > 0 ? { name: names } : {}),
    ...(isHidden ? { exclude_name: HEARTBEATS } : {}),
  };
  return {
    ...(Object.keys(byName).length > 0 ? { event: byName } : {}),
    ...(resource ? { any_resource: { id: resource } } : {}),
    ...(q ? { text: { query: q } } : {}),
  };
}

/** Buckets of time for a chart of about fifty bars. */
export function bucketsOf({ from, to }: Stretch): { time_unit: 'second' | 'minute' | 'hour' | 'day'; time_interval: number } {
  const seconds = (to - from) / 1000 / 50;
  const step = STEPS.find((candidate) => candidate >= seconds) ?? seconds;
  if (step >= 86_400) return { time_unit: 'day', time_interval: Math.ceil(step / 86_400) };
  if (step >= 3_600) return { time_unit: 'hour', time_interval: step / 3_600 };
  if (step >= 60) return { time_unit: 'minute', time_interval: step / 60 };
  return { time_unit: 'second', time_interval: step };
}

const STEPS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400];
