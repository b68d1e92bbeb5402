import { type AutomationTestFiring, formatTimestamp, type Micros } from '@prefect-ts/protocol';
import type { Core } from '../core.ts';
import { Rehearsal } from './rehearsal.ts';
import type { Trigger, TriggeringEvent } from './triggers.ts';

/** Bounds for one look. */
const MOST_EVENTS = 200_000;
const MOST_FIRINGS = 10_000;
const SHOWN_FIRINGS = 100;
const AT_ONCE = 2_000;

interface IndexedEvent {
  readonly position: number;
  readonly occurred: Micros;
  readonly event: string;
}

/** Says what a trigger would have fired on the events that are stored of a time. Nothing is written, nothing is done. */
export async function rehearse(
  core: Core,
  trigger: Trigger,
  { since, until }: { readonly since: Micros; readonly until: Micros },
): Promise<AutomationTestFiring> {
  const { expiredBucketSeconds } = core.settings.automations;
  const rehearsal = new Rehearsal(trigger, { since, expiredBucketSeconds, mostFirings: MOST_FIRINGS });
  let [looked, concerned] = [0, 0];
  let after = { occurred: since, position: -1 };
  for (;;) {
    const events = await readAfter(core, after, until);
    const named = events.filter(({ event }) => rehearsal.concerns(event));
    for (const event of await readBodies(core, named)) if (!rehearsal.isOver && rehearsal.show(event)) concerned += 1;
    looked += events.length;
    const last = events.at(-1);
    if (!last || rehearsal.isOver || events.length < AT_ONCE || looked >= MOST_EVENTS) break;
    after = last;
  }
  const isComplete = !rehearsal.isOver && looked < MOST_EVENTS;
  if (isComplete) rehearsal.passTime(until);
  return {
    since: formatTimestamp(since),
    until: formatTimestamp(until),
    events: concerned,
    complete: isComplete && !rehearsal.isOver,
    count: rehearsal.firings.length,
    firings: rehearsal.firings.slice(0, SHOWN_FIRINGS).map((firing) => ({
      triggered: firing.triggered,
      triggering_labels: firing.triggering_labels,
      triggering_event: firing.triggering_event && shown(firing.triggering_event),
    })),
  };
}

function readAfter(core: Core, after: Omit<IndexedEvent, 'event'>, until: Micros): Promise<IndexedEvent[]> {
  return core.scan.all(
    core.storage.builder
      .selectFrom('event')
      .select(['position', 'occurred', 'event'])
      .where('occurred', '>=', after.occurred)
      .where('occurred', '<=', until)
      .where((where) => where.or([where('occurred', '>', after.occurred), where('position', '>', after.position)]))
      .orderBy('occurred')
      .orderBy('position')
      .limit(AT_ONCE),
  );
}

async function readBodies(core: Core, events: readonly IndexedEvent[]): Promise<TriggeringEvent[]> {
  if (events.length === 0) return [];
  const positions = events.map(({ position }) => position);
  const query = core.storage.builder.selectFrom('event').select('body').where('position', 'in', positions);
  const rows = await core.scan.all(query.orderBy('occurred').orderBy('position'));
  return rows.map(({ body }) => JSON.parse(body) as TriggeringEvent);
}

function shown({ id, event, occurred, resource }: TriggeringEvent) {
  return { id, event, occurred, resource };
}
