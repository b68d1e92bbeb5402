import { type Automation, type Micros, parseTimestamp } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../core.ts';
import { statement } from '../storage/statement.ts';
import { automationResponse } from './automations.ts';
import { eventTriggers, type PlacedTrigger, type Trigger } from './triggers.ts';

/** A trigger that counts events, with the automation that it belongs to. */
export interface ActiveTrigger extends PlacedTrigger {
  readonly automation: Automation;
  /** It knows only events that were received after its automation was last changed. */
  readonly since: Micros;
}

/** The triggers of all automations that are enabled, read again whenever an automation has changed. */
export class ActiveTriggers {
  #triggers: readonly ActiveTrigger[] = [];
  #version = '';

  async read(core: Core): Promise<readonly ActiveTrigger[]> {
    const db = core.storage.builder;
    const seen = await core.read.first(newestChange(db, {}));
    const version = `${seen?.updated}:${seen?.count}`;
    if (version === this.#version) return this.#triggers;
    const rows = await core.read.all(db.selectFrom('automation').selectAll().where('enabled', '=', 1));
    this.#triggers = rows.map(automationResponse).flatMap((automation) => {
      const since = parseTimestamp(automation.updated ?? '') ?? 0;
      return eventTriggers(automation.trigger as Trigger).map((placed) => ({ ...placed, automation, since }));
    });
    this.#version = version;
    return this.#triggers;
  }
}

const newestChange = statement((db, _: object) =>
  db.selectFrom('automation').select([sql<Micros | null>`max(updated)`.as('updated'), sql<number>`count(*)`.as('count')]),
);
