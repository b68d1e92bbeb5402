import { type Micros, SECOND } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import { jsonMember } from '../../filters/criteria.ts';
import { ImpossibleScheduleError, type Schedule } from '../../schedules/index.ts';
import { parseJson } from '../../storage/json-columns.ts';
import type { QueryBuilder, Reader } from '../../storage/storage.ts';
import type { WorkUnit } from '../../work-unit.ts';
import type { StoredDeployment } from './deployments.ts';
import { type Horizon, type HorizonWishes, horizonOf, plannedDates } from './planned-dates.ts';
import { insertScheduledRuns, type PlannedRuns } from './scheduled-runs.ts';
import type { ScheduleRow } from './schedules.ts';

/** Makes the runs that a deployment's schedules need now; a paused one gets none unless somebody names the dates. */
export async function scheduleDeployment(unit: WorkUnit, deploymentId: string, wishes?: HorizonWishes): Promise<number> {
  const deployment = await unit.first(unit.db.selectFrom('deployment').selectAll().where('id', '=', deploymentId));
  if (!deployment || (deployment.paused && !wishes)) return 0;
  const horizon = horizonOf(unit.settings.scheduler, unit.now, wishes);
  return insertScheduledRuns(unit, await planDeployment(unit, unit.db, deployment, horizon));
}

/** Tells which dates of a deployment's active schedules should have a run. A schedule that never comes due has none. */
export async function planDeployment(
  reader: Reader,
  db: QueryBuilder,
  deployment: StoredDeployment,
  horizon: Horizon,
  onImpossible?: (error: ImpossibleScheduleError) => void,
): Promise<PlannedRuns[]> {
  const schedules = await reader.all(
    db.selectFrom('deployment_schedule').selectAll().where('deployment_id', '=', deployment.id).where('active', '=', 1),
  );
  const plans: PlannedRuns[] = [];
  for (const schedule of schedules) {
    const maxRuns = Math.min(horizon.maxRuns, await roomFor(reader, db, schedule, horizon.now));
    try {
      plans.push({
        deployment,
        schedule,
        dates: plannedDates(parseJson<Schedule>(schedule.schedule), { ...horizon, maxRuns }),
      });
    } catch (error) {
      if (!(error instanceof ImpossibleScheduleError)) throw error;
      onImpossible?.(error);
    }
  }
  return plans;
}

/** How many more runs a schedule may have waiting: those that are late already count against its cap. */
async function roomFor(reader: Reader, db: QueryBuilder, schedule: ScheduleRow, now: Micros): Promise<number> {
  if (schedule.max_scheduled_runs === null) return Number.POSITIVE_INFINITY;
  const row = await reader.first(
    db
      .selectFrom('flow_run')
      .select(sql<number>`count(*)`.as('late'))
      .where('deployment_id', '=', schedule.deployment_id)
      .where('expected_start_time', '<', now)
      .where('state_type', '=', 'SCHEDULED')
      .where('auto_scheduled', '=', 1)
      .where(jsonMember('flow_run.created_by', 'id')(db), '=', schedule.id),
  );
  return Math.max(0, schedule.max_scheduled_runs - Number(row?.late ?? 0));
}

/** A page of deployments, by id, of which the scheduler has to look at some schedule. */
export interface DuePage {
  readonly after: string | null;
  readonly limit: number;
}

/**
 * Deployments that have a schedule with fewer runs ahead than the settings ask for, by number or by time. Each schedule costs two looks
 * into an index, and a date is only computed for those found. Contract: deployments-and-workers 2.2.
 */
export function selectDueDeployments(db: QueryBuilder, horizon: Horizon, { after, limit }: DuePage) {
  const ahead = (from: Micros) => sql`
    select 1 from flow_run
    where flow_run.deployment_id = deployment.id and flow_run.expected_start_time >= ${from}
      and flow_run.state_type = 'SCHEDULED' and flow_run.auto_scheduled = 1
      and ${jsonMember('flow_run.created_by', 'id')(db)} = cast(deployment_schedule.id as text)`;
  const needed = sql`
    select 1 from deployment_schedule
    where deployment_schedule.deployment_id = deployment.id and deployment_schedule.active = 1 and (
      not exists (${ahead(horizon.minUntil)} limit 1)
      or not exists (${ahead(horizon.now)} limit 1 offset ${sql.lit(Math.max(0, horizon.minRuns - 1))}))`;
  return selectSchedulable(db, { after, limit }).where(sql<boolean>`exists (${needed})`);
}

/** Deployments that changed since `since`, and those whose schedules may have only so many runs waiting. */
export function selectRecentDeployments(db: QueryBuilder, since: Micros, page: DuePage) {
  const scheduled = (condition: string) => sql<boolean>`exists (
    select 1 from deployment_schedule
    where deployment_schedule.deployment_id = deployment.id and deployment_schedule.active = 1 ${sql.raw(condition)})`;
  return selectSchedulable(db, page).where((where) =>
    where.or([
      where.and([where('deployment.updated', '>=', since), scheduled('')]),
      scheduled('and deployment_schedule.max_scheduled_runs is not null'),
    ]),
  );
}

function selectSchedulable(db: QueryBuilder, { after, limit }: DuePage) {
  const query = db.selectFrom('deployment').selectAll('deployment').where('deployment.paused', '=', 0);
  return (after === null ? query : query.where('deployment.id', '>', after)).orderBy('deployment.id').limit(limit);
}

/** Seconds into the past in which a change counts as recent: a round of the loop and a little more. */
export function recentSince(loopSeconds: number, now: Micros): Micros {
  return now - (loopSeconds + 1) * SECOND;
}
