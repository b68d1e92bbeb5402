import { parseTimestamp, type TaskRunCreate, type TaskRunPolicy, uuid7 } from '@prefect-ts/protocol';
import { randomName } from '../names/index.ts';
import { stateRow } from '../orchestration/run-columns.ts';
import { decideTaskRun, insertTaskRunState, isForTaskWorkers, taskStateColumns } from '../orchestration/task-run-transition.ts';
import type { ClientVersions, TaskRunDraft } from '../orchestration/transition.ts';
import { IntegrityError } from '../storage/errors.ts';
import { json, parseJson } from '../storage/json-columns.ts';
import { statement } from '../storage/statement.ts';
import type { QueryBuilder } from '../storage/storage.ts';
import type { WorkUnit } from '../work-unit.ts';
import { insertTaskRun } from './insert-task-run.ts';
import { taskRunPolicy } from './run-policies.ts';
import { enqueueTaskRun } from './task-queue.ts';

/**
 * Creates a task run in its first state, or finds the one with the same keys in the same flow run. Contract: orchestration 15.1.
 *
 * @throws IntegrityError if the flow run is not there.
 */
export async function createTaskRun(
  unit: WorkUnit,
  wanted: TaskRunCreate,
  client?: ClientVersions,
): Promise<{ id: string; created: boolean }> {
  const existing = await findByKeys(unit, wanted);
  if (existing) return { id: existing, created: false };
  const draft = newDraft(wanted);
  const labels = await labelsOf(unit, wanted);
  const proposal = wanted.state ?? { type: 'PENDING' };
  const outcome = await decideTaskRun(unit, draft, null, proposal, {
    force: true,
    ...(client ? { client } : {}),
  });
  const stored = outcome.stored;
  if (!stored) throw new Error('A forced first state was refused.');
  const inserted = await unit.run(
    insertTaskRun(unit.db, {
      ...taskStateColumns(draft, stored),
      id: draft.id,
      created: unit.now,
      updated: unit.now,
      name: wanted.name || randomName(),
      flow_run_id: draft.flow_run_id,
      task_key: wanted.task_key,
      dynamic_key: wanted.dynamic_key,
      cache_key: wanted.cache_key ?? null,
      cache_expiration: wanted.cache_expiration ? (parseTimestamp(wanted.cache_expiration) ?? null) : null,
      task_version: wanted.task_version ?? null,
      empirical_policy: json(draft.empirical_policy),
      tags: json(draft.tags),
      labels: json(labels),
      task_inputs: json(wanted.task_inputs ?? {}),
    }),
  );
  if (inserted === 0) {
    // Somebody else was first; what they made is the run.
    const winner = await findByKeys(unit, wanted);
    if (winner) return { id: winner, created: false };
    throw new IntegrityError(`A task run with id ${draft.id} already exists.`);
  }
  await unit.run(insertTaskRunState(unit.db, stateRow(draft.id, stored)));
  unit.announce('changed', { kind: 'task-run', ids: [draft.id] });
  if (isForTaskWorkers(proposal, stored)) await enqueueTaskRun(unit, { id: draft.id, task_key: wanted.task_key }, stored);
  return { id: draft.id, created: true };
}

async function findByKeys(unit: WorkUnit, { flow_run_id, task_key, dynamic_key }: TaskRunCreate): Promise<string | undefined> {
  const find = flow_run_id ? byKeysInFlowRun : byKeysAlone;
  const row = await unit.first(find(unit.db, { flowRunId: flow_run_id ?? '', taskKey: task_key, dynamicKey: dynamic_key }));
  return row?.id;
}

type Keys = { flowRunId: string; taskKey: string; dynamicKey: string };

const byKeysInFlowRun = statement((db, p: Keys) => withKeys(db, p).where('flow_run_id', '=', p.flowRunId));
const byKeysAlone = statement((db, p: Keys) => withKeys(db, p).where('flow_run_id', 'is', null));

function withKeys(db: QueryBuilder, p: Keys) {
  return db.selectFrom('task_run').select('id').where('task_key', '=', p.taskKey).where('dynamic_key', '=', p.dynamicKey);
}

function newDraft(wanted: TaskRunCreate): TaskRunDraft {
  const empirical_policy: TaskRunPolicy = taskRunPolicy(wanted.empirical_policy);
  return {
    id: wanted.id ?? uuid7(),
    tags: wanted.tags ?? [],
    flow_run_id: wanted.flow_run_id ?? null,
    flow_run_run_count: 0,
    state_type: null,
    state_name: null,
    state_timestamp: null,
    run_count: 0,
    start_time: null,
    end_time: null,
    total_run_time: 0,
    expected_start_time: null,
    next_scheduled_start_time: null,
    empirical_policy,
  };
}

async function labelsOf(unit: WorkUnit, wanted: TaskRunCreate): Promise<Record<string, unknown>> {
  if (!wanted.flow_run_id) return wanted.labels ?? {};
  const row = await unit.first(flowRunLabels(unit.db, { id: wanted.flow_run_id }));
  if (!row) throw new IntegrityError(`There is no flow run with id ${wanted.flow_run_id}.`);
  return { ...parseJson<object>(row.labels), 'prefect.flow-run.id': wanted.flow_run_id, ...wanted.labels };
}

const flowRunLabels = statement((db, p: { id: string }) => db.selectFrom('flow_run').select('labels').where('id', '=', p.id));
