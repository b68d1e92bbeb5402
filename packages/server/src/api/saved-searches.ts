import { formatTimestamp, type SavedSearch, uuid4 } from '@prefect-ts/protocol';
import type { Selectable } from '#kysely';
import { DetailError } from '../errors.ts';
import { json, parseJson } from '../storage/json-columns.ts';
import type { SavedSearchTable } from '../storage/tables.ts';
import { limitOf } from './limits.ts';
import { Reply, type Routes } from './route.ts';

/** Filters that somebody gave a name. */
export const savedSearchRoutes: Routes = {
  'PUT /saved_searches/': async ({ body }, core) => {
    const { row, created } = await core.write(async (unit) => {
      const filters = json(body.filters ?? []);
      const wanted = { id: uuid4(), created: unit.now, updated: unit.now, name: body.name, filters };
      const row = await unit.first(
        unit.db
          .insertInto('saved_search')
          .values(wanted)
          .onConflict((conflict) => conflict.column('name').doUpdateSet({ filters }))
          .returningAll(),
      );
      return { row: row ?? wanted, created: row?.id === wanted.id };
    });
    return new Reply(created ? 201 : 200, savedSearchResponse(row));
  },

  'GET /saved_searches/{id}': async ({ path }, core) => {
    const row = await core.read.first(core.storage.builder.selectFrom('saved_search').selectAll().where('id', '=', path.id));
    if (!row) throw new DetailError(404, 'Saved search not found');
    return savedSearchResponse(row);
  },

  'POST /saved_searches/filter': async ({ body }, core) => {
    const rows = await core.scan.all(
      core.storage.builder
        .selectFrom('saved_search')
        .selectAll()
        .orderBy('name')
        .limit(limitOf(body, core.settings))
        .offset(body?.offset ?? 0),
    );
    return rows.map(savedSearchResponse);
  },

  'DELETE /saved_searches/{id}': async ({ path }, core) => {
    const deleted = await core.write((unit) => unit.run(unit.db.deleteFrom('saved_search').where('id', '=', path.id)));
    if (deleted === 0) throw new DetailError(404, 'Saved search not found');
    return undefined;
  },
};

function savedSearchResponse(row: Selectable<SavedSearchTable>): SavedSearch {
  return {
    id: row.id,
    created: formatTimestamp(row.created),
    updated: formatTimestamp(row.updated),
    name: row.name,
    filters: parseJson<SavedSearch['filters']>(row.filters),
  };
}
