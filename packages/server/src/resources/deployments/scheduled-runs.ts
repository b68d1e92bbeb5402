import { formatTimestamp, type Micros, type State, uuid7 } from '@prefect-ts/protocol';
import { randomName } from '../../names/index.ts';
import { stateRow } from '../../orchestration/run-columns.ts';
import { makeState } from '../../orchestration/state.ts';
import { type Schedule, type ScheduledDate, scheduleKind } from '../../schedules/index.ts';
import { json, parseJson } from '../../storage/json-columns.ts';
import type { FlowRunTable } from '../../storage/tables.ts';
import type { WorkUnit } from '../../work-unit.ts';
import { flowRunPolicy } from '../run-policies.ts';
import type { StoredDeployment } from './deployments.ts';
import type { ScheduleRow } from './schedules.ts';

/** Rows of one statement: enough to save round trips, few enough that only so many lengths of statement are ever prepared. */
const ROWS_AT_ONCE = 50;

/** The dates of one schedule for which runs are wanted. */
export interface PlannedRuns {
  readonly deployment: StoredDeployment;
  readonly schedule: ScheduleRow;
  readonly dates: readonly ScheduledDate[];
}

/** Makes the runs of schedules that are not there yet; each date of a schedule has one run, however often it is planned. */
export async function insertScheduledRuns(unit: WorkUnit, plans: readonly PlannedRuns[]): Promise<number> {
  const drafts = plans.flatMap((plan) => runsOf(plan, unit.now));
  let inserted = 0;
  for (let from = 0; from < drafts.length; from += ROWS_AT_ONCE)
    inserted += await insertChunk(unit, drafts.slice(from, from + ROWS_AT_ONCE));
  return inserted;
}

/** Which runs of a deployment are deleted because its schedules changed. */
export interface DeletedRuns {
  readonly autoScheduledOnly: boolean;
  readonly futureOnly: boolean;
}

/** Deletes runs of a deployment that have not begun; one that waits for a slot has. Contract: deployments-and-workers 2.4. */
export async function deleteScheduledRuns(
  unit: WorkUnit,
  deploymentId: string,
  { autoScheduledOnly, futureOnly }: DeletedRuns,
): Promise<void> {
  let query = unit.db
    .deleteFrom('flow_run')
    .where('deployment_id', '=', deploymentId)
    .where('state_type', '=', 'SCHEDULED')
    .where('state_name', '<>', 'AwaitingConcurrencySlot')
    .where('run_count', '=', 0);
  if (autoScheduledOnly) query = query.where('auto_scheduled', '=', 1);
  if (futureOnly) query = query.where('next_scheduled_start_time', '>', unit.now);
  await unit.run(query);
}

interface Draft {
  readonly row: FlowRunTable;
  readonly state: State;
  readonly at: Micros;
}

function runsOf({ deployment, schedule, dates }: PlannedRuns, now: Micros): Draft[] {
  const shared = sharedColumns(deployment, schedule, now);
  return dates.map(({ at, text }) => {
    const id = uuid7(now / 1000);
    const scheduled_time = formatTimestamp(at);
    const state = makeState({ type: 'SCHEDULED', message: 'Flow run scheduled', state_details: { scheduled_time } }, now);
    const row: FlowRunTable = {
      ...shared,
      id,
      name: randomName(),
      state_id: state.id,
      state_type: state.type,
      state_name: state.name ?? null,
      state_timestamp: now,
      state: json(state),
      expected_start_time: at,
      next_scheduled_start_time: at,
      idempotency_key: `scheduled ${deployment.id} ${schedule.id} ${text}`,
    };
    return { row, state, at };
  });
}

/** What all runs of a schedule have in common. */
function sharedColumns(deployment: StoredDeployment, schedule: ScheduleRow, now: Micros) {
  const kind = scheduleKind(parseJson<Schedule>(schedule.schedule));
  return {
    created: now,
    updated: now,
    flow_id: deployment.flow_id,
    deployment_id: deployment.id,
    deployment_version: deployment.version,
    work_queue_id: deployment.work_queue_id,
    work_queue_name: deployment.work_queue_name,
    flow_version: null,
    parameters: json({ ...parseJson<object>(deployment.parameters), ...parseJson<object>(schedule.parameters) }),
    context: '{}',
    empirical_policy: json(flowRunPolicy(null)),
    tags: json(['auto-scheduled', ...parseJson<string[]>(deployment.tags)]),
    labels: json({
      ...parseJson<object>(deployment.labels),
      'prefect.flow.id': deployment.flow_id,
      'prefect.deployment.id': deployment.id,
    }),
    parent_task_run_id: null,
    run_count: 0,
    start_time: null,
    end_time: null,
    total_run_time: 0,
    auto_scheduled: 1 as const,
    infrastructure_document_id: deployment.infrastructure_document_id,
    infrastructure_pid: null,
    created_by: json({ id: schedule.id, type: 'SCHEDULE', display_value: schedule.slug ?? kind }),
    job_variables: json({}),
  };
}

async function insertChunk(unit: WorkUnit, drafts: readonly Draft[]): Promise<number> {
  const inserted = await unit.all(
    unit.db
      .insertInto('flow_run')
      .values(drafts.map(({ row }) => row))
      .onConflict((conflict) => conflict.doNothing())
      .returning('id'),
  );
  const ids = new Set(inserted.map(({ id }) => id));
  const made = drafts.filter(({ row }) => ids.has(row.id));
  if (made.length === 0) return 0;
  const states = made.map(({ row, state }) => {
    const { run_id, ...columns } = stateRow(row.id, state);
    return { ...columns, flow_run_id: run_id };
  });
  await unit.run(unit.db.insertInto('flow_run_state').values(states));
  for (const { row, at } of made) if (row.work_queue_id) unit.announce('due', { workQueueId: row.work_queue_id, at });
  unit.announce('changed', { kind: 'flow-run', ids: [...ids] });
  return made.length;
}
