import type { Variable } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../core.ts';
import { matching } from '../filters/filtered.ts';
import { isJsonObject, parseExactJson } from '../json/exact-json.ts';
import { slugProblem } from '../names/index.ts';
import {
  createVariable,
  deleteVariable,
  updateVariable,
  type VariableAddress,
  variableNotFound,
  variableResponse,
} from '../resources/variables.ts';
import { limitOf } from './limits.ts';
import { InvalidRequestError, invalidValue } from './request-body.ts';
import type { Routes } from './route.ts';

const SORTS = {
  NAME_ASC: sql`variable.name asc`,
  NAME_DESC: sql`variable.name desc`,
  CREATED_DESC: sql`variable.created desc`,
  UPDATED_DESC: sql`variable.updated desc`,
} as const;

/** The largest value, in bytes of compact JSON. */
const MAX_VALUE_BYTES = 5000;

/** Values with names, for flows, deployments and templates to read. */
export const variableRoutes: Routes = {
  'POST /variables/': async ({ body, text }, core) => {
    checkVariableName(body.name, body);
    const { value } = checkedValue(text, body);
    return variableResponse(await core.write((unit) => createVariable(unit, { name: body.name, value, tags: body.tags ?? [] })));
  },

  'GET /variables/{id}': ({ path }, core) => readVariable(core, { id: path.id }),
  'GET /variables/name/{name}': ({ path }, core) => readVariable(core, { name: path.name }),

  'PATCH /variables/{id}': ({ path, body, text }, core) => change(core, { id: path.id }, body, text),
  'PATCH /variables/name/{name}': ({ path, body, text }, core) => change(core, { name: path.name }, body, text),

  'DELETE /variables/{id}': async ({ path }, core) => {
    await core.write((unit) => deleteVariable(unit, { id: path.id }));
    return undefined;
  },
  'DELETE /variables/name/{name}': async ({ path }, core) => {
    await core.write((unit) => deleteVariable(unit, { name: path.name }));
    return undefined;
  },

  'POST /variables/filter': async ({ body }, core) => {
    const db = core.storage.builder;
    const rows = await core.scan.all(
      db
        .selectFrom('variable')
        .selectAll()
        .where(matching(db, 'variable', { variables: body?.variables }))
        .orderBy(SORTS[body?.sort ?? 'NAME_ASC'])
        .orderBy('id')
        .limit(limitOf(body, core.settings))
        .offset(body?.offset ?? 0),
    );
    return rows.map(variableResponse);
  },

  'POST /variables/count': async ({ body }, core) => {
    const db = core.storage.builder;
    const row = await core.scan.first(
      db
        .selectFrom('variable')
        .select(sql<number>`count(*)`.as('count'))
        .where(matching(db, 'variable', { variables: body?.variables })),
    );
    return Number(row?.count ?? 0);
  },
};

async function readVariable(core: Core, address: VariableAddress): Promise<Variable> {
  const query = core.storage.builder.selectFrom('variable').selectAll();
  const row = await core.read.first(
    'id' in address ? query.where('id', '=', address.id) : query.where('name', '=', address.name),
  );
  if (!row) throw variableNotFound();
  return variableResponse(row);
}

async function change(
  core: Core,
  address: VariableAddress,
  body: { name?: string | null | undefined; tags?: string[] | null | undefined },
  text: string,
): Promise<undefined> {
  if (typeof body.name === 'string') checkVariableName(body.name, body);
  const sent = checkedValue(text, body);
  await core.write((unit) =>
    updateVariable(unit, address, {
      ...('name' in sent ? { name: body.name ?? null } : {}),
      ...('value' in sent ? { value: sent.value } : {}),
      ...('tags' in sent ? { tags: body.tags ?? null } : {}),
    }),
  );
  return undefined;
}

function checkVariableName(name: string, body: unknown): void {
  const problem = slugProblem('Variable name', name);
  if (problem) throw invalidValue(['body', 'name'], problem.msg.replace('Value error, ', ''), name, body);
  const length = Array.from(name).length;
  if (length > 255)
    throw new InvalidRequestError(
      [
        {
          type: 'too_long',
          loc: ['body', 'name'],
          msg: `Value should have at most 255 items after validation, not ${length}`,
          input: name,
        },
      ],
      body,
    );
}

/** The members of the body with the value as it was sent, once it is known to be small enough. */
function checkedValue(text: string, body: unknown): { value?: unknown; name?: unknown; tags?: unknown } {
  const sent = parseExactJson(text === '' ? '{}' : text);
  if (!isJsonObject(sent)) return {};
  if (Buffer.byteLength(JSON.stringify(sent.value ?? null)) > MAX_VALUE_BYTES)
    throw invalidValue(['body', 'value'], 'Variable value must be less than 5000 characters', sent.value, body);
  return sent;
}
