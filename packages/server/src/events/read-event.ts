import { isUuid, parseTimestamp } from '@prefect-ts/protocol';
import type { NewEvent, ResourceLabels } from './event-log.ts';

const LONGEST_NAME = 1024;
const MOST_LABELS = 500;
const MOST_RELATED = 100;

/** What is wrong with an event that a client sent. */
export class InvalidEventError extends Error {
  override readonly name = 'InvalidEventError';
}

/**
 * Checks an event that came over a socket or in a batch, and drops members that events do not have. Contract: events 4.1.
 *
 * @throws InvalidEventError
 */
export function readEvent(value: unknown): Required<NewEvent> {
  const event = objectOf(value, 'An event');
  const { id, occurred, event: name, follows } = event;
  if (typeof id !== 'string' || !isUuid(id)) throw new InvalidEventError('An event must have an id, a UUID.');
  const time = typeof occurred === 'string' ? parseTimestamp(occurred) : undefined;
  if (time === undefined) throw new InvalidEventError('An event must say when it occurred, as an ISO 8601 timestamp.');
  if (typeof name !== 'string') throw new InvalidEventError('An event must have a name.');
  if (name.length > LONGEST_NAME) throw new InvalidEventError(`Event name must be at most ${LONGEST_NAME} characters`);
  if (follows !== null && follows !== undefined && (typeof follows !== 'string' || !isUuid(follows)))
    throw new InvalidEventError('An event follows another by its id, a UUID.');
  const related = event.related ?? [];
  if (!Array.isArray(related)) throw new InvalidEventError('The related resources of an event are a list.');
  if (related.length > MOST_RELATED) throw new InvalidEventError(`The maximum number of related resources is ${MOST_RELATED}`);
  return {
    id: id.toLowerCase(),
    occurred: time,
    event: name,
    resource: readResource(event.resource),
    related: related.map(readRelated),
    payload: objectOf(event.payload ?? {}, 'The payload of an event'),
    follows: follows === undefined ? null : follows,
  };
}

function readResource(value: unknown): ResourceLabels {
  const labels = objectOf(value, 'A resource');
  let count = 0;
  for (const label in labels) {
    count += 1;
    if (typeof labels[label] !== 'string') throw new InvalidEventError(`The label ${label} of a resource must be a string.`);
  }
  if (count > MOST_LABELS) throw new InvalidEventError(`The maximum number of labels per resource is ${MOST_LABELS}`);
  const id = labels['prefect.resource.id'];
  if (id === undefined) throw new InvalidEventError('Resources must include the prefect.resource.id label');
  if (id === '') throw new InvalidEventError('The prefect.resource.id label must be non-empty');
  return labels as ResourceLabels;
}

function readRelated(value: unknown): ResourceLabels {
  const labels = readResource(value);
  if (!labels['prefect.resource.role'])
    throw new InvalidEventError('Related Resources must include the prefect.resource.role label');
  return labels;
}

function objectOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidEventError(`${what} must be an object.`);
  return value as Record<string, unknown>;
}
