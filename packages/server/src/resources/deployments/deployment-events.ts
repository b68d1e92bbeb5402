import { isDeepStrictEqual } from 'node:util';
import type { NewEvent, ResourceLabels } from '../../events/event-log.ts';
import { parseJson } from '../../storage/json-columns.ts';
import type { WorkUnit } from '../../work-unit.ts';
import type { StoredDeployment } from './deployments.ts';

type DeploymentEvent = 'created' | 'updated' | 'deleted' | 'ready' | 'not-ready';

/** Records what happened to deployments that are still there. Contract: events 5.2. */
export async function emitDeploymentEvents(
  unit: WorkUnit,
  kind: DeploymentEvent,
  ids: readonly string[],
  payload: unknown = {},
): Promise<void> {
  const rows = ids.length === 0 ? [] : await readSurroundings(unit, ids);
  await unit.emit(
    ...rows.map(
      (row): NewEvent => ({
        event: `prefect.deployment.${kind}`,
        resource: { 'prefect.resource.id': `prefect.deployment.${row.id}`, 'prefect.resource.name': row.name },
        related: relatedResources(row),
        payload,
        follows: null,
      }),
    ),
  );
}

/** Records that a deployment was changed, unless nothing that an event tells is another. */
export async function emitDeploymentUpdated(unit: WorkUnit, before: StoredDeployment, after: StoredDeployment): Promise<void> {
  const updates = changesOf(before, after);
  const updated_fields = Object.keys(updates);
  if (updated_fields.length > 0) await emitDeploymentEvents(unit, 'updated', [after.id], { updated_fields, updates });
}

type Read = (row: StoredDeployment) => unknown;

const as =
  (column: keyof StoredDeployment): Read =>
  (row) =>
    row[column];
const asJson =
  (column: keyof StoredDeployment): Read =>
  (row) =>
    parseJson(row[column] as string | null);
const asFlag =
  (column: keyof StoredDeployment): Read =>
  (row) =>
    row[column] === 1;

/** What an event tells about a change, under the names that it gives them. */
const TOLD: Readonly<Record<string, Read>> = {
  description: as('description'),
  tags: asJson('tags'),
  parameters: asJson('parameters'),
  parameter_openapi_schema: asJson('parameter_openapi_schema'),
  enforce_parameter_schema: asFlag('enforce_parameter_schema'),
  entrypoint: as('entrypoint'),
  path: as('path'),
  pull_steps: asJson('pull_steps'),
  work_queue_id: as('work_queue_id'),
  infra_overrides: asJson('job_variables'),
  paused: asFlag('paused'),
  labels: asJson('labels'),
  version: as('version'),
  concurrency_limit_id: as('concurrency_limit_id'),
  concurrency_options: asJson('concurrency_options'),
};

function changesOf(before: StoredDeployment, after: StoredDeployment): Record<string, { from: unknown; to: unknown }> {
  const pairs = Object.entries(TOLD).map(([name, read]) => [name, { from: read(before), to: read(after) }] as const);
  return Object.fromEntries(pairs.filter(([, { from, to }]) => !isDeepStrictEqual(from, to)));
}

type Surroundings = Awaited<ReturnType<typeof readSurroundings>>[number];

function readSurroundings(unit: WorkUnit, ids: readonly string[]) {
  return unit.all(
    unit.db
      .selectFrom('deployment')
      .innerJoin('flow', 'flow.id', 'deployment.flow_id')
      .leftJoin('work_queue', 'work_queue.id', 'deployment.work_queue_id')
      .leftJoin('work_pool', 'work_pool.id', 'work_queue.work_pool_id')
      .where('deployment.id', 'in', ids)
      .select([
        'deployment.id',
        'deployment.name',
        'deployment.storage_document_id',
        'deployment.infrastructure_document_id',
        'flow.id as flow_id',
        'flow.name as flow_name',
        'work_queue.id as work_queue_id',
        'work_queue.name as work_queue_name',
        'work_pool.id as work_pool_id',
        'work_pool.name as work_pool_name',
        'work_pool.type as work_pool_type',
        'deployment.concurrency_limit_id',
      ]),
  );
}

function relatedResources(row: Surroundings): ResourceLabels[] {
  const pool = related('work-pool', row.work_pool_id, row.work_pool_name);
  return [
    related('flow', row.flow_id, row.flow_name),
    related('work-queue', row.work_queue_id, row.work_queue_name),
    pool && { ...pool, 'prefect.work-pool.type': row.work_pool_type ?? '' },
    related('block-document', row.storage_document_id, null, 'storage'),
    related('block-document', row.infrastructure_document_id, null, 'infrastructure'),
    related('concurrency-limit', row.concurrency_limit_id, null),
  ].filter((labels) => labels !== undefined);
}

function related(kind: string, id: string | null, name: string | null, role = kind): ResourceLabels | undefined {
  if (id === null) return undefined;
  const labels = { 'prefect.resource.id': `prefect.${kind}.${id}`, 'prefect.resource.role': role };
  return name === null ? labels : { ...labels, 'prefect.resource.name': name };
}
