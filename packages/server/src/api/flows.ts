import { type Flow, formatTimestamp } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { type FilterSet, matching } from '../filters/filtered.ts';
import { deleteFlow, ensureFlow, flowByName, type StoredFlow, updateFlow } from '../resources/flows.ts';
import { parseJson } from '../storage/json-columns.ts';
import { statement } from '../storage/statement.ts';
import { limitOf, page } from './limits.ts';
import { checkName } from './request-body.ts';
import { Reply, type Routes } from './route.ts';

const flowById = statement((db, p: { id: string }) => db.selectFrom('flow').selectAll().where('id', '=', p.id));

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
    const wanted = { name: body.name, tags: body.tags ?? [], labels: body.labels ?? {} };
    const { created, row } = await core.write((unit) => ensureFlow(unit, wanted));
    if (!row) throw flowNotFound();
    return new Reply(created ? 201 : 200, flowResponse(row));
  },

  'GET /flows/{id}': ({ path }, core) => readFlow(core, flowById(core.storage.builder, { id: path.id })),

  'GET /flows/name/{name}': ({ path }, core) => readFlow(core, flowByName(core.storage.builder, { name: path.name })),

  'PATCH /flows/{id}': async ({ path, body }, core) => {
    if (!(await core.write((unit) => updateFlow(unit, path.id, { tags: body.tags ?? undefined })))) throw flowNotFound();
    return undefined;
  },

  'DELETE /flows/{id}': async ({ path }, core) => {
    if (!(await core.write((unit) => deleteFlow(unit, path.id)))) throw flowNotFound();
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

function flowNotFound(): DetailError {
  return new DetailError(404, 'Flow not found');
}

async function readFlow(core: Core, query: ReturnType<typeof flowById>): Promise<Flow> {
  const row = await core.read.first(query);
  if (!row) throw flowNotFound();
  return flowResponse(row);
}

function flowResponse(row: StoredFlow): Flow {
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
