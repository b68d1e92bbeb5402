import { type BlockType, formatTimestamp, uuid4 } from '@prefect-ts/protocol';
import type { Selectable } from '#kysely';
import { DetailError } from '../../errors.ts';
import type { NewEvent } from '../../events/event-log.ts';
import { locked } from '../../storage/row-locks.ts';
import type { BlockTypeTable } from '../../storage/tables.ts';
import type { WorkUnit } from '../../work-unit.ts';

export type StoredBlockType = Selectable<BlockTypeTable>;

/** What a type says of itself; absent members are empty. */
export interface BlockTypeTexts {
  readonly logo_url?: string | null | undefined;
  readonly documentation_url?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly code_example?: string | null | undefined;
}

export interface NewBlockType extends BlockTypeTexts {
  readonly name: string;
  readonly slug: string;
  /** A protected type cannot be deleted. */
  readonly is_protected?: boolean;
}

export function blockTypeResponse(row: StoredBlockType): BlockType {
  return {
    id: row.id,
    created: formatTimestamp(row.created),
    updated: formatTimestamp(row.updated),
    name: row.name,
    slug: row.slug,
    logo_url: row.logo_url,
    documentation_url: row.documentation_url,
    description: row.description,
    code_example: row.code_example,
    is_protected: row.is_protected === 1,
  };
}

export function blockTypeNotFound(): DetailError {
  return new DetailError(404, 'Block type not found');
}

/** Creates a type; its slug must be free. Texts that pages show are kept harmless. */
export async function createBlockType(unit: WorkUnit, wanted: NewBlockType): Promise<StoredBlockType> {
  const row = newBlockType(unit, wanted);
  if (!(await insertIfFree(unit, row))) throw new DetailError(409, `Block type with name "${wanted.name}" already exists`);
  await unit.emit(blockTypeEvent('created', row));
  return row;
}

/** Answers the id of the type with this slug, which is made if it is not there. */
export async function ensureBlockType(unit: WorkUnit, wanted: NewBlockType): Promise<string> {
  const row = newBlockType(unit, wanted);
  if (await insertIfFree(unit, row)) return row.id;
  const present = await unit.first(unit.db.selectFrom('block_type').select('id').where('slug', '=', wanted.slug));
  if (!present) throw blockTypeNotFound();
  return present.id;
}

function newBlockType(unit: WorkUnit, wanted: NewBlockType): StoredBlockType {
  return {
    id: uuid4(),
    created: unit.now,
    updated: unit.now,
    name: wanted.name,
    slug: wanted.slug,
    logo_url: wanted.logo_url ?? null,
    documentation_url: wanted.documentation_url ?? null,
    description: escaped(wanted.description),
    code_example: escaped(wanted.code_example),
    is_protected: wanted.is_protected ? 1 : 0,
  };
}

async function insertIfFree(unit: WorkUnit, row: StoredBlockType): Promise<boolean> {
  const insert = unit.db
    .insertInto('block_type')
    .values(row)
    .onConflict((conflict) => conflict.column('slug').doNothing());
  return (await unit.run(insert)) > 0;
}

/** Changes the texts of a type. Clients send theirs at every save, so that mostly nothing changes. */
export async function updateBlockType(unit: WorkUnit, id: string, changes: BlockTypeTexts): Promise<void> {
  const row = await lockBlockType(unit, id);
  const differing = Object.entries(changes).filter(
    ([name, value]) => unescaped(row[name as keyof BlockTypeTexts]) !== unescaped(value ?? null),
  );
  if (differing.length === 0) return;
  const changed = { ...(Object.fromEntries(differing) as Partial<StoredBlockType>), updated: unit.now };
  await unit.run(unit.db.updateTable('block_type').set(changed).where('id', '=', id));
  await unit.emit(blockTypeEvent('updated', { ...row, ...changed }));
}

/** Deletes a type with its schemas and documents. */
export async function deleteBlockType(unit: WorkUnit, id: string): Promise<void> {
  const row = await lockBlockType(unit, id);
  if (row.is_protected === 1) throw new DetailError(403, 'protected block types cannot be deleted.');
  await unit.run(unit.db.deleteFrom('block_type').where('id', '=', id));
  await unit.emit(blockTypeEvent('deleted', row));
}

async function lockBlockType(unit: WorkUnit, id: string): Promise<StoredBlockType> {
  const query = unit.db.selectFrom('block_type').selectAll().where('id', '=', id);
  const row = await unit.first(locked(unit.db, query, 'block_type'));
  if (!row) throw blockTypeNotFound();
  return row;
}

function blockTypeEvent(change: 'created' | 'updated' | 'deleted', row: StoredBlockType): NewEvent {
  const { id: _id, created: _created, updated: _updated, ...payload } = blockTypeResponse(row);
  return {
    event: `prefect.block-type.${change}`,
    resource: { 'prefect.resource.id': `prefect.block-type.${row.id}`, 'prefect.resource.name': row.name },
    related: [],
    payload,
    follows: null,
  };
}

function escaped(text: string | null | undefined): string | null {
  return text?.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') ?? null;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#x27;': "'",
  '&amp;': '&',
};

function unescaped(text: string | null): string | null {
  return text?.replaceAll(/&(?:lt|gt|quot|#39|#x27|amp);/g, (entity) => ENTITIES[entity] ?? entity) ?? null;
}
