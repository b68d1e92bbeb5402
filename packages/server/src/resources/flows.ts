import { uuid4 } from '@prefect-ts/protocol';
import type { Selectable } from '#kysely';
import type { NewEvent } from '../events/event-log.ts';
import { json, parseJson } from '../storage/json-columns.ts';
import { locked } from '../storage/row-locks.ts';
import { statement } from '../storage/statement.ts';
import type { FlowTable } from '../storage/tables.ts';
import type { WorkUnit } from '../work-unit.ts';
import { releaseSlotsHeldBy } from './concurrency-limits/leases.ts';
import { deleteOwnLimit } from './deployments/concurrency-limit.ts';

export type StoredFlow = Selectable<FlowTable>;

export const flowByName = statement((db, p: { name: string }) => db.selectFrom('flow').selectAll().where('name', '=', p.name));

const insertFlow = statement((db, p: FlowTable) =>
  db
    .insertInto('flow')
    .values({ id: p.id, created: p.created, updated: p.updated, name: p.name, tags: p.tags, labels: p.labels })
    .onConflict((conflict) => conflict.column('name').doNothing()),
);

/** Makes a flow unless one of its name is there. */
export async function ensureFlow(
  unit: WorkUnit,
  { name, tags, labels }: { readonly name: string; readonly tags: readonly string[]; readonly labels: object },
): Promise<{ readonly created: boolean; readonly row: StoredFlow | undefined }> {
  const row = { id: uuid4(), created: unit.now, updated: unit.now, name, tags: json(tags), labels: json(labels) };
  if ((await unit.run(insertFlow(unit.db, row))) === 0)
    return { created: false, row: await unit.first(flowByName(unit.db, { name })) };
  await unit.emit(flowEvent('created', row));
  return { created: true, row };
}

/** Answers whether the flow is there. */
export async function updateFlow(
  unit: WorkUnit,
  id: string,
  changes: { readonly tags?: readonly string[] | undefined },
): Promise<boolean> {
  const row = await lockFlow(unit, id);
  if (!row) return false;
  const columns = { updated: unit.now, ...(changes.tags ? { tags: json(changes.tags) } : {}) };
  await unit.run(unit.db.updateTable('flow').set(columns).where('id', '=', id));
  await unit.emit(flowEvent('updated', { ...row, ...columns }));
  return true;
}

/** Deletes a flow with its deployments and runs, and gives back every slot that these hold. Answers whether it was there. */
export async function deleteFlow(unit: WorkUnit, id: string): Promise<boolean> {
  const row = await lockFlow(unit, id);
  if (!row) return false;
  const { db } = unit;
  const runs = db.selectFrom('flow_run').select('id').where('flow_id', '=', id);
  await releaseSlotsHeldBy(unit, runs);
  await releaseSlotsHeldBy(unit, db.selectFrom('task_run').select('id').where('flow_run_id', 'in', runs));
  await unit.run(db.deleteFrom('log').where('flow_run_id', 'in', runs));
  const deployments = await unit.all(db.selectFrom('deployment').select('id').where('flow_id', '=', id));
  await unit.run(db.deleteFrom('flow').where('id', '=', id));
  for (const deployment of deployments) await deleteOwnLimit(unit, deployment.id, null);
  await unit.emit(flowEvent('deleted', row));
  return true;
}

function lockFlow(unit: WorkUnit, id: string): Promise<StoredFlow | undefined> {
  return unit.first(locked(unit.db, unit.db.selectFrom('flow').selectAll().where('id', '=', id), 'flow'));
}

/** Contract: events 5. */
function flowEvent(change: 'created' | 'updated' | 'deleted', { id, name, tags, labels }: StoredFlow): NewEvent {
  return {
    event: `prefect.flow.${change}`,
    resource: { 'prefect.resource.id': `prefect.flow.${id}`, 'prefect.resource.name': name },
    related: [],
    payload: { name, tags: parseJson<string[]>(tags), labels: parseJson<object>(labels) },
    follows: null,
  };
}
