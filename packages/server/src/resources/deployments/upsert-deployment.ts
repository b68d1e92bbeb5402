import { uuid4 } from '@prefect-ts/protocol';
import type { Insertable, Updateable } from '#kysely';
import { IntegrityError } from '../../storage/errors.ts';
import { json, parseJson } from '../../storage/json-columns.ts';
import { locked } from '../../storage/row-locks.ts';
import type { DeploymentTable } from '../../storage/tables.ts';
import type { WorkUnit } from '../../work-unit.ts';
import { deleteOwnLimit, settleLimit } from './concurrency-limit.ts';
import { columnsOf, type GivenDeployment, queueOf } from './deployment-columns.ts';
import { emitDeploymentEvents, emitDeploymentUpdated } from './deployment-events.ts';
import { lockDeployment, type StoredDeployment } from './deployments.ts';
import { checkJobVariables, readLookups } from './job-requirements.ts';
import { scheduleDeployment } from './schedule-deployment.ts';
import { deleteScheduledRuns } from './scheduled-runs.ts';
import { type NewSchedule, replaceSchedules } from './schedules.ts';

/** A deployment as somebody wants it, with the members that its request named. */
export interface WantedDeployment extends GivenDeployment {
  readonly flow_id: string;
  readonly name: string;
  readonly labels?: Record<string, unknown> | null | undefined;
}

/**
 * Makes a deployment, or changes the one of its name and flow: only what the request names is changed, but schedules and labels become
 * those of the request. Its next runs are there when it is. Contract: deployments-and-workers 3.2.
 *
 * @throws IntegrityError if its flow is not there; 404 for a pool or limit that is not, 422 for job variables that its pool refuses.
 */
export async function upsertDeployment(
  unit: WorkUnit,
  wanted: WantedDeployment,
  schedules: readonly NewSchedule[],
): Promise<{ id: string; created: boolean }> {
  const labels = await labelsOf(unit, wanted);
  const queueId = await queueOf(unit, wanted);
  if (wanted.work_pool_name && wanted.job_variables && Object.keys(wanted.job_variables).length > 0)
    await checkJobVariables(unit, queueId ?? null, [wanted.job_variables], await readLookups(unit), {
      requireAll: false,
      status: 422,
      prefix: 'Error creating deployment: ',
    });

  const columns: Updateable<DeploymentTable> = {
    ...columnsOf(wanted),
    labels: json(labels),
    updated: unit.now,
    ...(queueId ? { work_queue_id: queueId } : {}),
  };
  const { id, before } = await findOrInsert(unit, wanted, columns);
  const limitId = await settleLimit(unit, { id }, wanted);
  const changes = limitId === undefined ? columns : { ...columns, concurrency_limit_id: limitId };
  await unit.run(unit.db.updateTable('deployment').set(changes).where('id', '=', id));
  if (limitId !== undefined) await deleteOwnLimit(unit, id, limitId);

  await replaceSchedules(unit, id, schedules);
  await deleteScheduledRuns(unit, id, { autoScheduledOnly: true, futureOnly: true });
  await scheduleDeployment(unit, id);
  await tell(unit, id, before);
  return { id, created: before === undefined };
}

/** Labels come down from the flow; those of the request win. */
async function labelsOf(unit: WorkUnit, { flow_id, labels }: WantedDeployment): Promise<Record<string, unknown>> {
  const flow = await unit.first(unit.db.selectFrom('flow').select('labels').where('id', '=', flow_id));
  if (!flow) throw new IntegrityError(`There is no flow with id ${flow_id}.`);
  return { ...parseJson<object>(flow.labels), 'prefect.flow.id': flow_id, ...labels };
}

function findByName(unit: WorkUnit, { flow_id, name }: WantedDeployment): Promise<StoredDeployment | undefined> {
  const query = unit.db.selectFrom('deployment').selectAll().where('flow_id', '=', flow_id).where('name', '=', name);
  return unit.first(locked(unit.db, query, 'deployment'));
}

/** Somebody else may deploy the same at the same time: who comes second changes what the first has made. */
async function findOrInsert(
  unit: WorkUnit,
  wanted: WantedDeployment,
  columns: Updateable<DeploymentTable>,
): Promise<{ id: string; before: StoredDeployment | undefined }> {
  const known = await findByName(unit, wanted);
  if (known) return { id: known.id, before: known };
  const row: Insertable<DeploymentTable> = {
    ...DEFAULTS,
    ...(columns as Partial<DeploymentTable>),
    id: uuid4(),
    created: unit.now,
    updated: unit.now,
    name: wanted.name,
    flow_id: wanted.flow_id,
    labels: '{}',
  };
  const insert = unit.db
    .insertInto('deployment')
    .values(row)
    .onConflict((conflict) => conflict.doNothing());
  if ((await unit.run(insert)) > 0) return { id: row.id, before: undefined };
  const winner = await findByName(unit, wanted);
  if (!winner) throw new IntegrityError(`The deployment ${wanted.name} was made and deleted at the same time.`);
  return { id: winner.id, before: winner };
}

const DEFAULTS = {
  version: null,
  description: null,
  paused: 0,
  concurrency_limit_id: null,
  concurrency_options: null,
  job_variables: '{}',
  parameters: '{}',
  tags: '[]',
  work_queue_id: null,
  work_queue_name: null,
  last_polled: null,
  parameter_openapi_schema: '{}',
  path: null,
  pull_steps: '[]',
  entrypoint: null,
  storage_document_id: null,
  infrastructure_document_id: null,
  created_by: null,
  updated_by: null,
  status: 'NOT_READY',
  enforce_parameter_schema: 1,
} as const satisfies Partial<DeploymentTable>;

async function tell(unit: WorkUnit, id: string, before: StoredDeployment | undefined): Promise<void> {
  const after = await lockDeployment(unit, id);
  if (!before || !after) await emitDeploymentEvents(unit, 'created', [id]);
  else await emitDeploymentUpdated(unit, before, after);
  unit.announce('changed', { kind: 'deployment', ids: [id] });
}
