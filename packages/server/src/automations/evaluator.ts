import { type Micros, parseTimestamp } from '@prefect-ts/protocol';
import type { Core } from '../core.ts';
import { locked } from '../storage/row-locks.ts';
import { statement } from '../storage/statement.ts';
import type { WorkUnit } from '../work-unit.ts';
import { type ActiveTrigger, ActiveTriggers } from './active-triggers.ts';
import { onEvent } from './buckets.ts';
import { lockCursor, moveCursor, readCursor } from './cursor.ts';
import { EventFeed, type FeedEvent } from './event-feed.ts';
import { Firings } from './firings.ts';
import { readReleased, takeFollower, waitsForLeader } from './followers.ts';
import { readBucket, writeBucket } from './stored-buckets.ts';
import { bucketingKey, covers, coversName, type TriggeringEvent } from './triggers.ts';

/** Few enough that a transaction of the evaluator keeps nobody waiting. */
const EVENTS_AT_ONCE = 50;
/** So many events that concern no trigger may be looked at again after a restart. */
const SAVE_EVERY = 10_000;

/**
 * Shows the log of events to the triggers, each event once: what an event changes and the cursor move in one transaction, so that a server
 * that dies loses nothing and repeats nothing.
 */
export class Evaluator {
  readonly #core: Core;
  readonly #active = new ActiveTriggers();
  readonly #feed = new EventFeed();
  #position: number | undefined;
  #saved = 0;
  #greatest: Micros = 0;
  #lag: Micros = 0;
  /** When the log was read last: what came later is not known yet, and so nothing is missing yet. */
  #readAt: Micros = 0;

  constructor(core: Core) {
    this.#core = core;
  }

  /** The time up to which events are known: events may come in late, and then what they tell of is late. Contract: events 8.5. */
  get asOf(): Micros {
    return this.#readAt + this.#lag;
  }

  triggers(): Promise<readonly ActiveTrigger[]> {
    return this.#active.read(this.#core);
  }

  /**
   * Reads the log as far as it reaches now. What comes meanwhile is for the next time: triggers may cover what their own firings tell, and
   * actions must have their turn. Gives up early when the signal says so.
   */
  async catchUp(signal?: AbortSignal): Promise<void> {
    this.#position ??= this.#saved = await readCursor(this.#core);
    this.#readAt = this.#core.clock();
    const end = await this.#endOfLog();
    while (this.#position < end && !signal?.aborted) {
      const triggers = await this.triggers();
      if (triggers.length === 0) {
        // Without triggers nothing has to be looked at, not even later: triggers know only what comes after them.
        this.#position = end;
        return;
      }
      const events = await this.#feed.read(this.#core, this.#position);
      const last = events.at(-1);
      if (!last) break;
      const concerning = events.filter((event) => concernsAny(triggers, event)).slice(0, EVENTS_AT_ONCE);
      const seen = concerning.length === EVENTS_AT_ONCE ? (concerning.at(-1)?.position ?? last.position) : last.position;
      if (concerning.length > 0 || seen - this.#saved > SAVE_EVERY) {
        await this.#core.write((unit) => this.#evaluate(unit, triggers, concerning, seen));
        this.#saved = seen;
      }
      this.#noteTimes(events.filter(({ position }) => position <= seen));
      this.#position = seen;
    }
    await this.#evaluateReleased();
  }

  async #endOfLog(): Promise<number> {
    const newest = await this.#core.read.first(newestEvent(this.#core.storage.builder, {}));
    return newest?.position ?? 0;
  }

  async #evaluate(unit: WorkUnit, triggers: readonly ActiveTrigger[], events: readonly FeedEvent[], seen: number): Promise<void> {
    const known = await lockCursor(unit);
    const firings = new Firings(unit);
    const open = events.filter(({ position }) => position > known);
    const bodies = await readBodies(unit, open);
    for (const { position, received } of open) {
      const event = bodies.get(position);
      if (!event) continue;
      const covering = coveringTriggers(triggers, event);
      if (covering.length === 0 || (await waitsForLeader(unit, event, position, received))) continue;
      await evaluateEvent(unit, firings, covering, event);
    }
    await moveCursor(unit, seen);
  }

  async #evaluateReleased(): Promise<void> {
    const seen = this.#position ?? 0;
    for (
      let released = await readReleased(this.#core, seen);
      released.length > 0;
      released = await readReleased(this.#core, seen)
    ) {
      const triggers = await this.triggers();
      await this.#core.write(async (unit) => {
        await lockCursor(unit);
        const firings = new Firings(unit);
        const bodies = await readBodies(unit, released);
        for (const { position } of released) {
          const event = bodies.get(position);
          if ((await takeFollower(unit, position)) && event)
            await evaluateEvent(unit, firings, coveringTriggers(triggers, event), event);
        }
      });
    }
  }

  #noteTimes(events: readonly FeedEvent[]): void {
    for (const { occurred, received } of events) this.#greatest = Math.max(this.#greatest, Math.min(occurred, received));
    const last = events.at(-1);
    if (last) this.#lag = Math.min(0, this.#greatest - last.received);
  }
}

const newestEvent = statement((db, _: object) => db.selectFrom('event').select('position').orderBy('position', 'desc').limit(1));

function concernsAny(triggers: readonly ActiveTrigger[], { event, received }: FeedEvent): boolean {
  return triggers.some(({ trigger, since }) => received >= since && coversName(trigger, event));
}

function coveringTriggers(triggers: readonly ActiveTrigger[], event: TriggeringEvent): ActiveTrigger[] {
  const received = parseTimestamp(event.received) ?? 0;
  return triggers.filter(({ trigger, since }) => received >= since && covers(trigger, event));
}

async function readBodies(unit: WorkUnit, events: readonly { position: number }[]): Promise<Map<number, TriggeringEvent>> {
  if (events.length === 0) return new Map();
  const positions = events.map(({ position }) => position);
  const rows = await unit.all(unit.db.selectFrom('event').select(['position', 'body']).where('position', 'in', positions));
  return new Map(rows.map(({ position, body }) => [position, JSON.parse(body) as TriggeringEvent]));
}

async function evaluateEvent(
  unit: WorkUnit,
  firings: Firings,
  triggers: readonly ActiveTrigger[],
  event: TriggeringEvent,
): Promise<void> {
  for (const active of triggers) {
    if (!(await isStillActive(unit, active))) continue;
    const { automation, trigger, parents } = active;
    const key = bucketingKey(trigger, event);
    const before = await readBucket(unit, trigger.id, key);
    const { bucket, firings: fired } = onEvent(trigger, before, event);
    if (bucket !== before) await writeBucket(unit, { automationId: automation.id, triggerId: trigger.id, key }, bucket);
    for (const { event: reason } of fired) await firings.fire(automation, trigger, parents, key, reason);
  }
}

/** Keeps the automation as it is until the unit ends; false when it is another by now. */
export async function isStillActive(unit: WorkUnit, { automation }: ActiveTrigger): Promise<boolean> {
  const query = unit.db.selectFrom('automation').select(['updated', 'enabled']).where('id', '=', automation.id);
  const row = await unit.first(locked(unit.db, query, 'automation'));
  return row?.enabled === 1 && row.updated === parseTimestamp(automation.updated ?? '');
}
