import { type OrchestrationResult, parseTimestamp, type State, type TaskRunPolicy, uuid4 } from '@prefect-ts/protocol';
import { NotFoundError } from '../errors.ts';
import { enqueueTaskRun } from '../resources/task-queue.ts';
import { json, parseJson } from '../storage/json-columns.ts';
import { locked } from '../storage/row-locks.ts';
import { statement } from '../storage/statement.ts';
import type { WorkUnit } from '../work-unit.ts';
import { INTERNAL_CLIENT } from './client-versions.ts';
import { type Outcome, orchestrate } from './orchestrate.ts';
import { BACKGROUND_TASK_POLICY, CORE_TASK_POLICY, MINIMAL_TASK_POLICY } from './policies.ts';
import { draftColumns, type StateRow, stateColumns, stateRow } from './run-columns.ts';
import { readTagSlots, writeSlotChanges } from './slots.ts';
import { makeState, type StateProposal } from './state.ts';
import type { ClientVersions, TaskRunDraft, TaskRunFacts } from './transition.ts';

export interface TaskRunTransitionOptions {
  readonly force?: boolean;
  readonly client?: ClientVersions;
}

/**
 * Proposes a state for a task run: the rules decide, and what they decide is written.
 *
 * @throws NotFoundError if there is no such run.
 */
export async function proposeTaskRunState(
  unit: WorkUnit,
  taskRunId: string,
  proposal: StateProposal,
  options: TaskRunTransitionOptions = {},
): Promise<OrchestrationResult> {
  const row = await unit.first(readRun(unit.db, { id: taskRunId }));
  if (!row) throw new NotFoundError(`Task run with id ${taskRunId} not found`);
  const initial = parseJson<State | null>(row.state);
  const run: TaskRunDraft = {
    ...draftColumns(row),
    flow_run_id: row.flow_run_id,
    flow_run_run_count: row.flow_run_run_count,
    empirical_policy: parseJson<TaskRunPolicy>(row.empirical_policy),
  };
  const outcome = await decideTaskRun(unit, run, initial, proposal, options);
  if (outcome.stored) {
    await unit.run(insertTaskRunState(unit.db, stateRow(run.id, outcome.stored)));
    const update = run.start_time === row.start_time ? updateRun : updateRunAndStart;
    await unit.run(
      update(unit.db, {
        ...taskStateColumns(run, outcome.stored),
        updated: unit.now,
        id: run.id,
      }),
    );
    unit.announce('changed', { kind: 'task-run', ids: [run.id] });
    if (isForTaskWorkers(proposal, outcome.stored)) await enqueueTaskRun(unit, row, outcome.stored);
  }
  return {
    state: outcome.stored ?? initial,
    status: outcome.status,
    details: outcome.details as OrchestrationResult['details'],
  };
}

/** A background task that was proposed to be scheduled waits for a task worker; the retry that a rule makes of a failure does not. */
export function isForTaskWorkers(proposal: StateProposal, stored: State): boolean {
  return proposal.type === 'SCHEDULED' && stored.type === 'SCHEDULED' && stored.state_details.deferred === true;
}

/** Takes a proposal through its policy, with the slots of the run's tags and what is cached. */
export async function decideTaskRun(
  unit: WorkUnit,
  run: TaskRunDraft,
  initial: State | null,
  proposal: StateProposal,
  { force, client }: TaskRunTransitionOptions,
): Promise<Outcome> {
  const proposed = makeState(proposal, unit.now);
  const policy = proposed.state_details.deferred ? BACKGROUND_TASK_POLICY : force ? MINIMAL_TASK_POLICY : CORE_TASK_POLICY;
  const facts = await readFacts(unit, run, proposed, policy === CORE_TASK_POLICY || initial !== null);
  const outcome = orchestrate(policy, { run, facts, initial, proposed, now: unit.now, client: client ?? INTERNAL_CLIENT });
  await writeSlotChanges(unit, facts.slots.changes());
  const key = outcome.stored?.state_details.cache_key;
  if (key && outcome.stored?.type === 'COMPLETED' && proposal.type === 'COMPLETED' && !force)
    await cache(unit, key, outcome.stored);
  return outcome;
}

async function readFacts(unit: WorkUnit, run: TaskRunDraft, proposed: State, withSlots: boolean): Promise<TaskRunFacts> {
  const starts = proposed.type === 'RUNNING';
  const { cache_key, refresh_cache } = proposed.state_details;
  return {
    flowRun: starts && run.flow_run_id ? await readFlowRun(unit, run.flow_run_id) : null,
    cachedState: starts && cache_key && !refresh_cache ? await readCached(unit, cache_key) : null,
    slots: await readTagSlots(unit, run.id, withSlots ? run.tags : []),
    tagSlotWait: unit.settings.tagSlotWaitSeconds,
    maxCacheKeyLength: unit.settings.maxCacheKeyLength,
  };
}

async function readFlowRun(unit: WorkUnit, id: string): Promise<TaskRunFacts['flowRun']> {
  const row = await unit.first(flowRunOfTask(unit.db, { id }));
  if (!row)
    throw new NotFoundError(`Unable to read flow run associated with task run: ${id}, this flow run might have been deleted`);
  return { ...row, state: parseJson<State | null>(row.state) };
}

const flowRunOfTask = statement((db, p: { id: string }) =>
  db.selectFrom('flow_run').select(['id', 'run_count', 'state']).where('id', '=', p.id),
);

async function readCached(unit: WorkUnit, key: string): Promise<State | null> {
  const row = await unit.first(
    unit.db
      .selectFrom('task_run_state_cache')
      .select('state')
      .where('cache_key', '=', key)
      .where((where) => where.or([where('cache_expiration', 'is', null), where('cache_expiration', '>', unit.now)]))
      .orderBy('created', 'desc')
      .limit(1),
  );
  return row ? parseJson<State>(row.state) : null;
}

async function cache(unit: WorkUnit, key: string, state: State): Promise<void> {
  const expiration = state.state_details.cache_expiration;
  await unit.run(
    unit.db.insertInto('task_run_state_cache').values({
      id: uuid4(),
      created: unit.now,
      cache_key: key,
      cache_expiration: expiration ? (parseTimestamp(expiration) ?? null) : null,
      state: json(state),
    }),
  );
}

/** What a transition leaves behind on the row of its task run. */
export function taskStateColumns(run: TaskRunDraft, stored: State) {
  return { ...stateColumns(run, stored), flow_run_run_count: run.flow_run_run_count };
}

/** A state that is there already, because its event was sent twice, is left alone. */
export const insertTaskRunState = statement((db, p: StateRow) =>
  db
    .insertInto('task_run_state')
    .values({
      id: p.id,
      timestamp: p.timestamp,
      type: p.type,
      name: p.name,
      message: p.message,
      state_details: p.state_details,
      data: p.data,
      task_run_id: p.run_id,
    })
    .onConflict((conflict) => conflict.column('id').doNothing()),
);

type RunChange = ReturnType<typeof taskStateColumns> & { updated: number; id: string };

/** Most transitions leave the start alone; to set it again would rewrite the index over it. */
const updateRun = statement((db, p: RunChange) => db.updateTable('task_run').set(changedColumns(p)).where('id', '=', p.id));

const updateRunAndStart = statement((db, p: RunChange) =>
  db
    .updateTable('task_run')
    .set({ ...changedColumns(p), start_time: p.start_time })
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
    flow_run_run_count: p.flow_run_run_count,
    end_time: p.end_time,
    total_run_time: p.total_run_time,
    expected_start_time: p.expected_start_time,
    next_scheduled_start_time: p.next_scheduled_start_time,
    updated: p.updated,
  };
}

const readRun = statement((db, p: { id: string }) =>
  locked(
    db,
    db
      .selectFrom('task_run')
      .where('id', '=', p.id)
      .select([
        'id',
        'tags',
        'state',
        'state_type',
        'state_name',
        'state_timestamp',
        'run_count',
        'flow_run_run_count',
        'start_time',
        'end_time',
        'total_run_time',
        'expected_start_time',
        'next_scheduled_start_time',
        'empirical_policy',
        'flow_run_id',
        'task_key',
      ]),
    'task_run',
  ),
);
