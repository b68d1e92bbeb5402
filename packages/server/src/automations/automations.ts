import { type Automation, formatTimestamp } from '@prefect-ts/protocol';
import type { Selectable } from '#kysely';
import { NotFoundError } from '../errors.ts';
import type { NewEvent } from '../events/event-log.ts';
import { json, parseJson } from '../storage/json-columns.ts';
import { locked } from '../storage/row-locks.ts';
import type { AutomationTable } from '../storage/tables.ts';
import type { WorkUnit } from '../work-unit.ts';

export type StoredAutomation = Selectable<AutomationTable>;

/** The members of an automation that somebody decides about, as they are stored: triggers have their ids. */
export type AutomationContent = Omit<Automation, 'id' | 'created' | 'updated'>;

/** An automation as the API answers it. */
export function automationResponse(row: StoredAutomation): Automation {
  return {
    id: row.id,
    created: formatTimestamp(row.created),
    updated: formatTimestamp(row.updated),
    name: row.name,
    description: row.description,
    enabled: row.enabled === 1,
    tags: parseJson(row.tags),
    trigger: parseJson(row.trigger),
    actions: parseJson(row.actions),
    actions_on_trigger: parseJson(row.actions_on_trigger),
    actions_on_resolve: parseJson(row.actions_on_resolve),
  };
}

export async function createAutomation(
  unit: WorkUnit,
  id: string,
  content: AutomationContent,
  owner: string | null,
): Promise<Automation> {
  const row = { id, created: unit.now, updated: unit.now, ...columnsOf(content) };
  await unit.run(unit.db.insertInto('automation').values(row));
  await relate(unit, id, content);
  if (owner !== null) await addRelation(unit, id, owner, 1);
  const automation = automationResponse(row);
  await unit.emit(automationEvent('created', automation));
  return automation;
}

/** Changes an automation. New triggers have new ids, and what the old ones have counted goes with them. */
export async function updateAutomation(
  unit: WorkUnit,
  row: StoredAutomation,
  changes: Partial<AutomationContent>,
): Promise<void> {
  const columns = { ...columnsOf(changes), updated: unit.now };
  await unit.run(unit.db.updateTable('automation').set(columns).where('id', '=', row.id));
  if (changes.trigger) await forgetTriggers(unit, row.id);
  if (changes.actions) {
    const unowned = unit.db.deleteFrom('automation_relation').where('automation_id', '=', row.id).where('owned', '=', 0);
    await unit.run(unowned);
    await relate(unit, row.id, changes);
  }
  await unit.emit(automationEvent('updated', automationResponse({ ...row, ...columns })));
}

export async function deleteAutomation(unit: WorkUnit, row: StoredAutomation): Promise<void> {
  await unit.run(unit.db.deleteFrom('automation').where('id', '=', row.id));
  await unit.emit(automationEvent('deleted', automationResponse(row)));
}

/** Finds an automation and keeps others from changing it. */
export async function lockAutomation(unit: WorkUnit, id: string): Promise<StoredAutomation> {
  const query = unit.db.selectFrom('automation').selectAll().where('id', '=', id);
  const row = await unit.first(locked(unit.db, query, 'automation'));
  if (!row) throw automationNotFound();
  return row;
}

export function automationNotFound(): NotFoundError {
  return new NotFoundError('Automation not found');
}

async function forgetTriggers(unit: WorkUnit, id: string): Promise<void> {
  await unit.run(unit.db.deleteFrom('automation_bucket').where('automation_id', '=', id));
  await unit.run(unit.db.deleteFrom('automation_child_firing').where('automation_id', '=', id));
}

/** An automation is related to the deployments that it runs. */
async function relate(unit: WorkUnit, id: string, { actions = [] }: Partial<AutomationContent>): Promise<void> {
  for (const action of actions)
    if (action.type === 'run-deployment' && action.source === 'selected' && action.deployment_id)
      await addRelation(unit, id, `prefect.deployment.${action.deployment_id}`, 0);
}

async function addRelation(unit: WorkUnit, automationId: string, resourceId: string, owned: 0 | 1): Promise<void> {
  const row = { automation_id: automationId, resource_id: resourceId, owned };
  const insert = unit.db.insertInto('automation_relation').values(row);
  await unit.run(
    insert.onConflict((conflict) => {
      const known = conflict.columns(['automation_id', 'resource_id']);
      return owned === 1 ? known.doUpdateSet({ owned }) : known.doNothing();
    }),
  );
}

function columnsOf<Content extends Partial<AutomationContent>>(content: Content) {
  const columns = Object.entries(content).flatMap(([member, value]) => {
    if (value === undefined) return [];
    if (member === 'enabled') return [[member, value ? 1 : 0]];
    return [[member, typeof value === 'string' ? value : json(value)]];
  });
  return Object.fromEntries(columns) as Omit<StoredAutomation, 'id' | 'created' | 'updated'>;
}

function automationEvent(change: 'created' | 'updated' | 'deleted', automation: Automation): NewEvent {
  return {
    event: `prefect.automation.${change}`,
    resource: { 'prefect.resource.id': `prefect.automation.${automation.id}`, 'prefect.resource.name': automation.name },
    related: [],
    payload: automation,
    follows: null,
  };
}
