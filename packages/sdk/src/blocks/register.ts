import type { BlockSchema, BlockType } from '@prefect-ts/protocol';
import { ObjectNotFound } from '../client/errors.ts';
import { currentSession, type Session } from '../session/session.ts';
import { type BlockDefinition, blockDefinitionOf } from './definition.ts';
import { blockFields, checksumOf, titleOf } from './fields.ts';

/** Brings the type and the schema of a kind of block to the server, those that it refers to first. */
export async function registerBlock(definition: BlockDefinition): Promise<{ type: BlockType; schema: BlockSchema }> {
  for (const each of Object.values(definition.refs ?? {})) await registerBlock(blockDefinitionOf(each));
  const session = currentSession();
  const type = await registerType(session, definition);
  return { type, schema: await registerSchema(session, definition, type) };
}

async function registerType({ client }: Session, definition: BlockDefinition): Promise<BlockType> {
  const { slug, description, logoUrl, documentationUrl, codeExample } = definition;
  const about = {
    description: description ?? null,
    logo_url: logoUrl ?? null,
    documentation_url: documentationUrl ?? null,
    code_example: codeExample ?? null,
  };
  const found = await orNothing(client.call('GET /block_types/slug/{slug}', { path: { slug } }));
  if (!found) return client.call('POST /block_types/', { body: { name: titleOf(definition), slug, ...about } });
  // What another language says of the kind stays where this definition says nothing.
  const changes = Object.fromEntries(
    Object.entries(about).filter(([key, value]) => value !== null && found[key as keyof typeof about] !== value),
  );
  if (Object.keys(changes).length === 0 || found.is_protected) return found;
  await client.call('PATCH /block_types/{id}', { path: { id: found.id }, body: changes });
  return { ...found, ...changes };
}

async function registerSchema({ client }: Session, definition: BlockDefinition, type: BlockType): Promise<BlockSchema> {
  const { version = 'non-versioned', capabilities = [] } = definition;
  const fields = blockFields(definition);
  const checksum = checksumOf(fields);
  const found = await orNothing(
    client.call('GET /block_schemas/checksum/{checksum}', { path: { checksum }, query: { version } }),
  );
  if (found) return found;
  const body = { fields, block_type_id: type.id, capabilities: [...capabilities], version };
  return client.call('POST /block_schemas/', { body });
}

/** What a call gives; undefined when there is no such object. */
export async function orNothing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ObjectNotFound) return undefined;
    throw error;
  }
}
