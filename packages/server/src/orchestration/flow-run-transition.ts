import { type CreatedBy, type FlowRunPolicy, type OrchestrationResult, parseTimestamp, type State } from '@prefect-ts/protocol';
import { NotFoundError } from '../errors.ts';
import { json, parseJson } from '../storage/json-columns.ts';
import { locked } from '../storage/row-locks.ts';
import { statement } from '../storage/statement.ts';
import type { WorkUnit } from '../work-unit.ts';
import { INTERNAL_CLIENT } from './client-versions.ts';
import { type FlowRunSurroundings, flowRunStateEvent } from './flow-run-events.ts';
import { type Outcome, orchestrate } from './orchestrate.ts';
import { CORE_FLOW_POLICY, MINIMAL_FLOW_POLICY } from './policies.ts';
import { draftColumns, type StateRow, stateColumns, stateRow } from './run-columns.ts';
import { readDeploymentSlots, writeSlotChanges } from './slots.ts';
import { makeState, type StateProposal } from './state.ts';
import { mirrorOnParentTaskRun } from './subflow-mirror.ts';
import type { ClientVersions, FlowRunDraft, FlowRunFacts, Policy } from './transition.ts';

export interface FlowRunTransitionOptions {
  /** Passes only what even a forced transition passes. */
  readonly force?: boolean;
  /** Another policy than the two that clients get. */
  readonly policy?: Policy<FlowRunDraft, FlowRunFacts>;
  readonly client?: ClientVersions;
  /** The id that the new state gets, when somebody has named it before. */
  readonly stateId?: string;
}

/**
 * Proposes a state for a flow run: the rules decide, and what they decide is written with its event.
 *
 * @throws NotFoundError if there is no such run.
 */
export async function proposeFlowRunState(
  unit: WorkUnit,
  flowRunId: string,
  proposal: StateProposal,
  options: FlowRunTransitionOptions = {},
): Promise<OrchestrationResult> {
  const row = await unit.first(readRun(unit.db, { id: flowRunId }));
  if (!row) throw new NotFoundError(`Flow run with id ${flowRunId} not found`);
  const initial = parseJson<State | null>(row.state);
  const run: FlowRunDraft = {
    ...draftColumns(row),
    deployment_id: row.deployment_id,
    parent_task_run_id: row.parent_task_run_id,
    infrastructure_pid: row.infrastructure_pid,
    empirical_policy: parseJson<FlowRunPolicy>(row.empirical_policy),
  };
  const outcome = await decide(unit, run, initial, proposal, options, row);
  if (outcome.stored) {
    await writeFlowRun(unit, run, row, outcome.stored);
    await unit.emit(flowRunStateEvent(surroundings(row, run.tags), run.run_count, initial, outcome.stored));
    await mirrorOnParentTaskRun(unit, run, outcome.stored);
    wakeWorkers(unit, row.work_queue_id, initial, outcome.stored);
  }
  return {
    state: outcome.stored ?? initial,
    status: outcome.status,
    details: outcome.details as OrchestrationResult['details'],
  };
}

/** Takes a proposal through its policy, with the slots of the run's deployment where it has a limit. */
export async function decide(
  unit: WorkUnit,
  run: FlowRunDraft,
  initial: State | null,
  proposal: StateProposal,
  { force, policy, client, stateId }: FlowRunTransitionOptions,
  deployment: { deployment_found: string | null; concurrency_limit_id: string | null; concurrency_options: string | null },
): Promise<Outcome> {
  const proposed = makeState(proposal, unit.now);
  if (stateId) proposed.id = stateId;
  const facts = await readFacts(unit, run.id, initial, deployment);
  const outcome = orchestrate(policy ?? (force ? MINIMAL_FLOW_POLICY : CORE_FLOW_POLICY), {
    run,
    facts,
    initial,
    proposed,
    now: unit.now,
    client: client ?? INTERNAL_CLIENT,
  });
  await writeSlotChanges(unit, facts.slots.changes());
  return outcome;
}

async function readFacts(
  unit: WorkUnit,
  flowRunId: string,
  initial: State | null,
  row: { deployment_found: string | null; concurrency_limit_id: string | null; concurrency_options: string | null },
): Promise<FlowRunFacts> {
  const options = parseJson<{ collision_strategy?: string; grace_period_seconds?: number | null } | null>(
    row.concurrency_options,
  );
  return {
    deployment: row.deployment_found
      ? {
          limitId: row.concurrency_limit_id,
          collisionStrategy: options?.collision_strategy === 'CANCEL_NEW' ? 'CANCEL_NEW' : 'ENQUEUE',
          gracePeriod: options?.grace_period_seconds ?? unit.settings.initialDeploymentLeaseSeconds,
        }
      : null,
    slots: await readDeploymentSlots(unit, {
      flowRunId,
      limitId: row.concurrency_limit_id,
      leaseId: initial?.state_details.deployment_concurrency_lease_id ?? null,
    }),
    slotWait: unit.settings.deploymentSlotWaitSeconds,
  };
}

/** A run that is due, or a slot that became free, is news for the workers of its queue. */
export function wakeWorkers(unit: WorkUnit, workQueueId: string | null, initial: State | null, stored: State): void {
  if (!workQueueId) return;
  const scheduled = stored.state_details.scheduled_time;
  if (stored.type === 'SCHEDULED' && scheduled) unit.announce('due', { workQueueId, at: parseTimestamp(scheduled) ?? unit.now });
  else if (['PENDING', 'RUNNING'].includes(initial?.type ?? '') && !['PENDING', 'RUNNING'].includes(stored.type))
    unit.announce('due', { workQueueId, at: unit.now });
}

async function writeFlowRun(unit: WorkUnit, run: FlowRunDraft, before: RunTimes, stored: State): Promise<void> {
  await unit.run(insertFlowRunState(unit.db, stateRow(run.id, stored)));
  const isAtSameTime =
    run.expected_start_time === before.expected_start_time && run.next_scheduled_start_time === before.next_scheduled_start_time;
  const update = isAtSameTime ? updateRun : updateRunAndTimes;
  await unit.run(
    update(unit.db, {
      ...stateColumns(run, stored),
      empirical_policy: json(run.empirical_policy),
      updated: unit.now,
      id: run.id,
    }),
  );
}

type RunTimes = Pick<FlowRunDraft, 'expected_start_time' | 'next_scheduled_start_time'>;

export const insertFlowRunState = statement((db, p: StateRow) =>
  db.insertInto('flow_run_state').values({
    id: p.id,
    timestamp: p.timestamp,
    type: p.type,
    name: p.name,
    message: p.message,
    state_details: p.state_details,
    data: p.data,
    flow_run_id: p.run_id,
  }),
);

type RunChange = ReturnType<typeof stateColumns> & { empirical_policy: string; updated: number; id: string };

/** Most transitions leave the planned times alone; to set them again would rewrite the indexes over them. */
const updateRun = statement((db, p: RunChange) => db.updateTable('flow_run').set(changedColumns(p)).where('id', '=', p.id));

const updateRunAndTimes = statement((db, p: RunChange) =>
  db
    .updateTable('flow_run')
    .set({
      ...changedColumns(p),
      expected_start_time: p.expected_start_time,
      next_scheduled_start_time: p.next_scheduled_start_time,
    })
    .where('id', '=', p.id),
);

function changedColumns(p: RunChange) {
  return {
    state_id: p.state_id,
    state_type: p.state_type,
    state_name: p.state_name,
    state_timestamp: p.state_timestamp,
    state: p.state,
    run_count: p.run_count,
    start_time: p.start_time,
    end_time: p.end_time,
    total_run_time: p.total_run_time,
    empirical_policy: p.empirical_policy,
    updated: p.updated,
  };
}

/** A run with everything that its rules and its event need, in one read. */
const readRun = statement((db, p: { id: string }) =>
  locked(
    db,
    db
      .selectFrom('flow_run as run')
      .innerJoin('flow', 'flow.id', 'run.flow_id')
      .leftJoin('deployment', 'deployment.id', 'run.deployment_id')
      .leftJoin('work_queue', 'work_queue.id', 'run.work_queue_id')
      .leftJoin('work_pool', 'work_pool.id', 'work_queue.work_pool_id')
      .leftJoin('task_run as parent', 'parent.id', 'run.parent_task_run_id')
      .where('run.id', '=', p.id)
      .select([
        'run.id',
        'run.name',
        'run.tags',
        'run.state',
        'run.state_type',
        'run.state_name',
        'run.state_timestamp',
        'run.run_count',
        'run.start_time',
        'run.end_time',
        'run.total_run_time',
        'run.expected_start_time',
        'run.next_scheduled_start_time',
        'run.empirical_policy',
        'run.deployment_id',
        'run.parent_task_run_id',
        'run.infrastructure_pid',
        'run.created_by',
        'run.work_queue_id',
        'flow.id as flow_id',
        'flow.name as flow_name',
        'flow.tags as flow_tags',
        'deployment.id as deployment_found',
        'deployment.name as deployment_name',
        'deployment.tags as deployment_tags',
        'deployment.concurrency_limit_id',
        'deployment.concurrency_options',
        'work_queue.name as work_queue_name',
        'work_pool.id as work_pool_id',
        'work_pool.name as work_pool_name',
        'work_pool.type as work_pool_type',
        'parent.name as parent_name',
        'parent.tags as parent_tags',
      ]),
    'run',
  ),
);

/** The columns that name what surrounds a run. */
export interface SurroundingColumns {
  readonly id: string;
  readonly name: string;
  readonly flow_id: string;
  readonly flow_name: string;
  readonly flow_tags: string;
  readonly deployment_found: string | null;
  readonly deployment_name: string | null;
  readonly deployment_tags: string | null;
  readonly work_queue_id: string | null;
  readonly work_queue_name: string | null;
  readonly work_pool_id: string | null;
  readonly work_pool_name: string | null;
  readonly work_pool_type: string | null;
  readonly parent_task_run_id: string | null;
  readonly parent_name: string | null;
  readonly parent_tags: string | null;
  readonly created_by: string | null;
}

export function surroundings(row: SurroundingColumns, tags: readonly string[]): FlowRunSurroundings {
  return {
    id: row.id,
    name: row.name,
    tags,
    flow: { id: row.flow_id, name: row.flow_name, tags: parseJson<string[]>(row.flow_tags) },
    deployment: named(row.deployment_found, row.deployment_name, row.deployment_tags),
    workQueue: named(row.work_queue_id, row.work_queue_name),
    workPool:
      row.work_pool_id && row.work_pool_name
        ? { id: row.work_pool_id, name: row.work_pool_name, type: row.work_pool_type ?? '' }
        : null,
    parentTaskRun: named(row.parent_task_run_id, row.parent_name, row.parent_tags),
    createdBy: parseJson<CreatedBy | null>(row.created_by),
  };
}

function named(id: string | null, name: string | null, tags: string | null = null) {
  return id !== null && name !== null ? { id, name, tags: parseJson<string[] | null>(tags) ?? [] } : null;
}
