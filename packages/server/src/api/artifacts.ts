import { sql } from '#kysely';
import type { Core } from '../core.ts';
import { type FilterSet, filterCondition, matching } from '../filters/filtered.ts';
import { slugProblem } from '../names/index.ts';
import {
  type ArtifactChanges,
  artifactNotFound,
  artifactResponse,
  collectionResponse,
  createArtifact,
  deleteArtifact,
  updateArtifact,
} from '../resources/artifacts.ts';
import { limitOf } from './limits.ts';
import { invalidValue } from './request-body.ts';
import { Reply, type Routes } from './route.ts';

const SORTS = {
  CREATED_DESC: sql`created desc`,
  UPDATED_DESC: sql`updated desc`,
  ID_DESC: sql`id desc`,
  KEY_DESC: sql`key desc`,
  KEY_ASC: sql`key asc`,
} as const;

type ArtifactQuery = FilterSet & { readonly artifacts?: object | null | undefined };

/** What runs leave for people to read: tables, texts, links, progress; by themselves, and the latest of each key. */
export const artifactRoutes: Routes = {
  'POST /artifacts/': async ({ body }, core) => {
    const problem = body.key ? slugProblem('Artifact key', body.key) : undefined;
    if (problem) throw invalidValue(['body', 'key'], problem.msg.replace('Value error, ', ''), body.key, body);
    return new Reply(201, artifactResponse(await core.write((unit) => createArtifact(unit, body))));
  },

  'GET /artifacts/{id}': async ({ path }, core) => {
    const row = await core.read.first(core.storage.builder.selectFrom('artifact').selectAll().where('id', '=', path.id));
    if (!row) throw artifactNotFound();
    return artifactResponse(row);
  },

  'GET /artifacts/{key}/latest': async ({ path }, core) => {
    const row = await core.read.first(
      core.storage.builder.selectFrom('artifact_collection').selectAll().where('key', '=', path.key),
    );
    if (!row) throw artifactNotFound();
    return artifactResponse(row);
  },

  'PATCH /artifacts/{id}': async ({ path, body, sent }, core) => {
    const changes = Object.fromEntries(Object.entries(body).filter(([member]) => sent(member))) as ArtifactChanges;
    await core.write((unit) => updateArtifact(unit, path.id, changes));
    return undefined;
  },

  'DELETE /artifacts/{id}': async ({ path }, core) => {
    await core.write((unit) => deleteArtifact(unit, path.id));
    return undefined;
  },

  'POST /artifacts/filter': async ({ body }, core) => {
    const rows = await core.scan.all(
      select(core, 'artifact', body)
        .selectAll()
        .orderBy(SORTS[body.sort ?? 'ID_DESC'])
        .orderBy('id', 'desc')
        .limit(limitOf(body, core.settings))
        .offset(body.offset ?? 0),
    );
    return rows.map(artifactResponse);
  },

  'POST /artifacts/count': ({ body }, core) => count(core, 'artifact', body),

  'POST /artifacts/latest/filter': async ({ body }, core) => {
    const rows = await core.scan.all(
      select(core, 'artifact_collection', body)
        .selectAll()
        .orderBy(SORTS[body.sort ?? 'ID_DESC'])
        .orderBy('id', 'desc')
        .limit(limitOf(body, core.settings))
        .offset(body.offset ?? 0),
    );
    return rows.map(collectionResponse);
  },

  'POST /artifacts/latest/count': ({ body }, core) => count(core, 'artifact_collection', body),
};

function select<Table extends 'artifact' | 'artifact_collection'>(core: Core, table: Table, body: ArtifactQuery) {
  const db = core.storage.builder;
  const { artifacts, ...others } = body;
  return db
    .selectFrom(table as 'artifact_collection')
    .where(matching(db, table, others))
    .where(filterCondition(db, table, artifacts) ?? sql<boolean>`1 = 1`);
}

async function count(core: Core, table: 'artifact' | 'artifact_collection', body: ArtifactQuery): Promise<number> {
  const row = await core.scan.first(select(core, table, body).select(sql<number>`count(*)`.as('count')));
  return Number(row?.count ?? 0);
}
