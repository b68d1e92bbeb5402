import { type BlockSchema, formatTimestamp, uuid4 } from '@prefect-ts/protocol';
import type { Selectable } from '#kysely';
import { DetailError } from '../../errors.ts';
import { isJsonObject, parseExactJson } from '../../json/exact-json.ts';
import { json, parseJson } from '../../storage/json-columns.ts';
import type { QueryBuilder, Reader } from '../../storage/storage.ts';
import type { BlockSchemaTable } from '../../storage/tables.ts';
import type { WorkUnit } from '../../work-unit.ts';
import { blockSchemaChecksum } from './schema-checksum.ts';
import { blockReferences, bundledFields, completeFields, type JsonObject, ownFields, type SchemaNode } from './schema-fields.ts';
import { blockTypeResponse, type StoredBlockType } from './types.ts';

export type StoredBlockSchema = Selectable<BlockSchemaTable>;

export const UNVERSIONED = 'non-versioned';

export interface NewBlockSchema {
  /** As posted, read by `parseExactJson`. */
  readonly fields: JsonObject;
  readonly block_type_id: string;
  readonly capabilities: readonly string[];
  readonly version: string;
}

export function blockSchemaNotFound(): DetailError {
  return new DetailError(404, 'Block schema not found');
}

/** Registers a schema, and the schemas of the blocks that it holds where they came along; answers the one that is there already. */
export async function createBlockSchema(
  unit: WorkUnit,
  wanted: NewBlockSchema,
  /** The checksums of the blocks that this one came along with. */
  above: readonly string[] = [],
): Promise<{ readonly schema: StoredBlockSchema; readonly created: boolean }> {
  const { fields, version } = wanted;
  const row: StoredBlockSchema = {
    id: uuid4(),
    created: unit.now,
    updated: unit.now,
    checksum: blockSchemaChecksum(fields),
    version,
    fields: json(ownFields(fields)),
    capabilities: json(wanted.capabilities),
    block_type_id: wanted.block_type_id,
  };
  const present = await findSchema(unit, row.checksum, version);
  if (present) return { schema: present, created: false };
  const children = await findOrCreateChildren(unit, fields, above);
  const insert = unit.db
    .insertInto('block_schema')
    .values(row)
    .onConflict((conflict) => conflict.columns(['checksum', 'version']).doNothing());
  if ((await unit.run(insert)) === 0) {
    const others = await findSchema(unit, row.checksum, version);
    if (others) return { schema: others, created: false };
  }
  for (const [position, { name, id }] of children.entries()) {
    const reference = { id: uuid4(), name, position, parent_id: row.id, reference_id: id };
    await unit.run(unit.db.insertInto('block_schema_reference').values(reference));
  }
  return { schema: row, created: true };
}

async function findOrCreateChildren(
  unit: WorkUnit,
  fields: JsonObject,
  above: readonly string[],
): Promise<{ name: string; id: string }[]> {
  const children: { name: string; id: string }[] = [];
  for (const reference of blockReferences(fields)) {
    const { name, slug, checksum } = reference;
    const type = await unit.first(unit.db.selectFrom('block_type').select('id').where('slug', '=', slug));
    if (!type)
      throw new DetailError(
        409,
        `Cannot create block schema because block type '${slug}' was not found.Did you forget to register the block type?`,
      );
    const present = await findSchema(unit, checksum);
    if (present) {
      children.push({ name, id: present.id });
      continue;
    }
    const bundled = above.includes(checksum) ? undefined : bundledFields(fields, reference);
    if (!bundled)
      throw new DetailError(
        422,
        `The property '${name}' holds a block of type '${slug}' whose schema (${checksum}) is neither registered nor among the definitions. Register it first.`,
      );
    const child = { fields: bundled, block_type_id: type.id, capabilities: [], version: UNVERSIONED };
    const { schema } = await createBlockSchema(unit, child, [...above, checksum]);
    children.push({ name, id: schema.id });
  }
  return children;
}

/** Of any version unless one is named; then the newest. */
async function findSchema(unit: WorkUnit, checksum: string, version?: string): Promise<StoredBlockSchema | undefined> {
  const query = unit.db.selectFrom('block_schema').selectAll().where('checksum', '=', checksum);
  return unit.first((version === undefined ? query : query.where('version', '=', version)).orderBy('created', 'desc').limit(1));
}

export async function deleteBlockSchema(unit: WorkUnit, id: string): Promise<void> {
  const row = await unit.first(
    unit.db
      .selectFrom('block_schema')
      .innerJoin('block_type', 'block_type.id', 'block_schema.block_type_id')
      .select('block_type.is_protected')
      .where('block_schema.id', '=', id),
  );
  if (!row) throw blockSchemaNotFound();
  if (row.is_protected === 1) throw new DetailError(403, 'Block schemas for protected block types cannot be deleted.');
  await unit.run(unit.db.deleteFrom('block_schema').where('id', '=', id));
}

/** Schemas as the API answers them, in the order of `rows`: complete with their types and all that they refer to. */
export async function blockSchemaResponses(
  reader: Reader,
  db: QueryBuilder,
  rows: readonly StoredBlockSchema[],
): Promise<BlockSchema[]> {
  if (rows.length === 0) return [];
  const types = await typesById(reader, db, [...new Set(rows.map((row) => row.block_type_id))]);
  const nodes = await schemaNodes(reader, db, rows, types);
  return rows.map((row) => {
    const type = types.get(row.block_type_id);
    const node = nodes.get(row.id);
    return {
      id: row.id,
      created: formatTimestamp(row.created),
      updated: formatTimestamp(row.updated),
      checksum: row.checksum,
      fields: node ? completeFields(node) : {},
      block_type_id: row.block_type_id,
      block_type: type ? blockTypeResponse(type) : null,
      capabilities: parseJson<string[]>(row.capabilities),
      version: row.version,
    };
  });
}

/** Reads a schema's own fields with their numbers as they were sent. */
export function fieldsOf(row: { readonly fields: string }): JsonObject {
  const fields = parseExactJson(row.fields);
  return isJsonObject(fields) ? fields : {};
}

async function typesById(reader: Reader, db: QueryBuilder, ids: readonly string[]): Promise<Map<string, StoredBlockType>> {
  const types = await reader.all(db.selectFrom('block_type').selectAll().where('id', 'in', ids));
  return new Map(types.map((type) => [type.id, type]));
}

type OpenNode = SchemaNode & { readonly children: { name: string; node: SchemaNode }[] };

/** Reads what schemas hold, level by level. */
async function schemaNodes(
  reader: Reader,
  db: QueryBuilder,
  rows: readonly StoredBlockSchema[],
  types: ReadonlyMap<string, StoredBlockType>,
): Promise<Map<string, SchemaNode>> {
  const nodes = new Map<string, OpenNode>(
    rows.map((row) => [
      row.id,
      { slug: types.get(row.block_type_id)?.slug ?? '', checksum: row.checksum, fields: fieldsOf(row), children: [] },
    ]),
  );
  let level = [...nodes.keys()];
  while (level.length > 0) {
    const references = await reader.all(
      db
        .selectFrom('block_schema_reference as reference')
        .innerJoin('block_schema as child', 'child.id', 'reference.reference_id')
        .innerJoin('block_type', 'block_type.id', 'child.block_type_id')
        .select(['reference.parent_id', 'reference.name', 'child.id', 'child.checksum', 'child.fields', 'block_type.slug'])
        .where('reference.parent_id', 'in', level)
        .orderBy('reference.position'),
    );
    level = [];
    for (const reference of references) {
      let node = nodes.get(reference.id);
      if (!node) {
        node = { slug: reference.slug, checksum: reference.checksum, fields: fieldsOf(reference), children: [] };
        nodes.set(reference.id, node);
        level.push(reference.id);
      }
      nodes.get(reference.parent_id)?.children.push({ name: reference.name, node });
    }
  }
  return nodes;
}
