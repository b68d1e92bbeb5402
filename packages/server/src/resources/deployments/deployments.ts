import { type DeploymentResponse, formatTimestamp } from '@prefect-ts/protocol';
import { type Selectable, sql } from '#kysely';
import { parseJson } from '../../storage/json-columns.ts';
import { locked } from '../../storage/row-locks.ts';
import type { QueryBuilder, Reader } from '../../storage/storage.ts';
import type { DeploymentTable } from '../../storage/tables.ts';
import type { WorkUnit } from '../../work-unit.ts';
import { timestampOrNull } from '../flow-runs.ts';
import { readSchedules, type ScheduleRow, scheduleResponse } from './schedules.ts';

/** A deployment with its queue, its pool and its concurrency limit. */
export type DeploymentRow = Awaited<ReturnType<ReturnType<typeof selectDeployments>['executeTakeFirstOrThrow']>>;

/** Deployments with what is joined to them; to be narrowed by the caller. */
export function selectDeployments(db: QueryBuilder) {
  return db
    .selectFrom('deployment')
    .leftJoin('work_queue', 'work_queue.id', 'deployment.work_queue_id')
    .leftJoin('work_pool', 'work_pool.id', 'work_queue.work_pool_id')
    .leftJoin('concurrency_limit as gcl', 'gcl.id', 'deployment.concurrency_limit_id')
    .selectAll('deployment')
    .select([
      'work_queue.name as queue_name',
      'work_pool.name as work_pool_name',
      'gcl.created as limit_created',
      'gcl.updated as limit_updated',
      'gcl.name as limit_name',
      'gcl.active as limit_active',
      'gcl.limit as limit_slots',
      'gcl.active_slots as limit_active_slots',
      'gcl.slot_decay_per_second as limit_decay',
    ]);
}

/** Deployments as the API answers them, with their schedules. */
export async function deploymentResponses(
  reader: Reader,
  db: QueryBuilder,
  rows: readonly DeploymentRow[],
): Promise<DeploymentResponse[]> {
  const schedules = await readSchedules(
    reader,
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => deploymentResponse(row, schedules.get(row.id) ?? []));
}

function deploymentResponse(row: DeploymentRow, schedules: readonly ScheduleRow[]): DeploymentResponse {
  return {
    id: row.id,
    created: formatTimestamp(row.created),
    updated: formatTimestamp(row.updated),
    name: row.name,
    version: row.version,
    description: row.description,
    flow_id: row.flow_id,
    paused: row.paused === 1,
    schedules: schedules.map(scheduleResponse),
    concurrency_limit: null,
    global_concurrency_limit: limitResponse(row),
    concurrency_options: parseJson<DeploymentResponse['concurrency_options']>(row.concurrency_options),
    job_variables: parseJson<Record<string, unknown>>(row.job_variables),
    parameters: parseJson<Record<string, unknown>>(row.parameters),
    tags: parseJson<string[]>(row.tags),
    labels: parseJson<NonNullable<DeploymentResponse['labels']>>(row.labels),
    work_queue_name: row.queue_name ?? row.work_queue_name,
    work_queue_id: row.work_queue_id,
    last_polled: timestampOrNull(row.last_polled),
    parameter_openapi_schema: parseJson<Record<string, unknown> | null>(row.parameter_openapi_schema),
    path: row.path,
    pull_steps: parseJson<Record<string, unknown>[] | null>(row.pull_steps),
    entrypoint: row.entrypoint,
    storage_document_id: row.storage_document_id,
    infrastructure_document_id: row.infrastructure_document_id,
    created_by: parseJson<DeploymentResponse['created_by']>(row.created_by),
    updated_by: parseJson<DeploymentResponse['updated_by']>(row.updated_by),
    work_pool_name: row.work_pool_name,
    status: row.status,
    enforce_parameter_schema: row.enforce_parameter_schema === 1,
  };
}

function limitResponse(row: DeploymentRow): DeploymentResponse['global_concurrency_limit'] {
  if (row.concurrency_limit_id === null || row.limit_name === null) return null;
  return {
    id: row.concurrency_limit_id,
    created: timestampOrNull(row.limit_created),
    updated: timestampOrNull(row.limit_updated),
    active: row.limit_active === 1,
    name: row.limit_name,
    limit: row.limit_slots ?? 0,
    active_slots: row.limit_active_slots ?? 0,
    slot_decay_per_second: row.limit_decay ?? 0,
  };
}

/** A deployment as it is stored. */
export type StoredDeployment = Selectable<DeploymentTable>;

/** Reads a deployment and keeps others from changing it until the unit ends. */
export function lockDeployment(unit: WorkUnit, id: string): Promise<StoredDeployment | undefined> {
  return unit.first(locked(unit.db, unit.db.selectFrom('deployment').selectAll().where('id', '=', id), 'deployment'));
}

/** The orders in which deployments can be listed. */
export const DEPLOYMENT_SORTS = {
  CREATED_DESC: sql`deployment.created desc`,
  UPDATED_DESC: sql`deployment.updated desc`,
  NAME_ASC: sql`deployment.name asc`,
  NAME_DESC: sql`deployment.name desc`,
} as const;
