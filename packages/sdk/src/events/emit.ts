import { formatTimestamp, type Micros, nowMicros, uuid7 } from '@prefect-ts/protocol';
import { currentContext } from '../context/context.ts';
import { EventTooLarge } from '../errors.ts';
import { currentSession, type Session } from '../session/session.ts';
import { type RelatedResource, type Resource, relatedTo } from './resource.ts';

export interface EmitOptions {
  readonly related?: readonly RelatedResource[] | undefined;
  readonly payload?: Readonly<Record<string, unknown>> | undefined;
  /** Default: a new one. */
  readonly id?: string | undefined;
  /** Default: now. */
  readonly occurred?: Micros | undefined;
  /** Id of the event that this one comes after. */
  readonly follows?: string | undefined;
}

/** An event as it was sent. */
export interface EmittedEvent {
  readonly id: string;
  readonly occurred: string;
  readonly event: string;
}

const MAX_RELATED = 100;

/**
 * Sends an event. Inside a run, the run and what belongs to it are added to the related resources.
 *
 * @throws EventTooLarge; nothing else: an event that cannot be delivered never fails its caller.
 * @example emit('invoice.sent', { 'prefect.resource.id': `acme.invoice.${id}` }, { payload: { total } })
 */
export function emit(event: string, resource: Resource, options: EmitOptions = {}): EmittedEvent {
  return emitIn(currentSession(), event, resource, options);
}

/** {@link emit} through a given session. */
export function emitIn(session: Session, event: string, resource: Resource, options: EmitOptions = {}): EmittedEvent {
  const id = options.id ?? uuid7();
  const occurred = formatTimestamp(options.occurred ?? nowMicros());
  const text = JSON.stringify({
    id,
    occurred,
    event,
    resource,
    related: withRunContext(resource, options.related ?? []),
    payload: options.payload ?? {},
    follows: options.follows ?? null,
  });
  sendEvent(session, event, text);
  return { id, occurred, event };
}

/** Hands an event that is already JSON to the sender of the session. */
export function sendEvent(session: Session, name: string, text: string): void {
  // A character takes at most three bytes in UTF-8: most events need no counting.
  if (text.length * 3 > session.maxEventBytes && Buffer.byteLength(text) > session.maxEventBytes) {
    throw new EventTooLarge(
      `The event ${name} has ${Buffer.byteLength(text)} bytes; the server takes ${session.maxEventBytes}.`,
      {
        hint: 'Send a smaller payload, or keep the data elsewhere and send where it is.',
      },
    );
  }
  session.events.send(text);
}

function withRunContext(resource: Resource, related: readonly RelatedResource[]): readonly RelatedResource[] {
  const { flow, task } = currentContext();
  const known = new Set([resource, ...related].map((each) => each['prefect.resource.id']));
  const all = [...related];
  const [flowRun, ...others] = flow?.related ?? [];
  const own = task ? [relatedTo('task-run', task.run.id, task.run.name)] : [];
  for (const each of [...(flowRun ? [flowRun] : []), ...own, ...others]) {
    if (!known.has(each['prefect.resource.id'])) all.push(each);
  }
  return all.slice(0, MAX_RELATED);
}
