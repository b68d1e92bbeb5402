import { type Artifact, formatTimestamp, uuid4 } from '@prefect-ts/protocol';
import { type Selectable, sql } from 'kysely';
import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { type FilterSet, filterCondition, matching } from '../filters/filtered.ts';
import { jsonOrNull, parseJson } from '../storage/json-columns.ts';
import type { ArtifactTable } from '../storage/tables.ts';
import { limitOf } from './limits.ts';
import { Reply, type Routes } from './route.ts';

const SORTS = {
  CREATED_DESC: sql`artifact.created desc`,
  UPDATED_DESC: sql`artifact.updated desc`,
  ID_DESC: sql`artifact.id desc`,
  KEY_DESC: sql`artifact.key desc`,
  KEY_ASC: sql`artifact.key asc`,
} as const;

type ArtifactQuery = FilterSet & { readonly artifacts?: object | null | undefined };

/** What runs leave for people to read: tables, texts, links, progress. */
export const artifactRoutes: Routes = {
  'POST /artifacts/': async ({ body }, core) => {
    const artifact = await core.write(async (unit) => {
      const row: ArtifactTable = {
        id: uuid4(),
        created: unit.now,
        updated: unit.now,
        key: body.key ?? null,
        type: body.type ?? null,
        data: jsonOrNull(body.data),
        description: body.description ?? null,
        metadata: jsonOrNull(body.metadata_),
        flow_run_id: body.flow_run_id ?? null,
        task_run_id: body.task_run_id ?? null,
      };
      await unit.run(unit.db.insertInto('artifact').values(row));
      if (row.flow_run_id) unit.announce('changed', { kind: 'flow-run', ids: [row.flow_run_id] });
      return row;
    });
    return new Reply(201, artifactResponse(artifact));
  },

  'GET /artifacts/{id}': async ({ path }, core) => {
    const db = core.storage.builder;
    return found(await core.read.first(db.selectFrom('artifact').selectAll().where('id', '=', path.id)));
  },

  'GET /artifacts/{key}/latest': async ({ path }, core) => {
    const db = core.storage.builder;
    return found(
      await core.read.first(
        db.selectFrom('artifact').selectAll().where('key', '=', path.key).orderBy('created', 'desc').limit(1),
      ),
    );
  },

  'PATCH /artifacts/{id}': async ({ path, body, sent }, core) => {
    const changed = await core.write((unit) =>
      unit.run(
        unit.db
          .updateTable('artifact')
          .set({
            updated: unit.now,
            ...(sent('data') ? { data: jsonOrNull(body.data) } : {}),
            ...(sent('description') ? { description: body.description ?? null } : {}),
            ...(sent('metadata_') ? { metadata: jsonOrNull(body.metadata_) } : {}),
          })
          .where('id', '=', path.id),
      ),
    );
    if (changed === 0) throw new DetailError(404, 'Artifact not found.');
    return undefined;
  },

  'DELETE /artifacts/{id}': async ({ path }, core) => {
    const deleted = await core.write((unit) => unit.run(unit.db.deleteFrom('artifact').where('id', '=', path.id)));
    if (deleted === 0) throw new DetailError(404, 'Artifact not found.');
    return undefined;
  },

  'POST /artifacts/filter': async ({ body }, core) => {
    const rows = await core.scan.all(
      selectArtifacts(core, body)
        .selectAll()
        .orderBy(SORTS[body.sort ?? 'ID_DESC'])
        .limit(limitOf(body, core.settings))
        .offset(body.offset ?? 0),
    );
    return rows.map(artifactResponse);
  },

  'POST /artifacts/count': async ({ body }, core) => {
    const row = await core.scan.first(selectArtifacts(core, body).select(sql<number>`count(*)`.as('count')));
    return Number(row?.count ?? 0);
  },
};

function selectArtifacts(core: Core, body: ArtifactQuery) {
  const db = core.storage.builder;
  const { artifacts, ...others } = body;
  return db
    .selectFrom('artifact')
    .where(matching(db, 'artifact', others))
    .where(filterCondition(db, 'artifact', artifacts) ?? sql<boolean>`1 = 1`);
}

function found(row: Selectable<ArtifactTable> | undefined): Artifact {
  if (!row) throw new DetailError(404, 'Artifact not found.');
  return artifactResponse(row);
}

function artifactResponse(row: Selectable<ArtifactTable>): Artifact {
  return {
    id: row.id,
    created: formatTimestamp(row.created),
    updated: formatTimestamp(row.updated),
    key: row.key,
    type: row.type,
    description: row.description,
    data: parseJson<Artifact['data']>(row.data),
    metadata_: parseJson<Artifact['metadata_']>(row.metadata),
    flow_run_id: row.flow_run_id,
    task_run_id: row.task_run_id,
  };
}
