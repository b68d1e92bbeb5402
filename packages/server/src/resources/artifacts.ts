import { type Artifact, type ArtifactCollection, formatTimestamp, uuid4 } from '@prefect-ts/protocol';
import type { Selectable } from '#kysely';
import { DetailError } from '../errors.ts';
import type { NewEvent } from '../events/event-log.ts';
import { jsonOrNull, parseJson } from '../storage/json-columns.ts';
import { locked } from '../storage/row-locks.ts';
import type { ArtifactCollectionTable, ArtifactTable } from '../storage/tables.ts';
import type { WorkUnit } from '../work-unit.ts';

export type StoredArtifact = Selectable<ArtifactTable>;
export type StoredCollection = Selectable<ArtifactCollectionTable>;

/** What a client says of an artifact. */
export interface NewArtifact {
  readonly key?: string | null | undefined;
  readonly type?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly data?: unknown;
  readonly metadata_?: Readonly<Record<string, string>> | null | undefined;
  readonly flow_run_id?: string | null | undefined;
  readonly task_run_id?: string | null | undefined;
}

/** What can be changed of an artifact; absent members stay. */
export interface ArtifactChanges {
  readonly data?: unknown;
  readonly description?: string | null;
  readonly metadata_?: Readonly<Record<string, string>> | null;
}

export function artifactNotFound(): DetailError {
  return new DetailError(404, 'Artifact not found.');
}

/** An artifact as the API answers it. */
export function artifactResponse(row: Omit<StoredArtifact, 'key'> & { key: string | null }): Artifact {
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

/** The newest artifact of a key, under the id of its collection. */
export function collectionResponse(row: StoredCollection): ArtifactCollection {
  return { ...artifactResponse(row), key: row.key, latest_id: row.latest_id };
}

/** Keeps an artifact; one with a key becomes the latest of its collection. */
export async function createArtifact(unit: WorkUnit, wanted: NewArtifact): Promise<StoredArtifact> {
  const row: StoredArtifact = {
    id: uuid4(),
    created: unit.now,
    updated: unit.now,
    key: wanted.key ?? null,
    type: wanted.type ?? null,
    data: jsonOrNull(wanted.data),
    description: wanted.description ?? null,
    metadata: jsonOrNull(shortened(wanted.metadata_)),
    flow_run_id: wanted.flow_run_id ?? null,
    task_run_id: wanted.task_run_id ?? null,
  };
  await unit.run(unit.db.insertInto('artifact').values(row));
  if (row.key) await putLatest(unit, row.key, row);
  announceRun(unit, row);
  return row;
}

/** Changes an artifact, and its collection if it is the latest there. */
export async function updateArtifact(unit: WorkUnit, id: string, changes: ArtifactChanges): Promise<void> {
  const changed = {
    updated: unit.now,
    ...('data' in changes ? { data: jsonOrNull(changes.data) } : {}),
    ...('description' in changes ? { description: changes.description ?? null } : {}),
    ...('metadata_' in changes ? { metadata: jsonOrNull(shortened(changes.metadata_)) } : {}),
  };
  const row = await lockArtifact(unit, id);
  await unit.run(unit.db.updateTable('artifact').set(changed).where('id', '=', id));
  await unit.run(unit.db.updateTable('artifact_collection').set(changed).where('latest_id', '=', id));
  announceRun(unit, row);
}

/** Deletes an artifact; the next newest of its key takes its place, or the collection goes too. */
export async function deleteArtifact(unit: WorkUnit, id: string): Promise<void> {
  announceRun(unit, await lockArtifact(unit, id));
  const change = await dropArtifact(unit, id);
  if (change) await unit.emit(change);
}

/** Deletes an artifact in silence. Answers the event that would tell what became of its collection. */
export async function dropArtifact(unit: WorkUnit, id: string): Promise<NewEvent | undefined> {
  await unit.run(unit.db.deleteFrom('artifact').where('id', '=', id));
  const collection = await unit.first(unit.db.selectFrom('artifact_collection').selectAll().where('latest_id', '=', id));
  if (!collection) return undefined;
  const next = await unit.first(
    unit.db
      .selectFrom('artifact')
      .selectAll()
      .where('key', '=', collection.key)
      .orderBy('created', 'desc')
      .orderBy('id', 'desc')
      .limit(1),
  );
  if (!next) {
    await unit.run(unit.db.deleteFrom('artifact_collection').where('id', '=', collection.id));
    return collectionEvent('deleted', collection);
  }
  const latest = { ...shownOf(next), created: next.created, updated: next.updated };
  await unit.run(unit.db.updateTable('artifact_collection').set(latest).where('id', '=', collection.id));
  return collectionEvent('updated', { ...collection, ...latest });
}

async function lockArtifact(unit: WorkUnit, id: string): Promise<StoredArtifact> {
  const query = unit.db.selectFrom('artifact').selectAll().where('id', '=', id);
  const row = await unit.first(locked(unit.db, query, 'artifact'));
  if (!row) throw artifactNotFound();
  return row;
}

async function putLatest(unit: WorkUnit, key: string, artifact: StoredArtifact): Promise<void> {
  const row: StoredCollection = {
    id: uuid4(),
    key,
    created: artifact.created,
    updated: artifact.updated,
    ...shownOf(artifact),
  };
  const { id: _id, key: _key, created: _created, ...replaced } = row;
  const stored = await unit.first(
    unit.db
      .insertInto('artifact_collection')
      .values(row)
      .onConflict((conflict) => conflict.column('key').doUpdateSet(replaced))
      .returning(['id', 'created']),
  );
  if (!stored) throw new Error(`The collection of artifacts "${key}" was not written.`);
  await unit.emit(collectionEvent(stored.id === row.id ? 'created' : 'updated', { ...row, ...stored }));
}

/** What a collection shows of its latest artifact. */
function shownOf({ id, type, data, description, metadata, flow_run_id, task_run_id }: StoredArtifact) {
  return { latest_id: id, type, data, description, metadata, flow_run_id, task_run_id };
}

function collectionEvent(change: 'created' | 'updated' | 'deleted', row: StoredCollection): NewEvent {
  const related = (kind: string, id: string | null, role: string) =>
    id ? [{ 'prefect.resource.id': `prefect.${kind}.${id}`, 'prefect.resource.role': role }] : [];
  return {
    event: `prefect.artifact-collection.${change}`,
    resource: { 'prefect.resource.id': `prefect.artifact-collection.${row.id}`, 'prefect.resource.name': row.key },
    related: [
      ...related('artifact', row.latest_id, 'latest'),
      ...related('flow-run', row.flow_run_id, 'flow-run'),
      ...related('task-run', row.task_run_id, 'task-run'),
    ],
    payload: { key: row.key, type: row.type, data: parseJson(row.data), description: row.description },
    follows: null,
  };
}

/** The longest value of metadata, in characters. */
const MAX_METADATA = 500;

function shortened(metadata: Readonly<Record<string, string>> | null | undefined): Record<string, string> | null {
  if (!metadata) return null;
  return Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [
      name,
      value.length > MAX_METADATA ? `${value.slice(0, MAX_METADATA)}...` : value,
    ]),
  );
}

function announceRun(unit: WorkUnit, { flow_run_id }: StoredArtifact): void {
  if (flow_run_id) unit.announce('changed', { kind: 'flow-run', ids: [flow_run_id] });
}
