import type { Updateable } from '#kysely';
import { DetailError } from '../../errors.ts';
import { json, parseJson } from '../../storage/json-columns.ts';
import type { DeploymentTable } from '../../storage/tables.ts';
import type { WorkUnit } from '../../work-unit.ts';
import { deleteOwnLimit, settleLimit } from './concurrency-limit.ts';
import { columnsOf, type GivenDeployment, queueOf } from './deployment-columns.ts';
import { emitDeploymentUpdated } from './deployment-events.ts';
import { lockDeployment, type StoredDeployment } from './deployments.ts';
import { checkJobVariables, checkParameters, hydrateParameters, type Lookups, readLookups } from './job-requirements.ts';
import { patchSchedules } from './patch-schedules.ts';
import { scheduleDeployment } from './schedule-deployment.ts';
import { deleteScheduledRuns } from './scheduled-runs.ts';
import type { WantedSchedule } from './schedules.ts';

/**
 * Changes what a request names about a deployment, and makes its next runs anew. Contract: deployments-and-workers 3.3.
 *
 * @param schedules undefined leaves them as they are.
 */
export async function updateDeployment(
  unit: WorkUnit,
  id: string,
  given: GivenDeployment,
  schedules: readonly WantedSchedule[] | undefined,
): Promise<void> {
  const before = await lockDeployment(unit, id);
  if (!before) throw new DetailError(404, 'Deployment not found.');
  const lookups = await readLookups(unit, given.parameters);
  const parameters = checkedParameters(before, given, lookups);
  const queueId = await queueOf(unit, given);
  if (given.work_pool_name && given.job_variables)
    await checkJobVariables(unit, queueId ?? null, [given.job_variables], lookups, {
      requireAll: false,
      status: 409,
      prefix: 'Error creating deployment: ',
    });
  const limitId = await settleLimit(unit, before, given);
  const changes: Updateable<DeploymentTable> = {
    ...columnsOf(given),
    updated: unit.now,
    ...(parameters ? { parameters: json(parameters) } : {}),
    ...(queueId === undefined ? {} : { work_queue_id: queueId }),
    ...(limitId === undefined ? {} : { concurrency_limit_id: limitId }),
  };
  await unit.run(unit.db.updateTable('deployment').set(changes).where('id', '=', id));
  if (limitId !== undefined) await deleteOwnLimit(unit, id, limitId);
  if (schedules) await patchSchedules(unit, id, schedules);

  await renewScheduledRuns(unit, id);
  const after = await lockDeployment(unit, id);
  if (after) await emitDeploymentUpdated(unit, before, after);
  unit.announce('changed', { kind: 'deployment', ids: [id] });
}

/** Stops a deployment's schedules, or lets them go on. */
export async function setPaused(unit: WorkUnit, id: string, paused: boolean): Promise<void> {
  const before = await lockDeployment(unit, id);
  if (!before) throw new DetailError(404, 'Deployment not found');
  const flag = paused ? 1 : 0;
  await unit.run(unit.db.updateTable('deployment').set({ paused: flag, updated: unit.now }).where('id', '=', id));
  if (paused) await deleteScheduledRuns(unit, id, { autoScheduledOnly: true, futureOnly: false });
  else await scheduleDeployment(unit, id);
  await emitDeploymentUpdated(unit, before, { ...before, paused: flag });
  unit.announce('changed', { kind: 'deployment', ids: [id] });
}

/** Makes a deployment's next runs anew after its schedules changed, and tells that it changed. */
export async function touchSchedules(unit: WorkUnit, id: string, { futureOnly }: { futureOnly: boolean }): Promise<void> {
  await unit.run(unit.db.updateTable('deployment').set({ updated: unit.now }).where('id', '=', id));
  await renewScheduledRuns(unit, id, futureOnly);
  unit.announce('changed', { kind: 'deployment', ids: [id] });
}

async function renewScheduledRuns(unit: WorkUnit, id: string, futureOnly = true): Promise<void> {
  await deleteScheduledRuns(unit, id, { autoScheduledOnly: true, futureOnly });
  await scheduleDeployment(unit, id);
}

/** The parameters that a request gives, filled in; all that the deployment will have must keep to its schema. */
function checkedParameters(
  before: StoredDeployment,
  given: GivenDeployment,
  lookups: Lookups,
): Record<string, unknown> | undefined {
  const parameters = given.parameters
    ? hydrateParameters(given.parameters, lookups, 'Error hydrating deployment parameters: ')
    : undefined;
  const enforced = given.enforce_parameter_schema ?? before.enforce_parameter_schema === 1;
  if (enforced)
    checkParameters(
      parameters ?? parseJson<Record<string, unknown>>(before.parameters),
      given.parameter_openapi_schema ?? parseJson(before.parameter_openapi_schema),
      { ignoreRequired: true },
      { status: 409, prefix: 'Error updating deployment: ' },
    );
  return parameters;
}
