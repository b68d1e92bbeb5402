import { type DeploymentSchedule, formatTimestamp, uuid4 } from '@prefect-ts/protocol';
import type { Selectable } from '#kysely';
import { normalizeSchedule, type Schedule } from '../../schedules/index.ts';
import { json, parseJson } from '../../storage/json-columns.ts';
import type { QueryBuilder, Reader } from '../../storage/storage.ts';
import type { DeploymentScheduleTable } from '../../storage/tables.ts';
import type { WorkUnit } from '../../work-unit.ts';

export type ScheduleRow = Selectable<DeploymentScheduleTable>;

/** A schedule as somebody wants it for a deployment; what is absent gets its default, or stays as it is. */
export interface WantedSchedule {
  readonly schedule?: Schedule | undefined;
  readonly active?: boolean | undefined;
  readonly max_scheduled_runs?: number | undefined;
  readonly parameters?: Record<string, unknown> | undefined;
  readonly slug?: string | undefined;
  /** The slug of the schedule that this one takes the place of. */
  readonly replaces?: string | undefined;
}

/** A schedule that can be made of nothing but itself. */
export type NewSchedule = WantedSchedule & { readonly schedule: Schedule };

/** The schedules of deployments, the one changed last first. */
export async function readSchedules(
  reader: Reader,
  db: QueryBuilder,
  deploymentIds: readonly string[],
): Promise<Map<string, ScheduleRow[]>> {
  if (deploymentIds.length === 0) return new Map();
  const rows = await reader.all(
    db
      .selectFrom('deployment_schedule')
      .selectAll()
      .where('deployment_id', 'in', deploymentIds)
      .orderBy('updated', 'desc')
      .orderBy('id'),
  );
  return Map.groupBy(rows, (row) => row.deployment_id);
}

/** A schedule as the API answers it. */
export function scheduleResponse(row: ScheduleRow): DeploymentSchedule {
  return {
    id: row.id,
    created: formatTimestamp(row.created),
    updated: formatTimestamp(row.updated),
    deployment_id: row.deployment_id,
    schedule: parseJson<Schedule>(row.schedule),
    active: row.active === 1,
    max_scheduled_runs: row.max_scheduled_runs,
    parameters: parseJson<Record<string, unknown>>(row.parameters),
    slug: row.slug,
  };
}

/** Adds schedules to a deployment; answers them as they are now stored. Throws IntegrityError for a slug that is taken. */
export async function insertSchedules(
  unit: WorkUnit,
  deploymentId: string,
  wanted: readonly NewSchedule[],
): Promise<ScheduleRow[]> {
  if (wanted.length === 0) return [];
  const rows = wanted.map(
    (each, index): ScheduleRow => ({
      id: uuid4(),
      created: unit.now,
      // Lists show the newest first, which those made together would otherwise be in no order of.
      updated: unit.now + index,
      deployment_id: deploymentId,
      schedule: json(normalizeSchedule(each.schedule, unit.now)),
      active: each.active === false ? 0 : 1,
      max_scheduled_runs: each.max_scheduled_runs ?? null,
      parameters: json(each.parameters ?? {}),
      slug: each.slug ?? null,
    }),
  );
  await unit.run(unit.db.insertInto('deployment_schedule').values(rows));
  return rows;
}

/** Changes what `wanted` names about a schedule; answers whether the deployment has it. */
export async function patchSchedule(
  unit: WorkUnit,
  deploymentId: string,
  scheduleId: string,
  wanted: WantedSchedule,
): Promise<boolean> {
  const { schedule, active, max_scheduled_runs, parameters, slug } = wanted;
  const changed = await unit.run(
    unit.db
      .updateTable('deployment_schedule')
      .set({
        updated: unit.now,
        ...(schedule ? { schedule: json(normalizeSchedule(schedule, unit.now)) } : {}),
        ...(active === undefined ? {} : { active: active ? 1 : 0 }),
        ...(max_scheduled_runs === undefined ? {} : { max_scheduled_runs }),
        ...(parameters ? { parameters: json(parameters) } : {}),
        ...(slug === undefined ? {} : { slug }),
      })
      .where('deployment_id', '=', deploymentId)
      .where('id', '=', scheduleId),
  );
  return changed > 0;
}

/** Deletes a schedule; answers whether the deployment had it. */
export async function deleteSchedule(unit: WorkUnit, deploymentId: string, scheduleId: string): Promise<boolean> {
  const deleted = await unit.run(
    unit.db.deleteFrom('deployment_schedule').where('deployment_id', '=', deploymentId).where('id', '=', scheduleId),
  );
  return deleted > 0;
}

/** Puts other schedules in the place of all that a deployment has. */
export async function replaceSchedules(unit: WorkUnit, deploymentId: string, wanted: readonly NewSchedule[]): Promise<void> {
  await unit.run(unit.db.deleteFrom('deployment_schedule').where('deployment_id', '=', deploymentId));
  await insertSchedules(unit, deploymentId, wanted);
}
