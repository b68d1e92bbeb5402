import { type BlockDocument, type BlockType, formatTimestamp } from '@prefect-ts/protocol';
import type { Selectable } from '#kysely';
import type { Cipher } from '../../encryption/index.ts';
import { DetailError } from '../../errors.ts';
import { isJsonObject, parseExactJson } from '../../json/exact-json.ts';
import type { QueryBuilder, Reader } from '../../storage/storage.ts';
import type { BlockDocumentTable } from '../../storage/tables.ts';
import type { JsonObject } from './schema-fields.ts';
import { blockSchemaResponses, fieldsOf } from './schemas.ts';
import { maskSecrets, secretPaths } from './secret-fields.ts';
import { blockTypeResponse } from './types.ts';

export type StoredBlockDocument = Selectable<BlockDocumentTable>;

export function blockDocumentNotFound(): DetailError {
  return new DetailError(404, 'Block document not found');
}

/** Where documents are read from, and what opens them. */
export interface DocumentSource {
  readonly reader: Reader;
  readonly db: QueryBuilder;
  readonly cipher: Cipher;
}

/** Documents as the API answers them, in the order of `rows`, with the documents that they refer to inside of them. */
export async function blockDocumentResponses(
  source: DocumentSource,
  rows: readonly StoredBlockDocument[],
  { includeSecrets }: { readonly includeSecrets: boolean },
): Promise<BlockDocument[]> {
  if (rows.length === 0) return [];
  const { reader, db } = source;
  const nodes = await openDocuments(
    source,
    rows.map((row) => row.id),
  );
  const schemaIds = [...new Set(rows.map((row) => row.block_schema_id))];
  const schemaRows = await reader.all(db.selectFrom('block_schema').selectAll().where('id', 'in', schemaIds));
  const schemas = new Map((await blockSchemaResponses(reader, db, schemaRows)).map((schema) => [schema.id, schema]));
  return rows.flatMap((row) => {
    const node = nodes.get(row.id);
    if (!node) return [];
    return {
      id: row.id,
      created: formatTimestamp(row.created),
      updated: formatTimestamp(row.updated),
      name: row.name,
      data: includeSecrets ? completeData(node) : maskedData(node),
      block_schema_id: row.block_schema_id,
      block_schema: schemas.get(row.block_schema_id) ?? null,
      block_type_id: row.block_type_id,
      block_type_name: row.block_type_name,
      block_type: node.type,
      block_document_references: shownReferences(node),
      is_anonymous: row.is_anonymous === 1,
    };
  });
}

/** The data of a document, secrets and the documents that it refers to included; nothing if there is none. */
export async function blockData(source: DocumentSource, id: string): Promise<JsonObject | undefined> {
  const node = (await openDocuments(source, [id])).get(id);
  return node && completeData(node);
}

interface DocumentNode {
  readonly id: string;
  readonly name: string;
  readonly isAnonymous: boolean;
  readonly type: BlockType;
  readonly secretPaths: readonly string[];
  readonly own: JsonObject;
  readonly children: { name: string; node: DocumentNode }[];
}

/** Reads documents and what they refer to, level by level. */
async function openDocuments({ reader, db, cipher }: DocumentSource, ids: readonly string[]): Promise<Map<string, DocumentNode>> {
  const nodes = new Map<string, DocumentNode>();
  const edges: { parent_id: string; name: string; reference_id: string }[] = [];
  let level = [...ids];
  while (level.length > 0) {
    const rows = await reader.all(
      db
        .selectFrom('block_document as document')
        .innerJoin('block_schema', 'block_schema.id', 'document.block_schema_id')
        .innerJoin('block_type', 'block_type.id', 'document.block_type_id')
        .selectAll('block_type')
        .select(['document.id as document_id', 'document.name as document_name', 'document.data', 'document.is_anonymous'])
        .select('block_schema.fields')
        .where('document.id', 'in', level),
    );
    for (const row of rows) {
      nodes.set(row.document_id, {
        id: row.document_id,
        name: row.document_name,
        isAnonymous: row.is_anonymous === 1,
        type: blockTypeResponse(row),
        secretPaths: secretPaths(fieldsOf(row)),
        own: openData(cipher, row.document_id, row.data),
        children: [],
      });
    }
    const references = await reader.all(
      db
        .selectFrom('block_document_reference')
        .select(['parent_id', 'name', 'reference_id'])
        .where('parent_id', 'in', level)
        .orderBy('name'),
    );
    level = [...new Set(references.map((reference) => reference.reference_id))].filter((id) => !nodes.has(id));
    edges.push(...references);
  }
  for (const { parent_id, name, reference_id } of edges) {
    const node = nodes.get(reference_id);
    if (node) nodes.get(parent_id)?.children.push({ name, node });
  }
  return nodes;
}

/** Opens the data of a document itself. */
export function openData(cipher: Cipher, id: string, sealed: string): JsonObject {
  const data = parseExactJson(cipher.open(sealed, id));
  return isJsonObject(data) ? data : {};
}

function completeData({ own, children }: DocumentNode): JsonObject {
  return { ...own, ...Object.fromEntries(children.map(({ name, node }) => [name, completeData(node)])) };
}

/** Each document's secrets are covered as its own schema says, and again as the schema of the one that holds it says. */
function maskedData({ own, children, secretPaths }: DocumentNode): JsonObject {
  const data = { ...own, ...Object.fromEntries(children.map(({ name, node }) => [name, maskedData(node)])) };
  return maskSecrets(data, secretPaths);
}

function shownReferences({ children }: DocumentNode): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    children.map(({ name, node }) => [
      name,
      {
        block_document: {
          id: node.id,
          name: node.name,
          block_type: node.type,
          is_anonymous: node.isAnonymous,
          block_document_references: shownReferences(node),
        },
      },
    ]),
  );
}
