import type { Micros } from '@prefect-ts/protocol';
import { SECOND } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../core.ts';
import type { WorkUnit } from '../work-unit.ts';
import type { ActiveTrigger } from './active-triggers.ts';
import { onTime } from './buckets.ts';
import { lockCursor } from './cursor.ts';
import { isStillActive } from './evaluator.ts';
import { Firings } from './firings.ts';
import { readBucket, readEndedBuckets, writeBucket } from './stored-buckets.ts';

/** Looks for what did not happen: each proactive trigger has its own time for it. Contract: events 8.5. */
export class Absences {
  readonly #core: Core;
  readonly #next = new Map<string, Micros>();

  constructor(core: Core) {
    this.#core = core;
  }

  async look(triggers: readonly ActiveTrigger[], asOf: Micros): Promise<void> {
    const proactive = triggers.filter(({ trigger }) => trigger.posture === 'Proactive');
    const known = new Set(proactive.map(timerOf));
    for (const timer of this.#next.keys()) if (!known.has(timer)) this.#next.delete(timer);
    for (const active of proactive) {
      if ((this.#next.get(timerOf(active)) ?? 0) > asOf) continue;
      this.#next.set(timerOf(active), await this.#core.write((unit) => check(unit, active, asOf)));
    }
    await this.#sweep(asOf - this.#core.settings.automations.expiredBucketSeconds * SECOND);
  }

  /** Forgets windows that ended long ago. */
  async #sweep(before: Micros): Promise<void> {
    const db = this.#core.storage.builder;
    const old = await this.#core.read.first(
      db.selectFrom('automation_bucket').select('ends').where('ends', '<', before).limit(1),
    );
    if (old) await this.#core.write((unit) => unit.run(unit.db.deleteFrom('automation_bucket').where('ends', '<', before)));
  }
}

/** Changing an automation sets its triggers' timers anew. */
function timerOf({ trigger, automation }: ActiveTrigger): string {
  return `${trigger.id} ${automation.updated}`;
}

/** Evaluates a trigger's windows that are over, and answers when to look again. */
async function check(unit: WorkUnit, active: ActiveTrigger, asOf: Micros): Promise<Micros> {
  const { automation, trigger, parents } = active;
  const within = trigger.within * SECOND;
  await lockCursor(unit);
  if (!(await isStillActive(unit, active))) return asOf;
  const address = { automationId: automation.id, triggerId: trigger.id };
  if (trigger.for_each.length === 0 && !(await readBucket(unit, trigger.id, [])))
    await writeBucket(unit, { ...address, key: [] }, { starts: asOf, ends: asOf + within, count: 0, lastEvent: null });
  const buckets = unit.db.deleteFrom('automation_bucket').where('trigger_id', '=', trigger.id);
  await unit.run(buckets.where('count', '>=', trigger.threshold));
  const firings = new Firings(unit);
  for (const { key, bucket: before } of await readEndedBuckets(unit, trigger.id, asOf)) {
    const { bucket, firings: fired } = onTime(trigger, before, asOf);
    await writeBucket(unit, { ...address, key }, bucket);
    for (const { event } of fired) await firings.fire(automation, trigger, parents, key, event);
  }
  const next = await unit.first(
    unit.db
      .selectFrom('automation_bucket')
      .select(sql<Micros | null>`min(ends)`.as('ends'))
      .where('trigger_id', '=', trigger.id)
      .where('ends', '>', asOf),
  );
  return Math.min(asOf + within, next?.ends ?? Number.POSITIVE_INFINITY);
}
