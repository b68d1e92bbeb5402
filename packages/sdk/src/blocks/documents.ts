import type { BlockDocument } from '@prefect-ts/protocol';
import { ObjectAlreadyExists } from '../client/errors.ts';
import { ConfigurationError, InvalidNameError } from '../errors.ts';
import { emitIn } from '../events/emit.ts';
import { checkValue } from '../schema/validate.ts';
import { currentSession, type Session } from '../session/session.ts';
import {
  type BlockDefinition,
  type BlockInstance,
  blockDefinitionOf,
  type LoadOptions,
  placeOfBlock,
  type SaveOptions,
} from './definition.ts';
import { fieldNames, secretPaths, wireName } from './fields.ts';
import { guardedInstance } from './instance.ts';
import { orNothing, registerBlock } from './register.ts';

/** A block of a kind that is not defined here. */
export interface UntypedBlock {
  readonly id: string;
  readonly name: string | null;
  readonly slug: string;
  /** The data as they are kept, with secrets in clear and other blocks in place. */
  readonly data: Readonly<Record<string, unknown>>;
}

// The types of a block are known where it is defined; here every instance may be any.
type Instance = BlockInstance<never, never>;

/** Loads a block of a kind that is defined here. */
export async function loadBlock(definition: BlockDefinition, name: string, options: LoadOptions = {}): Promise<Instance> {
  const session = currentSession();
  const document = await readDocument(session, definition.slug, name);
  tellOfLoading(session, definition.slug, document);
  return instanceOf(definition, document, options);
}

/** Loads a block of any kind as data. */
export async function loadUntyped(place: string): Promise<UntypedBlock> {
  const [slug = '', name = '', ...more] = place.split('/');
  if (slug === '' || name === '' || more.length > 0) {
    throw new InvalidNameError(`"${place}" names no block; write it as slug/name.`);
  }
  const session = currentSession();
  const document = await readDocument(session, slug, name);
  tellOfLoading(session, slug, document);
  return { id: document.id, name: document.name, slug, data: document.data };
}

/** Keeps a block under a name. */
export async function saveBlock(
  definition: BlockDefinition,
  name: string,
  value: unknown,
  { overwrite = false }: SaveOptions = {},
): Promise<Instance> {
  const session = currentSession();
  const { client } = session;
  const data = await dataOf(definition, value as Readonly<Record<string, unknown>>);
  const { type, schema } = await registerBlock(definition);
  try {
    await client.call('POST /block_documents/', {
      body: { name, data, block_schema_id: schema.id, block_type_id: type.id, is_anonymous: false },
    });
  } catch (error) {
    if (!(error instanceof ObjectAlreadyExists)) throw error;
    if (!overwrite) {
      throw new ConfigurationError(`The block ${definition.slug}/${name} exists already.`, {
        hint: 'Pass { overwrite: true } to replace it.',
        cause: error,
      });
    }
    const { id } = await readDocument(session, definition.slug, name);
    const body = { block_schema_id: schema.id, data, merge_existing_data: false };
    await client.call('PATCH /block_documents/{id}', { path: { id }, body });
  }
  return instanceOf(definition, await readDocument(session, definition.slug, name), {});
}

/** Removes a block. @returns whether there was one */
export async function deleteBlock(slug: string, name: string): Promise<boolean> {
  const session = currentSession();
  const found = await orNothing(readDocument(session, slug, name));
  if (!found) return false;
  await session.client.call('DELETE /block_documents/{id}', { path: { id: found.id } });
  return true;
}

function readDocument({ client }: Session, slug: string, name: string): Promise<BlockDocument> {
  return client.call('GET /block_types/slug/{slug}/block_documents/name/{block_document_name}', {
    path: { slug, block_document_name: name },
    query: { include_secrets: true },
  });
}

/** The block behind a document, in the form that its definition gives it. */
export async function instanceOf(
  definition: BlockDefinition,
  {
    id,
    name,
    data,
    block_document_references: references,
  }: Pick<BlockDocument, 'id' | 'name' | 'data' | 'block_document_references'>,
  { validate = true }: LoadOptions,
): Promise<Instance> {
  const { refs = {}, slug } = definition;
  const nested: Record<string, unknown> = {};
  for (const [field, block] of Object.entries(refs)) {
    const wire = wireName(definition, field);
    const referred = references[wire]?.block_document as Partial<BlockDocument> | undefined;
    nested[field] = await instanceOf(
      blockDefinitionOf(block),
      {
        id: referred?.id ?? '',
        name: referred?.name ?? null,
        data: data[wire] as BlockDocument['data'],
        block_document_references: referred?.block_document_references ?? {},
      },
      { validate },
    );
  }
  const named = fromWire(definition, data);
  const own = validate ? await checkValue(definition.schema, named, `The block ${slug}/${name ?? id}`) : named;
  const value = { ...(own as object), ...nested };
  const methods = definition.methods(value as never);
  return guardedInstance(value, methods, { id, name, slug }, secretPaths(definition)) as unknown as Instance;
}

/** The values as they are kept: with names for other languages, and references to blocks that have a document. */
async function dataOf(definition: BlockDefinition, value: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
  const { refs = {}, slug } = definition;
  const own = Object.fromEntries(Object.entries(value).filter(([field]) => !(field in refs)));
  await checkValue(definition.schema, own, `The block ${slug}`);
  const kept = Object.entries(own).map(([field, each]) => [wireName(definition, field), each]);
  for (const field of Object.keys(refs)) {
    const place = placeOfBlock(value[field]);
    if (!place?.id) {
      throw new ConfigurationError(`The field "${field}" of the block ${slug} needs a block that was loaded or saved before.`);
    }
    kept.push([wireName(definition, field), { $ref: { block_document_id: place.id } }]);
  }
  return Object.fromEntries(kept) as Record<string, unknown>;
}

function fromWire(definition: BlockDefinition, data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const names = fieldNames(definition);
  const { refs = {} } = definition;
  const entries = Object.entries(data).map(([wire, value]) => [names.get(wire) ?? wire, value] as const);
  return Object.fromEntries(entries.filter(([field]) => !(field in refs)));
}

function tellOfLoading(session: Session, slug: string, { id, name }: BlockDocument): void {
  const resource = { 'prefect.resource.id': `prefect.block-document.${id}`, ...(name ? { 'prefect.resource.name': name } : {}) };
  const related = [{ 'prefect.resource.id': `prefect.block-type.${slug}`, 'prefect.resource.role': 'block-type' }];
  emitIn(session, `prefect.block.${slug}.loaded`, resource, { related });
}
