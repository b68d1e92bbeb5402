import { type Automation, formatTimestamp, type Micros, uuid7 } from '@prefect-ts/protocol';
import type { NewEvent } from '../events/event-log.ts';
import { json } from '../storage/json-columns.ts';
import type { WorkUnit } from '../work-unit.ts';
import { type Firing, onChildFiring } from './composites.ts';
import { bucketingLabels, type CompositeTrigger, type EventTrigger, type Trigger, type TriggeringEvent } from './triggers.ts';

/** An action that a firing asks for, with all that carrying it out needs. Contract: events 8.9. */
export interface ActionMessage {
  readonly id: string;
  readonly automation: Automation;
  readonly firing: Firing;
  readonly triggered: string;
  readonly triggering_labels: Readonly<Record<string, string>>;
  readonly triggering_event: TriggeringEvent | null;
  readonly action: Automation['actions'][number];
  readonly action_index: number;
  readonly automation_triggered_event_id: string;
}

/** The firings of one transaction: each has a time of its own, so that sequences can tell them apart. */
export class Firings {
  readonly #unit: WorkUnit;
  #lastTime: Micros;

  constructor(unit: WorkUnit) {
    this.#unit = unit;
    this.#lastTime = unit.now;
  }

  /** A trigger fired: what is around it hears of it, and at last the automation acts. */
  async fire(
    automation: Automation,
    trigger: EventTrigger,
    parents: readonly CompositeTrigger[],
    key: readonly string[],
    event: TriggeringEvent | null,
  ): Promise<void> {
    const labels = Object.fromEntries(bucketingLabels(trigger).map((label, index) => [label, key[index] ?? '']));
    let firing: Firing | undefined = this.#firing(trigger, labels, [], event);
    for (const parent of parents) {
      firing = firing && (await this.#passUp(automation, parent, firing));
      if (!firing) return;
    }
    await this.#act(automation, firing);
  }

  #firing(
    trigger: Trigger,
    labels: Readonly<Record<string, string>>,
    firings: readonly Firing[],
    event: TriggeringEvent | null,
  ): Firing {
    this.#lastTime += 1;
    return {
      id: uuid7(this.#lastTime / 1000),
      trigger,
      trigger_states: ['Triggered'],
      triggered: formatTimestamp(this.#lastTime),
      triggering_labels: labels,
      triggering_firings: firings,
      triggering_event: event,
      triggering_value: null,
    };
  }

  async #passUp(automation: Automation, parent: CompositeTrigger, firing: Firing): Promise<Firing | undefined> {
    const { db } = this.#unit;
    const rows = await this.#unit.all(
      db.selectFrom('automation_child_firing').select('firing').where('parent_id', '=', parent.id),
    );
    const stored = rows.map((row) => JSON.parse(row.firing) as Firing);
    const { kept, fires } = onChildFiring(parent, stored, firing);
    if (kept !== stored) await this.#store(automation, parent, stored, kept);
    const last = fires?.at(-1);
    return fires && last && this.#firing(parent, {}, fires, last.triggering_event);
  }

  async #store(
    automation: Automation,
    parent: CompositeTrigger,
    stored: readonly Firing[],
    kept: readonly Firing[],
  ): Promise<void> {
    const { db } = this.#unit;
    const known = new Set(stored.map(({ id }) => id));
    const staying = new Set(kept.map(({ id }) => id));
    for (const { id, trigger } of stored)
      if (!staying.has(id)) await this.#unit.run(db.deleteFrom('automation_child_firing').where('trigger_id', '=', trigger.id));
    for (const firing of kept) {
      if (known.has(firing.id)) continue;
      await this.#unit.run(
        db.insertInto('automation_child_firing').values({
          trigger_id: firing.trigger.id,
          parent_id: parent.id,
          automation_id: automation.id,
          triggered: this.#lastTime,
          firing: json(firing),
        }),
      );
    }
  }

  /** Tells that the automation was triggered, and queues what it does. */
  async #act(automation: Automation, firing: Firing): Promise<void> {
    const triggered = triggeredEvent(automation, firing, this.#lastTime);
    await this.#unit.emit(triggered);
    const received = formatTimestamp(this.#unit.now);
    const stateChange: TriggeringEvent = { ...triggered, occurred: firing.triggered, received };
    const actions = [
      ...automation.actions.map((action) => ({ action, event: firing.triggering_event })),
      ...automation.actions_on_trigger.map((action) => ({ action, event: stateChange })),
    ];
    for (const [index, { action, event }] of actions.entries()) {
      const message: ActionMessage = {
        id: uuid7(this.#lastTime / 1000),
        automation,
        firing,
        triggered: firing.triggered,
        triggering_labels: firing.triggering_labels,
        triggering_event: event,
        action,
        action_index: index,
        automation_triggered_event_id: triggered.id,
      };
      // Actions are carried out in their order.
      this.#lastTime += 1;
      const row = { id: message.id, due: this.#lastTime, attempts: 0, message: json(message) };
      await this.#unit.run(this.#unit.db.insertInto('automation_action').values(row));
    }
  }
}

/** What every event of an automation says of it. */
export function automationLabels(automation: Automation, trigger: Trigger): Record<string, string> {
  return {
    'prefect.resource.id': `prefect.automation.${automation.id}`,
    'prefect.resource.name': automation.name,
    ...(trigger.type === 'event' ? { 'prefect.posture': trigger.posture } : {}),
  };
}

function triggeredEvent(automation: Automation, firing: Firing, occurred: Micros): Required<NewEvent> {
  const { triggering_event: event } = firing;
  return {
    id: uuid7(occurred / 1000),
    occurred,
    event: 'prefect.automation.triggered',
    resource: automationLabels(automation, firing.trigger),
    related: event ? [{ 'prefect.resource.id': `prefect.event.${event.id}`, 'prefect.resource.role': 'triggering-event' }] : [],
    payload: { triggering_labels: firing.triggering_labels, triggering_event: event },
    follows: null,
  };
}
