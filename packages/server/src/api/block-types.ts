import type { BlockDocument, BlockType } from '@prefect-ts/protocol';
import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { matching } from '../filters/filtered.ts';
import { slugProblem } from '../names/index.ts';
import { registerProtectedTypes } from '../resources/blocks/known-types.ts';
import { blockDocumentNotFound, blockDocumentResponses } from '../resources/blocks/read-documents.ts';
import {
  type BlockTypeTexts,
  blockTypeNotFound,
  blockTypeResponse,
  createBlockType,
  deleteBlockType,
  updateBlockType,
} from '../resources/blocks/types.ts';
import { limitOf } from './limits.ts';
import { invalidValue } from './request-body.ts';
import type { Routes } from './route.ts';

/** Kinds of blocks: what credentials, storage and notifications there are. */
export const blockTypeRoutes: Routes = {
  'POST /block_types/': async ({ body }, core) => {
    const problem = slugProblem('Block type slug', body.slug);
    if (problem) throw invalidValue(['body', 'slug'], problem.msg.replace('Value error, ', ''), body.slug, body);
    if (body.name.toLowerCase().startsWith('prefect'))
      throw new DetailError(403, "Block type names beginning with 'Prefect' are reserved.");
    return blockTypeResponse(await core.write((unit) => createBlockType(unit, body)));
  },

  'GET /block_types/{id}': ({ path }, core) => readBlockType(core, 'id', path.id),
  'GET /block_types/slug/{slug}': ({ path }, core) => readBlockType(core, 'slug', path.slug),

  'POST /block_types/filter': async ({ body }, core) => {
    const db = core.storage.builder;
    const rows = await core.scan.all(
      db
        .selectFrom('block_type')
        .selectAll()
        .where(matching(db, 'block_type', { block_types: body?.block_types, block_schemas: body?.block_schemas }))
        .orderBy('name')
        .orderBy('id')
        .limit(limitOf(body, core.settings))
        .offset(body?.offset ?? 0),
    );
    return rows.map(blockTypeResponse);
  },

  'PATCH /block_types/{id}': async ({ path, body, sent }, core) => {
    const changes = Object.fromEntries(Object.entries(body).filter(([member]) => sent(member))) as BlockTypeTexts;
    await core.write((unit) => updateBlockType(unit, path.id, changes));
    return undefined;
  },

  'DELETE /block_types/{id}': async ({ path }, core) => {
    await core.write((unit) => deleteBlockType(unit, path.id));
    return undefined;
  },

  'GET /block_types/slug/{slug}/block_documents': async ({ path, query }, core) => {
    const type = await readBlockType(core, 'slug', path.slug);
    return documentsOfType(core, type.id, { includeSecrets: query.include_secrets ?? false });
  },

  'GET /block_types/slug/{slug}/block_documents/name/{block_document_name}': async ({ path, query }, core) => {
    const db = core.storage.builder;
    const row = await core.read.first(
      db
        .selectFrom('block_document')
        .innerJoin('block_type', 'block_type.id', 'block_document.block_type_id')
        .selectAll('block_document')
        .where('block_type.slug', '=', path.slug)
        .where('block_document.name', '=', path.block_document_name),
    );
    const source = { reader: core.read, db, cipher: core.cipher };
    const options = { includeSecrets: query.include_secrets ?? false };
    const [document] = row ? await blockDocumentResponses(source, [row], options) : [];
    if (!document) throw blockDocumentNotFound();
    return document;
  },

  'POST /block_types/install_system_block_types': async (_request, core) => {
    await core.write(registerProtectedTypes);
    return null;
  },
};

async function readBlockType(core: Core, by: 'id' | 'slug', value: string): Promise<BlockType> {
  const row = await core.read.first(core.storage.builder.selectFrom('block_type').selectAll().where(by, '=', value));
  if (!row) throw blockTypeNotFound();
  return blockTypeResponse(row);
}

async function documentsOfType(core: Core, typeId: string, options: { includeSecrets: boolean }): Promise<BlockDocument[]> {
  const db = core.storage.builder;
  const rows = await core.scan.all(
    db.selectFrom('block_document').selectAll().where('block_type_id', '=', typeId).where('is_anonymous', '=', 0).orderBy('name'),
  );
  return blockDocumentResponses({ reader: core.scan, db, cipher: core.cipher }, rows, options);
}
