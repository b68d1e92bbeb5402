import type { BlockSchema } from '@prefect-ts/protocol';
import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { matching } from '../filters/filtered.ts';
import { isJsonObject, parseExactJson } from '../json/exact-json.ts';
import {
  blockSchemaNotFound,
  blockSchemaResponses,
  createBlockSchema,
  deleteBlockSchema,
  type StoredBlockSchema,
  UNVERSIONED,
} from '../resources/blocks/schemas.ts';
import { parseJson } from '../storage/json-columns.ts';
import { limitOf } from './limits.ts';
import { Reply, type Routes } from './route.ts';

/** What the blocks of a type hold, version by version. */
export const blockSchemaRoutes: Routes = {
  'POST /block_schemas/': async ({ body, text }, core) => {
    const sent = parseExactJson(text);
    const fields = isJsonObject(sent) && isJsonObject(sent.fields) ? sent.fields : {};
    const { schema, created } = await core.write(async (unit) => {
      const query = unit.db.selectFrom('block_type').select('id').where('id', '=', body.block_type_id);
      if (!(await unit.first(query))) throw new DetailError(404, `Block type ${body.block_type_id} not found.`);
      const version = body.version ?? UNVERSIONED;
      return createBlockSchema(unit, {
        fields,
        block_type_id: body.block_type_id,
        capabilities: body.capabilities ?? [],
        version,
      });
    });
    return new Reply(created ? 201 : 200, await respond(core, schema));
  },

  'GET /block_schemas/{id}': async ({ path }, core) =>
    respond(core, await core.read.first(selectSchemas(core).where('id', '=', path.id))),

  'GET /block_schemas/checksum/{checksum}': async ({ path, query }, core) => {
    const schemas = selectSchemas(core).where('checksum', '=', path.checksum);
    const ofVersion =
      query.version === undefined || query.version === null ? schemas : schemas.where('version', '=', query.version);
    return respond(core, await core.read.first(ofVersion.orderBy('created', 'desc').limit(1)));
  },

  'POST /block_schemas/filter': async ({ body }, core) => {
    const db = core.storage.builder;
    const rows = await core.scan.all(
      selectSchemas(core)
        .where(matching(db, 'block_schema', { block_schemas: body?.block_schemas }))
        .orderBy('created', 'desc')
        .orderBy('id', 'desc')
        .limit(limitOf(body, core.settings))
        .offset(body?.offset ?? 0),
    );
    return blockSchemaResponses(core.scan, db, rows);
  },

  'DELETE /block_schemas/{id}': async ({ path }, core) => {
    await core.write((unit) => deleteBlockSchema(unit, path.id));
    return undefined;
  },

  'GET /block_capabilities/': async (_request, core) => {
    const rows = await core.scan.all(core.storage.builder.selectFrom('block_schema').select('capabilities').distinct());
    return [...new Set(rows.flatMap((row) => parseJson<string[]>(row.capabilities)))].sort();
  },
};

function selectSchemas(core: Core) {
  return core.storage.builder.selectFrom('block_schema').selectAll();
}

async function respond(core: Core, row: StoredBlockSchema | undefined): Promise<BlockSchema> {
  const [schema] = row ? await blockSchemaResponses(core.read, core.storage.builder, [row]) : [];
  if (!schema) throw blockSchemaNotFound();
  return schema;
}
