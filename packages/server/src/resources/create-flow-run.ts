import { type CreatedBy, type FlowRunPolicy, type State, uuid7 } from '@prefect-ts/protocol';
import { randomName } from '../names/index.ts';
import { flowRunStateEvent } from '../orchestration/flow-run-events.ts';
import { decide, insertFlowRunState, surroundings, wakeWorkers } from '../orchestration/flow-run-transition.ts';
import { stateColumns, stateRow } from '../orchestration/run-columns.ts';
import type { StateProposal } from '../orchestration/state.ts';
import { mirrorOnParentTaskRun } from '../orchestration/subflow-mirror.ts';
import type { ClientVersions, FlowRunDraft } from '../orchestration/transition.ts';
import { IntegrityError } from '../storage/errors.ts';
import { json, jsonOrNull, parseJson } from '../storage/json-columns.ts';
import { statement } from '../storage/statement.ts';
import type { FlowRunTable } from '../storage/tables.ts';
import type { WorkUnit } from '../work-unit.ts';
import type { FlowRunRow } from './flow-runs.ts';
import { flowRunPolicy } from './run-policies.ts';

/** A flow run as somebody wants it; what is absent gets its default. */
export interface NewFlowRun {
  readonly id?: string | undefined;
  readonly flow_id: string;
  readonly name?: string | null | undefined;
  readonly state?: StateProposal | null | undefined;
  readonly deployment_id?: string | null | undefined;
  readonly deployment_version?: string | null | undefined;
  readonly work_queue_id?: string | null | undefined;
  readonly work_queue_name?: string | null | undefined;
  readonly flow_version?: string | null | undefined;
  readonly parameters?: Record<string, unknown> | undefined;
  readonly context?: Record<string, unknown> | undefined;
  readonly empirical_policy?: Partial<Record<keyof FlowRunPolicy, unknown>> | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly labels?: Record<string, unknown> | null | undefined;
  readonly idempotency_key?: string | null | undefined;
  readonly parent_task_run_id?: string | null | undefined;
  readonly infrastructure_document_id?: string | null | undefined;
  readonly job_variables?: Record<string, unknown> | null | undefined;
  readonly created_by?: CreatedBy | null | undefined;
}

/** A run that was there already has to be read; one that was made is at hand. */
export type CreatedFlowRun = { readonly id: string } & (
  | { readonly created: true; readonly row: FlowRunRow }
  | { readonly created: false }
);

/**
 * Creates a flow run in its first state, or finds the one that was created with the same idempotency key. Contract: orchestration 9.
 *
 * @throws IntegrityError if its flow or its parent task run is not there.
 */
export async function createFlowRun(unit: WorkUnit, wanted: NewFlowRun, client?: ClientVersions): Promise<CreatedFlowRun> {
  const existing = await findByIdempotencyKey(unit, wanted);
  if (existing) return { id: existing, created: false };

  const around = await readSurroundings(unit, wanted);
  const id = wanted.id ?? uuid7();
  const draft = newDraft(id, wanted);
  const outcome = await decide(
    unit,
    draft,
    null,
    wanted.state ?? { type: 'PENDING' },
    { force: true, ...(client ? { client } : {}) },
    around,
  );
  const stored = outcome.stored;
  if (!stored) throw new Error('A forced first state was refused.');

  const row = newRow(unit, draft, wanted, around, stored);
  if ((await unit.run(insertFlowRun(unit.db, row))) === 0) {
    const winner = await findByIdempotencyKey(unit, wanted);
    if (winner) return { id: winner, created: false };
    throw new IntegrityError(`A flow run with id ${id} already exists.`);
  }
  await unit.run(insertFlowRunState(unit.db, stateRow(id, stored)));
  const named = { ...around, id, name: row.name, created_by: row.created_by, parent_task_run_id: row.parent_task_run_id };
  await unit.emit(flowRunStateEvent(surroundings(named, draft.tags), draft.run_count, null, stored));
  await mirrorOnParentTaskRun(unit, draft, stored);
  wakeWorkers(unit, row.work_queue_id, null, stored);
  return {
    id,
    created: true,
    row: { ...row, queue_name: around.work_queue_name, work_pool_id: around.work_pool_id, work_pool_name: around.work_pool_name },
  };
}

async function findByIdempotencyKey(unit: WorkUnit, { flow_id, idempotency_key }: NewFlowRun): Promise<string | undefined> {
  if (idempotency_key === null || idempotency_key === undefined) return undefined;
  const row = await unit.first(
    unit.db.selectFrom('flow_run').select('id').where('flow_id', '=', flow_id).where('idempotency_key', '=', idempotency_key),
  );
  return row?.id;
}

function newDraft(id: string, wanted: NewFlowRun): FlowRunDraft {
  return {
    id,
    tags: wanted.tags ?? [],
    deployment_id: wanted.deployment_id ?? null,
    parent_task_run_id: wanted.parent_task_run_id ?? null,
    infrastructure_pid: null,
    state_type: null,
    state_name: null,
    state_timestamp: null,
    run_count: 0,
    start_time: null,
    end_time: null,
    total_run_time: 0,
    expected_start_time: null,
    next_scheduled_start_time: null,
    empirical_policy: flowRunPolicy(wanted.empirical_policy),
  };
}

type Surroundings = NonNullable<Awaited<ReturnType<typeof readSurroundings>>>;

async function readSurroundings(unit: WorkUnit, wanted: NewFlowRun) {
  const row = await unit.first(
    selectSurroundings(unit.db, {
      flowId: wanted.flow_id,
      deploymentId: wanted.deployment_id ?? null,
      workQueueId: wanted.work_queue_id ?? null,
      parentTaskRunId: wanted.parent_task_run_id ?? null,
    }),
  );
  if (!row) throw new IntegrityError(`There is no flow with id ${wanted.flow_id}.`);
  if (wanted.parent_task_run_id && !row.parent_name)
    throw new IntegrityError(`There is no task run with id ${wanted.parent_task_run_id}.`);
  return row;
}

function newRow(unit: WorkUnit, draft: FlowRunDraft, wanted: NewFlowRun, around: Surroundings, stored: State): FlowRunTable {
  return {
    ...stateColumns(draft, stored),
    id: draft.id,
    created: unit.now,
    updated: unit.now,
    name: wanted.name || randomName(),
    flow_id: wanted.flow_id,
    deployment_id: draft.deployment_id,
    deployment_version: wanted.deployment_version ?? null,
    work_queue_id: wanted.work_queue_id ?? null,
    work_queue_name: wanted.work_queue_name ?? null,
    flow_version: wanted.flow_version ?? null,
    parameters: json(wanted.parameters ?? {}),
    idempotency_key: wanted.idempotency_key ?? null,
    context: json(wanted.context ?? {}),
    empirical_policy: json(draft.empirical_policy),
    tags: json(draft.tags),
    labels: json(labelsOf(wanted, around)),
    parent_task_run_id: draft.parent_task_run_id,
    auto_scheduled: 0,
    infrastructure_document_id: wanted.infrastructure_document_id ?? null,
    infrastructure_pid: null,
    created_by: jsonOrNull(wanted.created_by),
    job_variables: json(wanted.job_variables ?? {}),
  };
}

/** Labels come down from the deployment, or else the flow; later ones win. Contract: orchestration 9.4. */
function labelsOf(wanted: NewFlowRun, around: Surroundings): Record<string, unknown> {
  const inherited = parseJson<Record<string, unknown>>(around.deployment_labels ?? around.flow_labels);
  return {
    ...inherited,
    'prefect.flow.id': wanted.flow_id,
    ...(around.deployment_found ? { 'prefect.deployment.id': around.deployment_found } : {}),
    ...wanted.labels,
  };
}

const selectSurroundings = statement(
  (db, p: { flowId: string; deploymentId: string | null; workQueueId: string | null; parentTaskRunId: string | null }) =>
    db
      .selectFrom('flow')
      .leftJoin('deployment', (join) => join.on('deployment.id', '=', p.deploymentId))
      .leftJoin('work_queue', (join) => join.on('work_queue.id', '=', p.workQueueId))
      .leftJoin('work_pool', 'work_pool.id', 'work_queue.work_pool_id')
      .leftJoin('task_run as parent', (join) => join.on('parent.id', '=', p.parentTaskRunId))
      .where('flow.id', '=', p.flowId)
      .select([
        'flow.id as flow_id',
        'flow.name as flow_name',
        'flow.tags as flow_tags',
        'flow.labels as flow_labels',
        'deployment.id as deployment_found',
        'deployment.name as deployment_name',
        'deployment.tags as deployment_tags',
        'deployment.labels as deployment_labels',
        'deployment.concurrency_limit_id',
        'deployment.concurrency_options',
        'work_queue.id as work_queue_id',
        'work_queue.name as work_queue_name',
        'work_pool.id as work_pool_id',
        'work_pool.name as work_pool_name',
        'work_pool.type as work_pool_type',
        'parent.name as parent_name',
        'parent.tags as parent_tags',
      ]),
);

/** Answers 0 rows when the idempotency key was taken meanwhile. */
const insertFlowRun = statement((db, p: FlowRunTable) =>
  db
    .insertInto('flow_run')
    .values({
      id: p.id,
      created: p.created,
      updated: p.updated,
      name: p.name,
      flow_id: p.flow_id,
      state_id: p.state_id,
      state_type: p.state_type,
      state_name: p.state_name,
      state_timestamp: p.state_timestamp,
      state: p.state,
      deployment_id: p.deployment_id,
      deployment_version: p.deployment_version,
      work_queue_id: p.work_queue_id,
      work_queue_name: p.work_queue_name,
      flow_version: p.flow_version,
      parameters: p.parameters,
      idempotency_key: p.idempotency_key,
      context: p.context,
      empirical_policy: p.empirical_policy,
      tags: p.tags,
      labels: p.labels,
      parent_task_run_id: p.parent_task_run_id,
      run_count: p.run_count,
      expected_start_time: p.expected_start_time,
      next_scheduled_start_time: p.next_scheduled_start_time,
      start_time: p.start_time,
      end_time: p.end_time,
      total_run_time: p.total_run_time,
      auto_scheduled: p.auto_scheduled,
      infrastructure_document_id: p.infrastructure_document_id,
      infrastructure_pid: p.infrastructure_pid,
      created_by: p.created_by,
      job_variables: p.job_variables,
    })
    .onConflict((conflict) => conflict.doNothing()),
);
