import type { BlockDocument, BlockDocumentFilter } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../core.ts';
import { type FilterSet, matching } from '../filters/filtered.ts';
import { isJsonObject, parseExactJson } from '../json/exact-json.ts';
import { slugProblem } from '../names/index.ts';
import { createBlockDocument, deleteBlockDocument, updateBlockDocument } from '../resources/blocks/documents.ts';
import { blockDocumentNotFound, blockDocumentResponses, type StoredBlockDocument } from '../resources/blocks/read-documents.ts';
import { limitOf } from './limits.ts';
import { invalidValue } from './request-body.ts';
import type { Routes } from './route.ts';

const SORTS = {
  NAME_ASC: sql`block_document.name asc`,
  NAME_DESC: sql`block_document.name desc`,
  BLOCK_TYPE_AND_NAME_ASC: sql`block_document.block_type_name asc, block_document.name asc`,
} as const;

/** Blocks as people save them: what a schema asks for, filled in. Secrets are told only to those who ask for them. */
export const blockDocumentRoutes: Routes = {
  'POST /block_documents/': async ({ body, text }, core) => {
    checkDocumentName(body);
    const row = await core.write((unit) =>
      createBlockDocument(unit, {
        name: body.name ?? null,
        data: sentData(text) ?? {},
        block_schema_id: body.block_schema_id,
        block_type_id: body.block_type_id,
        is_anonymous: body.is_anonymous ?? false,
      }),
    );
    return respond(core, row, false);
  },

  'GET /block_documents/{id}': async ({ path, query }, core) => {
    const row = await core.read.first(core.storage.builder.selectFrom('block_document').selectAll().where('id', '=', path.id));
    return respond(core, row, query.include_secrets ?? false);
  },

  'POST /block_documents/filter': async ({ body }, core) => {
    const db = core.storage.builder;
    const rows = await core.scan.all(
      db
        .selectFrom('block_document')
        .selectAll()
        .where(matching(db, 'block_document', filtersOf(body)))
        .orderBy(SORTS[body?.sort ?? 'NAME_ASC'])
        .orderBy('id')
        .limit(limitOf(body, core.settings))
        .offset(body?.offset ?? 0),
    );
    const source = { reader: core.scan, db, cipher: core.cipher };
    return blockDocumentResponses(source, rows, { includeSecrets: body?.include_secrets ?? false });
  },

  'POST /block_documents/count': async ({ body }, core) => {
    const db = core.storage.builder;
    const row = await core.scan.first(
      db
        .selectFrom('block_document')
        .select(sql<number>`count(*)`.as('count'))
        .where(matching(db, 'block_document', filtersOf(body))),
    );
    return Number(row?.count ?? 0);
  },

  'PATCH /block_documents/{id}': async ({ path, body, text }, core) => {
    const data = sentData(text);
    await core.write((unit) =>
      updateBlockDocument(unit, path.id, {
        ...(data ? { data } : {}),
        ...(body.block_schema_id ? { block_schema_id: body.block_schema_id } : {}),
        merge: body.merge_existing_data ?? true,
      }),
    );
    return undefined;
  },

  'DELETE /block_documents/{id}': async ({ path }, core) => {
    await core.write((unit) => deleteBlockDocument(unit, path.id));
    return undefined;
  },
};

interface DocumentQuery {
  readonly block_documents?: BlockDocumentFilter | null | undefined;
  readonly block_types?: object | null | undefined;
  readonly block_schemas?: object | null | undefined;
}

/** Anonymous documents show up only where they are asked for. */
function filtersOf(body: DocumentQuery | undefined): FilterSet {
  return {
    block_types: body?.block_types,
    block_schemas: body?.block_schemas,
    block_documents: { is_anonymous: { eq_: false }, ...body?.block_documents },
  };
}

function checkDocumentName(body: { name?: string | null | undefined; is_anonymous?: boolean | undefined }): void {
  if (!body.name && !body.is_anonymous) throw invalidValue(['body'], 'Names must be provided for block documents.', body, body);
  const problem = body.name ? slugProblem('Block document name', body.name) : undefined;
  if (problem) throw invalidValue(['body', 'name'], problem.msg.replace('Value error, ', ''), body.name, body);
}

function sentData(text: string): Record<string, unknown> | undefined {
  const sent = text === '' ? undefined : parseExactJson(text);
  return isJsonObject(sent) && isJsonObject(sent.data) ? sent.data : undefined;
}

async function respond(core: Core, row: StoredBlockDocument | undefined, includeSecrets: boolean): Promise<BlockDocument> {
  const source = { reader: core.read, db: core.storage.builder, cipher: core.cipher };
  const [document] = row ? await blockDocumentResponses(source, [row], { includeSecrets }) : [];
  if (!document) throw blockDocumentNotFound();
  return document;
}
