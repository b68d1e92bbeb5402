import { createHash } from 'node:crypto';
import type { WorkUnit } from '../../work-unit.ts';
import { KNOWN_BLOCKS, type KnownBlock } from './known-blocks.ts';
import type { JsonObject } from './schema-fields.ts';
import { createBlockSchema, UNVERSIONED } from './schemas.ts';
import { ensureBlockType } from './types.ts';

const REGISTERED = 'known-block-types';

/** Makes the block types that every client expects, so that documents can be made before any client has registered them. */
export async function registerKnownTypes(unit: WorkUnit): Promise<void> {
  const value = createHash('sha256').update(JSON.stringify(KNOWN_BLOCKS)).digest('hex');
  const registered = await unit.first(unit.db.selectFrom('configuration').select('value').where('key', '=', REGISTERED));
  if (registered?.value === value) return;
  for (const block of KNOWN_BLOCKS) await register(unit, block);
  await unit.run(
    unit.db
      .insertInto('configuration')
      .values({ key: REGISTERED, value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value })),
  );
}

/** Makes those of the types that can never be deleted. */
export async function registerProtectedTypes(unit: WorkUnit): Promise<void> {
  for (const block of KNOWN_BLOCKS) if (block.isProtected) await register(unit, block);
}

async function register(unit: WorkUnit, block: KnownBlock): Promise<void> {
  const { name, slug, description, isProtected = false } = block;
  const typeId = await ensureBlockType(unit, { name, slug, description, is_protected: isProtected });
  await createBlockSchema(unit, {
    fields: fieldsOf(block),
    block_type_id: typeId,
    capabilities: block.capabilities,
    version: UNVERSIONED,
  });
}

function fieldsOf({ name, slug, description, properties, required = [], secrets = [] }: KnownBlock): JsonObject {
  const positioned = Object.entries(properties).map(([property, schema], position) => [property, { ...schema, position }]);
  return {
    block_type_slug: slug,
    description,
    properties: Object.fromEntries(positioned),
    ...(required.length > 0 ? { required } : {}),
    secret_fields: secrets,
    title: name.replaceAll(' ', ''),
    type: 'object',
    block_schema_references: {},
  };
}
