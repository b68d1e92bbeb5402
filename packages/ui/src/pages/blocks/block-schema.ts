import type { Schema } from '../../schema-form/schema.ts';

/** The form of a type of block: what is secret in it is asked for without being shown. */
export function blockSchema(fields: object): Schema {
  const schema: Schema = fields;
  const secrets = 'secret_fields' in fields && Array.isArray(fields.secret_fields) ? fields.secret_fields.map(String) : [];
  const properties = Object.entries(schema.properties ?? {})
    // What the Python class says of itself, and nobody fills in.
    .filter(([name]) => name !== 'block_type_slug' && !name.startsWith('_'))
    .map(([name, property]) => [name, secrets.includes(name) ? { ...property, writeOnly: true } : property] as const);
  const { block_type_slug: _slug, ...rest } = schema;
  return { ...rest, properties: Object.fromEntries(properties) };
}

/** How a secret reads that is not told. */
const MASK = '********';

/** Whether all that is known of a value is that it is secret. */
export function isMasked(value: unknown): boolean {
  return value === MASK;
}

/** What a saved block holds, as its form takes it: references to blocks instead of what those hold, and nothing for a secret. */
export function formValues(data: object, references: object): Record<string, unknown> {
  const referred = referencesOf(references);
  return Object.fromEntries(
    Object.entries(data).flatMap(([name, value]) => {
      const reference = referred[name];
      if (reference) return [[name, reference]];
      return isMasked(value) ? [] : [[name, value]];
    }),
  );
}

/** The blocks that a block refers to, as its data name them. */
export function referencesOf(references: object): Record<string, { $ref: { block_document_id: string } }> {
  return Object.fromEntries(namedReferences(references).map(({ member, id }) => [member, { $ref: { block_document_id: id } }]));
}

/** The blocks that a block refers to, with their names. */
export function namedReferences(references: object): { member: string; id: string; name: string }[] {
  return Object.entries(references).flatMap(([member, held]) => {
    const inner: unknown =
      typeof held === 'object' && held !== null && 'block_document' in held ? held.block_document : undefined;
    if (typeof inner !== 'object' || inner === null || !('id' in inner)) return [];
    return [{ member, id: String(inner.id), name: 'name' in inner && inner.name ? String(inner.name) : 'a block' }];
  });
}
