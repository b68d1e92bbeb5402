import type { Micros } from '@prefect-ts/protocol';
import type { Kysely } from '#kysely';
import type { CoreParts } from './core.ts';
import type { Cipher } from './encryption/index.ts';
import type { Topics } from './events/bus.ts';
import { insertEvents, type NewEvent, type StoredEvent, storedEvent } from './events/event-log.ts';
import type { ServerSettings } from './settings.ts';
import type { Unit } from './storage/storage.ts';
import type { Tables } from './storage/tables.ts';

/** The transaction of a request, with what it may write besides rows: events, and announcements to whoever listens. */
export interface WorkUnit extends Unit {
  readonly db: Kysely<Tables>;
  readonly settings: ServerSettings;
  readonly cipher: Cipher;
  /** The time at which the unit began. */
  readonly now: Micros;
  /** Records what happened, in this transaction; it is published once the transaction is durable. What is too large is left out. */
  emit(...events: NewEvent[]): Promise<void>;
  /** Tells listeners something once the transaction is durable. Nothing that may not be lost is told this way only. */
  announce<Topic extends keyof Topics>(topic: Topic, message: Topics[Topic]): void;
}

/** Dresses a storage unit for the parts of the server that change things. */
export function workUnit(parts: CoreParts, unit: Unit): WorkUnit {
  const emitted: StoredEvent[] = [];
  const now = parts.clock();
  const db = parts.storage.builder;
  return {
    db,
    settings: parts.settings,
    cipher: parts.cipher,
    now,
    all: (query) => unit.all(query),
    first: (query) => unit.first(query),
    run: (query) => unit.run(query),
    afterCommit: (callback) => unit.afterCommit(callback),
    async emit(...events) {
      if (events.length === 0) return;
      if (emitted.length === 0) unit.afterCommit(() => parts.bus.publish('events', emitted));
      const stored = events
        .map((event) => storedEvent(event, now))
        .filter(({ body }) => fits(body, parts.settings.maxEventBytes));
      emitted.push(...stored);
      await insertEvents(unit, db, stored);
    },
    announce(topic, message) {
      unit.afterCommit(() => parts.bus.publish(topic, message));
    },
  };
}

/** A character takes at most three bytes, so most texts need not be measured. */
function fits(text: string, bytes: number): boolean {
  return text.length * 3 <= bytes || Buffer.byteLength(text) <= bytes;
}
