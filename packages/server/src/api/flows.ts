import { type Flow, formatTimestamp, uuid4 } from '@prefect-ts/protocol';
import { type Selectable, sql } from '#kysely';
import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { type FilterSet, matching } from '../filters/filtered.ts';
import { deleteFlow } from '../resources/delete-flow.ts';
import { json, parseJson } from '../storage/json-columns.ts';
import { statement } from '../storage/statement.ts';
import type { FlowTable } from '../storage/tables.ts';
import { limitOf, page } from './limits.ts';
import { checkName } from './request-body.ts';
import { Reply, type Routes } from './route.ts';

const flowById = statement((db, p: { id: string }) => db.selectFrom('flow').selectAll().where('id', '=', p.id));
const flowByName = statement((db, p: { name: string }) => db.selectFrom('flow').selectAll().where('name', '=', p.name));
const insertFlow = statement((db, p: FlowTable) =>
  db
    .insertInto('flow')
    .values({ id: p.id, created: p.created, updated: p.updated, name: p.name, tags: p.tags, labels: p.labels })
    .onConflict((conflict) => conflict.column('name').doNothing()),
);

const SORTS = {
  CREATED_DESC: sql`flow.created desc`,
  UPDATED_DESC: sql`flow.updated desc`,
  NAME_ASC: sql`flow.name asc`,
  NAME_DESC: sql`flow.name desc`,
} as const;

export const flowRoutes: Routes = {
  'POST /flows/': async ({ body }, core) => {
    checkName(body.name, body);
    // Most flows are there already: then a read is enough.
    const known = await core.read.first(flowByName(core.storage.builder, { name: body.name }));
    if (known) return new Reply(200, flowResponse(known));
    const { created, row } = await core.write(async (unit) => {
      const tags = json(body.tags ?? []);
      const labels = json(body.labels ?? {});
      const changed = await unit.run(
        insertFlow(unit.db, { id: uuid4(), created: unit.now, updated: unit.now, name: body.name, tags, labels }),
      );
      const found = await unit.first(flowByName(unit.db, { name: body.name }));
      return { created: changed > 0, row: found };
    });
    if (!row) throw new DetailError(404, 'Flow not found');
    return new Reply(created ? 201 : 200, flowResponse(row));
  },

  'GET /flows/{id}': ({ path }, core) => readFlow(core, flowById(core.storage.builder, { id: path.id })),

  'GET /flows/name/{name}': ({ path }, core) => readFlow(core, flowByName(core.storage.builder, { name: path.name })),

  'PATCH /flows/{id}': async ({ path, body }, core) => {
    const changed = await core.write((unit) =>
      unit.run(
        unit.db
          .updateTable('flow')
          .set({ updated: unit.now, ...(body.tags ? { tags: json(body.tags) } : {}) })
          .where('id', '=', path.id),
      ),
    );
    if (changed === 0) throw new DetailError(404, 'Flow not found');
    return undefined;
  },

  'DELETE /flows/{id}': async ({ path }, core) => {
    if (!(await core.write((unit) => deleteFlow(unit, path.id)))) throw new DetailError(404, 'Flow not found');
    return undefined;
  },

  'POST /flows/filter': async ({ body }, core) => listFlows(core, body, limitOf(body, core.settings), body.offset ?? 0),

  'POST /flows/paginate': async ({ body }, core) => {
    const limit = limitOf(body, core.settings);
    const number = body.page ?? 1;
    const [count, flows] = await Promise.all([countFlows(core, body), listFlows(core, body, limit, (number - 1) * limit)]);
    return page(flows, count, limit, number);
  },

  'POST /flows/count': ({ body }, core) => countFlows(core, body),
};

async function readFlow(core: Core, query: ReturnType<typeof flowById>): Promise<Flow> {
  const row = await core.read.first(query);
  if (!row) throw new DetailError(404, 'Flow not found');
  return flowResponse(row);
}

function flowResponse(row: Selectable<FlowTable>): Flow {
  return {
    id: row.id,
    created: formatTimestamp(row.created),
    updated: formatTimestamp(row.updated),
    name: row.name,
    tags: parseJson<string[]>(row.tags),
    labels: parseJson<NonNullable<Flow['labels']>>(row.labels),
  };
}

async function listFlows(
  core: Core,
  body: FilterSet & { readonly sort?: keyof typeof SORTS | undefined },
  limit: number,
  offset: number,
): Promise<Flow[]> {
  const db = core.storage.builder;
  const rows = await core.scan.all(
    db
      .selectFrom('flow')
      .selectAll()
      .where(matching(db, 'flow', body))
      .orderBy(SORTS[body.sort ?? 'NAME_ASC'])
      .limit(limit)
      .offset(offset),
  );
  return rows.map(flowResponse);
}

async function countFlows(core: Core, filters: FilterSet): Promise<number> {
  const db = core.storage.builder;
  const row = await core.scan.first(
    db
      .selectFrom('flow')
      .select(sql<number>`count(*)`.as('count'))
      .where(matching(db, 'flow', filters)),
  );
  return Number(row?.count ?? 0);
}
