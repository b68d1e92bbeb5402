import type { ReceivedEvent } from '@prefect-ts/protocol';
import type { ApiClient } from '../client/client.ts';
import { openLastingSocket, retryPatiently } from './lasting-socket.ts';

export interface RunEventsOptions {
  client: ApiClient;
  /** Names of the events to hear, for example `prefect.flow-run.Cancelling`; a name that ends in a star stands for all that begin so. */
  events: readonly string[];
  /** Ids of resources that the events must be related to; all events with these names when absent. */
  relatedTo?: readonly string[];
  /** Id of the one resource whose events count. */
  resource?: string;
  /** Events that occurred before do not count. Default: a minute ago. */
  since?: Date;
  onEvent: (event: ReceivedEvent) => void;
  /** Called each time the subscription (re)starts: events before it may have been missed. */
  onReady?: () => void;
}

/** A subscription to events of the server. */
export interface RunEvents {
  /** Whether events arrive; while false, look at the API instead. */
  readonly listening: boolean;
  close(): void;
}

/** A refused subscription is tried again this rarely. */
const REFUSED_RETRY_SECONDS = 60;
const REMEMBERED_EVENTS = 10_000;

/** Hears events of the server's `events/out` websocket, each once, over reconnects. */
export function subscribeToRunEvents(options: RunEventsOptions): RunEvents {
  const seen = new Set<string>();
  let since = options.since ?? new Date(Date.now() - 60_000);
  const socket = openLastingSocket({
    client: options.client,
    path: '/events/out',
    retryAfter: (failures, trouble) => (trouble === 'refused' ? REFUSED_RETRY_SECONDS : retryPatiently(failures)),
    onReady(send) {
      send({ type: 'filter', filter: eventFilter(options, since) });
      options.onReady?.();
    },
    onMessage(message) {
      const event = message.event as ReceivedEvent | undefined;
      if (message.type !== 'event' || event === undefined || seen.has(event.id)) return;
      seen.add(event.id);
      if (seen.size > REMEMBERED_EVENTS) for (const id of [...seen].slice(0, REMEMBERED_EVENTS / 2)) seen.delete(id);
      options.onEvent(event);
    },
    onLost() {
      since = new Date(Date.now() - 10_000);
    },
  });
  return {
    get listening() {
      return socket.ready;
    },
    close: () => socket.close(),
  };
}

function namesAndPrefixes(events: readonly string[]): { name?: string[]; prefix?: string[] } {
  const prefixes = events.filter((event) => event.endsWith('*')).map((event) => event.slice(0, -1));
  const names = events.filter((event) => !event.endsWith('*'));
  return { ...(names.length > 0 ? { name: names } : {}), ...(prefixes.length > 0 ? { prefix: prefixes } : {}) };
}

function eventFilter({ events, relatedTo, resource }: RunEventsOptions, since: Date): Record<string, unknown> {
  const until = new Date(since);
  until.setUTCFullYear(until.getUTCFullYear() + 1);
  return {
    occurred: { since: since.toISOString(), until: until.toISOString() },
    event: namesAndPrefixes(events),
    ...(resource ? { resource: { id: [resource] } } : {}),
    ...(relatedTo ? { related: { id: relatedTo } } : {}),
  };
}
