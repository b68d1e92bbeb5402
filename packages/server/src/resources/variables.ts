import { formatTimestamp, uuid4, type Variable } from '@prefect-ts/protocol';
import type { Selectable } from '#kysely';
import { DetailError } from '../errors.ts';
import type { NewEvent } from '../events/event-log.ts';
import { parseExactJson } from '../json/exact-json.ts';
import { json, parseJson } from '../storage/json-columns.ts';
import { locked } from '../storage/row-locks.ts';
import type { VariableTable } from '../storage/tables.ts';
import type { WorkUnit } from '../work-unit.ts';

export type StoredVariable = Selectable<VariableTable>;

/** The name or the id of a variable: either addresses it. */
export type VariableAddress = { readonly id: string } | { readonly name: string };

/** A variable as the API answers it; numbers are those that were set, to the letter. */
export function variableResponse(row: StoredVariable): Variable {
  return {
    id: row.id,
    created: formatTimestamp(row.created),
    updated: formatTimestamp(row.updated),
    name: row.name,
    value: parseExactJson(row.value) as Variable['value'],
    tags: parseJson<string[]>(row.tags),
  };
}

export function variableNotFound(): DetailError {
  return new DetailError(404, 'Variable not found.');
}

/** Creates a variable; its name must be free. */
export async function createVariable(
  unit: WorkUnit,
  { name, value, tags }: { readonly name: string; readonly value: unknown; readonly tags: readonly string[] },
): Promise<StoredVariable> {
  const row: StoredVariable = {
    id: uuid4(),
    created: unit.now,
    updated: unit.now,
    name,
    value: json(value),
    tags: json(tags),
  };
  const insert = unit.db
    .insertInto('variable')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doNothing());
  if ((await unit.run(insert)) === 0) throw new DetailError(409, `A variable with the name '${name}' already exists.`);
  await unit.emit(variableEvent('created', row));
  return row;
}

/** Changes what is named of a variable; a value may be changed to null. */
export async function updateVariable(
  unit: WorkUnit,
  address: VariableAddress,
  changes: { readonly name?: string | null; readonly value?: unknown; readonly tags?: readonly string[] | null },
): Promise<void> {
  const row = await lockVariable(unit, address);
  const changed = {
    updated: unit.now,
    ...('name' in changes ? { name: changes.name as string } : {}),
    ...('value' in changes ? { value: json(changes.value) } : {}),
    // The column refuses a name or tags of null, and that is the answer.
    ...('tags' in changes ? { tags: (changes.tags && json(changes.tags)) as string } : {}),
  };
  await unit.run(unit.db.updateTable('variable').set(changed).where('id', '=', row.id));
  await unit.emit(variableEvent('updated', { ...row, ...changed }));
}

export async function deleteVariable(unit: WorkUnit, address: VariableAddress): Promise<void> {
  const row = await lockVariable(unit, address);
  await unit.run(unit.db.deleteFrom('variable').where('id', '=', row.id));
  await unit.emit(variableEvent('deleted', row));
}

/** Every variable by its name, for placeholders to be filled with. */
export async function variableValues(unit: Pick<WorkUnit, 'all' | 'db'>): Promise<ReadonlyMap<string, unknown>> {
  const rows = await unit.all(unit.db.selectFrom('variable').select(['name', 'value']));
  return new Map(rows.map(({ name, value }) => [name, parseJson<unknown>(value)]));
}

async function lockVariable(unit: WorkUnit, address: VariableAddress): Promise<StoredVariable> {
  const query = unit.db.selectFrom('variable').selectAll();
  const row = await unit.first(
    locked(unit.db, 'id' in address ? query.where('id', '=', address.id) : query.where('name', '=', address.name), 'variable'),
  );
  if (!row) throw variableNotFound();
  return row;
}

function variableEvent(change: 'created' | 'updated' | 'deleted', row: StoredVariable): NewEvent {
  return {
    event: `prefect.variable.${change}`,
    resource: { 'prefect.resource.id': `prefect.variable.${row.id}`, 'prefect.resource.name': row.name },
    related: [],
    payload: { name: row.name, value: parseExactJson(row.value), tags: parseJson(row.tags) },
    follows: null,
  };
}
