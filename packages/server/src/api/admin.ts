import type { Settings } from '@prefect-ts/protocol';
import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { parseJson } from '../storage/json-columns.ts';
import type { Routes } from './route.ts';
import { shownSettings } from './shown-settings.ts';

/** How the server is set, and where results go that name no storage. */
export const adminRoutes: Routes = {
  'GET /admin/settings': (_request, core) => shownSettings(core.settings) as unknown as Settings,

  'GET /admin/storage': async (_request, core) => ({ default_result_storage_block_id: await defaultStorage(core) }),

  'PUT /admin/storage': async ({ body }, core) => {
    const id = body.default_result_storage_block_id;
    await core.write(async (unit) => {
      const document = await unit.first(
        unit.db
          .selectFrom('block_document')
          .innerJoin('block_schema', 'block_schema.id', 'block_document.block_schema_id')
          .select('block_schema.capabilities')
          .where('block_document.id', '=', id),
      );
      if (!document) throw new DetailError(404, `Block document ${id} not found.`);
      if (!parseJson<string[]>(document.capabilities).includes('write-path'))
        throw new DetailError(422, `Block document ${id} cannot be used for result storage.`);
      await unit.run(
        unit.db
          .insertInto('default_result_storage')
          .values({ scope: 'server', block_document_id: id })
          .onConflict((conflict) => conflict.column('scope').doUpdateSet({ block_document_id: id })),
      );
    });
    return { default_result_storage_block_id: id };
  },

  'DELETE /admin/storage': async (_request, core) => {
    await core.write((unit) => unit.run(unit.db.deleteFrom('default_result_storage')));
    return undefined;
  },
};

async function defaultStorage(core: Core): Promise<string | null> {
  const row = await core.read.first(core.storage.builder.selectFrom('default_result_storage').select('block_document_id'));
  return row?.block_document_id ?? null;
}
