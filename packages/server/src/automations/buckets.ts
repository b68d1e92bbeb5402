import { type Micros, parseTimestamp, SECOND } from '@prefect-ts/protocol';
import { type EventTrigger, isExpected, startsAfter, type TriggeringEvent } from './triggers.ts';

/** What a trigger has counted so far for one combination of labels, in a window that ends before `ends`. */
export interface Bucket {
  readonly starts: Micros;
  readonly ends: Micros;
  readonly count: number;
  readonly lastEvent: TriggeringEvent | null;
}

/** What becomes of a bucket, and how often its trigger fired, each time with the event that tells why. */
export interface Evaluation {
  readonly bucket: Bucket | undefined;
  readonly firings: readonly { readonly event: TriggeringEvent | null }[];
}

/** The first window reaches back, so that events that come out of order are counted. */
const LOOKBACK: Micros = 15 * 60 * SECOND;

/** Shows an event that a trigger covers to the bucket that it belongs to. Contract: events 8.3. */
export function onEvent(trigger: EventTrigger, bucket: Bucket | undefined, event: TriggeringEvent): Evaluation {
  const occurred = parseTimestamp(event.occurred) ?? 0;
  const ends = occurred + trigger.within * SECOND;
  const expected = isExpected(trigger, event.event);
  let current = bucket;
  if (trigger.after.length > 0) {
    if (startsAfter(trigger, event.event))
      current = current
        ? { ...current, lastEvent: event }
        : { starts: occurred, ends, count: expected ? -1 : 0, lastEvent: event };
  } else if (expected) current ??= { starts: occurred - LOOKBACK, ends, count: 0, lastEvent: event };
  if (!expected || !current) return { bucket: current, firings: [] };
  return evaluate(trigger, current, occurred, event);
}

/** Looks at a bucket because time has passed. */
export function onTime(trigger: EventTrigger, bucket: Bucket, now: Micros): Evaluation {
  return evaluate(trigger, bucket, now, null);
}

/** Contract: events 8.4. */
function evaluate(trigger: EventTrigger, bucket: Bucket, now: Micros, event: TriggeringEvent | null): Evaluation {
  const isReactive = trigger.posture === 'Reactive';
  const firings: { event: TriggeringEvent | null }[] = [];
  let current = bucket;
  let unspent = event;
  for (;;) {
    if (now < current.starts) return { bucket: current, firings };
    if (unspent && ((isReactive && trigger.within === 0) || now < current.ends)) {
      current = { ...current, count: current.count + 1, lastEvent: unspent };
      unspent = null;
    }
    const isMet = isReactive ? current.count >= trigger.threshold : current.count < trigger.threshold;
    const fires = isMet && (isReactive || current.ends <= now);
    if (fires) firings.push({ event: event ?? current.lastEvent });
    else if (now < current.ends) return { bucket: restarted(trigger, current, now, event, isMet), firings };

    if (trigger.after.length > 0) return { bucket: undefined, firings };
    if (trigger.within === 0) return { bucket: fires ? undefined : current, firings };
    const starts = Math.max(current.ends, now);
    current = { starts, ends: starts + trigger.within * SECOND, count: 0, lastEvent: current.lastEvent };
    if (!unspent) return { bucket: current, firings };
    if (!isReactive) return { bucket: { ...current, count: 1, lastEvent: unspent }, firings };
  }
}

/** An event that both begins and fulfils a proactive trigger is a heartbeat: the window begins anew with it. */
function restarted(trigger: EventTrigger, bucket: Bucket, now: Micros, event: TriggeringEvent | null, isMet: boolean): Bucket {
  const isHeartbeat = event !== null && trigger.posture === 'Proactive' && !isMet && startsAfter(trigger, event.event);
  return isHeartbeat ? { starts: now, ends: now + trigger.within * SECOND, count: 0, lastEvent: event } : bucket;
}
