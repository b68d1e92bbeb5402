import { formatTimestamp, type Micros, uuid7 } from '@prefect-ts/protocol';
import type { Selectable } from '#kysely';
import { parseJson } from '../storage/json-columns.ts';
import { statement } from '../storage/statement.ts';
import type { QueryBuilder, Unit } from '../storage/storage.ts';
import type { EventTable } from '../storage/tables.ts';

/** A thing that an event is about, by its labels; `prefect.resource.id` is always one of them. */
export type ResourceLabels = Readonly<Record<string, string>>;

/** An event on its way into the log. */
export interface NewEvent {
  /** Made by the server when absent. */
  readonly id?: string;
  /** The time of the unit when absent. */
  readonly occurred?: Micros;
  readonly event: string;
  readonly resource: ResourceLabels;
  readonly related: readonly ResourceLabels[];
  readonly payload: unknown;
  readonly follows: string | null;
}

/** An event in the log, with its text as it goes over the wire. */
export interface StoredEvent extends Required<NewEvent> {
  readonly received: Micros;
  readonly body: string;
}

/** Completes an event and writes it out once, for the log and for everybody who listens. */
export function storedEvent(event: NewEvent, received: Micros): StoredEvent {
  const id = event.id ?? uuid7(received / 1000);
  const occurred = event.occurred ?? received;
  const body = JSON.stringify({
    occurred: formatTimestamp(occurred),
    event: event.event,
    resource: event.resource,
    related: event.related,
    payload: event.payload,
    id,
    follows: event.follows,
    received: formatTimestamp(received),
  });
  return { ...event, id, occurred, received, body };
}

/** An event as the log has it. */
export type EventRow = Pick<Selectable<EventTable>, 'position' | 'id' | 'occurred' | 'received' | 'body'>;

/** Reads an event out of the log. */
export function eventOfRow({ id, occurred, received, body }: EventRow): StoredEvent {
  const { event, resource, related, payload, follows } = parseJson<Required<NewEvent>>(body);
  return { id, occurred, received, body, event, resource, related, payload, follows };
}

const insertEvent = statement(
  (db, p: { id: string; occurred: Micros; received: Micros; event: string; resourceId: string; body: string }) =>
    db
      .insertInto('event')
      .values({
        id: p.id,
        occurred: p.occurred,
        received: p.received,
        event: p.event,
        resource_id: p.resourceId,
        body: p.body,
      })
      .onConflict((conflict) => conflict.column('id').doNothing()),
);

/** Writes events into the log; one whose id is there already is left out. */
export async function insertEvents(unit: Unit, db: QueryBuilder, events: readonly StoredEvent[]): Promise<void> {
  for (const { id, occurred, received, event, resource, body } of events)
    await unit.run(insertEvent(db, { id, occurred, received, event, resourceId: resource['prefect.resource.id'] ?? '', body }));
}
