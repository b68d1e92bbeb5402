import { uuid4 } from '@prefect-ts/protocol';
import { WrongKeyError } from '../../encryption/index.ts';
import { DetailError } from '../../errors.ts';
import type { NewEvent } from '../../events/event-log.ts';
import { json, parseJson } from '../../storage/json-columns.ts';
import { locked } from '../../storage/row-locks.ts';
import type { WorkUnit } from '../../work-unit.ts';
import { replaceReferences, splitData } from './document-references.ts';
import { blockData, blockDocumentNotFound, openData, type StoredBlockDocument } from './read-documents.ts';
import type { JsonObject } from './schema-fields.ts';
import { fieldsOf, type StoredBlockSchema } from './schemas.ts';
import { publicTexts, restoreSecrets, secretPaths } from './secret-fields.ts';

export interface NewBlockDocument {
  /** Made up for an anonymous document that has none. */
  readonly name: string | null;
  readonly data: JsonObject;
  readonly block_schema_id: string;
  readonly block_type_id: string;
  readonly is_anonymous: boolean;
}

/** What is to become of a document; absent members stay. */
export interface BlockDocumentChanges {
  readonly data?: JsonObject;
  readonly block_schema_id?: string;
  /** Whether members that `data` does not name stay. */
  readonly merge: boolean;
}

/** Keeps a document, encrypted, and what it refers to. */
export async function createBlockDocument(unit: WorkUnit, wanted: NewBlockDocument): Promise<StoredBlockDocument> {
  const type = await unit.first(unit.db.selectFrom('block_type').select('name').where('id', '=', wanted.block_type_id));
  if (!type) throw new DetailError(404, `Block type ${wanted.block_type_id} not found.`);
  const { own, references } = splitData(wanted.data);
  const id = uuid4();
  const row: StoredBlockDocument = {
    id,
    created: unit.now,
    updated: unit.now,
    name: wanted.name || `anonymous-${uuid4()}`,
    data: await sealData(unit, id, own),
    is_anonymous: wanted.is_anonymous ? 1 : 0,
    block_type_name: type.name,
    block_schema_id: wanted.block_schema_id,
    block_type_id: wanted.block_type_id,
  };
  const insert = unit.db
    .insertInto('block_document')
    .values(row)
    .onConflict((conflict) => conflict.columns(['block_type_id', 'name']).doNothing());
  if ((await unit.run(insert)) === 0) throw new DetailError(409, 'Block already exists');
  await replaceReferences(unit, id, references);
  await emitChange(unit, 'created', row);
  return row;
}

/** Changes a document. Masks of secrets that come back leave the secrets as they are. */
export async function updateBlockDocument(unit: WorkUnit, id: string, changes: BlockDocumentChanges): Promise<void> {
  const row = await lockBlockDocument(unit, id);
  const schema = changes.block_schema_id ? await sameTypeSchema(unit, row, changes.block_schema_id) : undefined;
  const changed = {
    updated: unit.now,
    ...(schema ? { block_schema_id: schema.id } : {}),
    ...(changes.data ? { data: await changedData(unit, row, changes.data, changes.merge) } : {}),
  };
  await unit.run(unit.db.updateTable('block_document').set(changed).where('id', '=', id));
  await emitChange(unit, 'updated', { ...row, ...changed });
}

/** Deletes a document; those that refer to it lose the reference. */
export async function deleteBlockDocument(unit: WorkUnit, id: string): Promise<void> {
  const row = await lockBlockDocument(unit, id);
  await emitChange(unit, 'deleted', row);
  await unit.run(unit.db.deleteFrom('block_document').where('id', '=', id));
}

async function lockBlockDocument(unit: WorkUnit, id: string): Promise<StoredBlockDocument> {
  const query = unit.db.selectFrom('block_document').selectAll().where('id', '=', id);
  const row = await unit.first(locked(unit.db, query, 'block_document'));
  if (!row) throw blockDocumentNotFound();
  return row;
}

async function sameTypeSchema(unit: WorkUnit, row: StoredBlockDocument, schemaId: string): Promise<StoredBlockSchema> {
  const schema = await unit.first(unit.db.selectFrom('block_schema').selectAll().where('id', '=', schemaId));
  if (schema?.block_type_id !== row.block_type_id)
    throw new DetailError(400, 'Must migrate block document to a block schema of the same block type.');
  return schema;
}

/** The references are replaced by those in `data` whether it is merged or not: they are no part of what is stored. */
async function changedData(unit: WorkUnit, row: StoredBlockDocument, data: JsonObject, merge: boolean): Promise<string> {
  const source = { reader: unit, db: unit.db, cipher: unit.cipher };
  const current = (await blockData(source, row.id)) ?? {};
  const schema = await schemaOf(unit, row);
  const { own, references } = splitData(restoreSecrets(data, current, secretPaths(fieldsOf(schema))));
  await replaceReferences(unit, row.id, references);
  const kept = merge ? openData(unit.cipher, row.id, row.data) : {};
  for (const { name } of references) delete kept[name];
  return sealData(unit, row.id, { ...kept, ...own });
}

async function schemaOf(unit: WorkUnit, row: StoredBlockDocument): Promise<StoredBlockSchema> {
  const schema = await unit.first(unit.db.selectFrom('block_schema').selectAll().where('id', '=', row.block_schema_id));
  if (!schema) throw new DetailError(404, 'Block schema not found');
  return schema;
}

const FINGERPRINT = 'encryption-key-fingerprint';

/** Encrypts data once it is known that every server on this database uses the same key. */
async function sealData(unit: WorkUnit, id: string, data: JsonObject): Promise<string> {
  const { fingerprint } = unit.cipher;
  const row = { key: FINGERPRINT, value: fingerprint };
  await unit.run(
    unit.db
      .insertInto('configuration')
      .values(row)
      .onConflict((conflict) => conflict.column('key').doNothing()),
  );
  const agreed = await unit.first(unit.db.selectFrom('configuration').select('value').where('key', '=', FINGERPRINT));
  if (agreed?.value !== fingerprint) {
    // A database without documents is free to take another key.
    if (await unit.first(unit.db.selectFrom('block_document').select('id').limit(1))) throw new WrongKeyError();
    await unit.run(unit.db.updateTable('configuration').set(row).where('key', '=', FINGERPRINT));
  }
  return unit.cipher.seal(json(data), id);
}

async function emitChange(unit: WorkUnit, change: 'created' | 'updated' | 'deleted', row: StoredBlockDocument): Promise<void> {
  if (row.is_anonymous === 1) return;
  const schema = await schemaOf(unit, row);
  const type = { id: row.block_type_id, name: row.block_type_name };
  const event: NewEvent = {
    event: `prefect.block-document.${change}`,
    resource: { 'prefect.resource.id': `prefect.block-document.${row.id}`, 'prefect.resource.name': row.name },
    related: [
      {
        'prefect.resource.id': `prefect.block-type.${type.id}`,
        'prefect.resource.role': 'block-type',
        'prefect.resource.name': type.name,
      },
      { 'prefect.resource.id': `prefect.block-schema.${schema.id}`, 'prefect.resource.role': 'block-schema' },
    ],
    payload: {
      name: row.name,
      data: publicTexts(openData(unit.cipher, row.id, row.data), secretPaths(fieldsOf(schema))),
      block_schema: { capabilities: parseJson(schema.capabilities), block_type: type },
    },
    follows: null,
  };
  await unit.emit(event);
}
