import { SECOND, TERMINAL_STATE_TYPES } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../core.ts';
import { NotFoundError } from '../errors.ts';
import { proposeFlowRunState } from '../orchestration/flow-run-transition.ts';
import { proposeTaskRunState } from '../orchestration/task-run-transition.ts';
import { locked } from '../storage/row-locks.ts';
import type { QueryBuilder } from '../storage/storage.ts';
import type { WorkUnit } from '../work-unit.ts';
import type { Service } from './service.ts';
import { claimRound } from './service-lease.ts';

const AT_ONCE = 200;
const DAY = 86_400 * SECOND;
const MESSAGE = 'The parent flow run was cancelled.';

/** Cancels the task runs and subflows that a cancelled flow run left behind. Contract: orchestration 17.5. */
export const cancelledParents: Service = {
  name: 'cancelled-parents',
  every: ({ cancellationCleanup }) => (cancellationCleanup.enabled ? cancellationCleanup.loopSeconds : null),
  async run(core) {
    if (!(await claimRound(core, 'cancelled-parents', core.settings.cancellationCleanup.loopSeconds))) return;
    await eachPage(core, selectTaskRuns, cancelTaskRun);
    await eachPage(core, selectSubflows, cancelSubflow);
  },
};

type Select = typeof selectTaskRuns;

async function eachPage(
  core: Core,
  select: Select,
  cancel: (unit: WorkUnit, id: string, since: number) => Promise<void>,
): Promise<void> {
  const since = core.clock() - DAY;
  let after = '';
  let page: { id: string }[];
  do {
    page = await core.scan.all(select(core.storage.builder, since, after));
    for (const { id } of page) await attempt(core, id, (unit) => cancel(unit, id, since));
    after = page.at(-1)?.id ?? '';
  } while (page.length === AT_ONCE);
}

async function attempt(core: Core, id: string, cancel: (unit: WorkUnit) => Promise<void>): Promise<void> {
  try {
    await core.write(cancel);
  } catch (error) {
    // Deleted meanwhile: then there is nothing left to cancel.
    if (!(error instanceof NotFoundError))
      core.log.error({ err: error, run: id }, 'a child of a cancelled run could not be cancelled');
  }
}

/** Open task runs of flow runs that were cancelled within the last day. */
function selectTaskRuns(db: QueryBuilder, since: number, after: string) {
  const query = db
    .selectFrom('flow_run')
    // SQLite keeps the order of a cross join: from the few runs that were cancelled to their task runs.
    .crossJoin('task_run')
    .whereRef('task_run.flow_run_id', '=', 'flow_run.id')
    .select('task_run.id')
    .where(sql<boolean>`flow_run.state_type = 'CANCELLED'`)
    .where('flow_run.end_time', '>', since)
    .where((where) =>
      where.or([where('task_run.state_type', 'is', null), where('task_run.state_type', 'not in', TERMINAL_STATE_TYPES)]),
    )
    .orderBy('task_run.id')
    .limit(AT_ONCE);
  return after === '' ? query : query.where('task_run.id', '>', after);
}

async function cancelTaskRun(unit: WorkUnit, id: string, since: number): Promise<void> {
  const query = selectTaskRuns(unit.db, since, '').where('task_run.id', '=', id);
  if (await unit.first(locked(unit.db, query, 'task_run')))
    await proposeTaskRunState(unit, id, { type: 'CANCELLED', message: MESSAGE }, { force: true });
}

/** Open flow runs whose parent was cancelled; those that are executed elsewhere are asked to end, once. */
function selectSubflows(db: QueryBuilder, _since: number, after: string) {
  const query = db
    .selectFrom('flow_run')
    .innerJoin('task_run', 'task_run.id', 'flow_run.parent_task_run_id')
    .leftJoin('flow_run as parent', 'parent.id', 'task_run.flow_run_id')
    .select(['flow_run.id', 'flow_run.deployment_id'])
    .where(sql<boolean>`flow_run.parent_task_run_id IS NOT NULL
      AND flow_run.state_type IN ('SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING')`)
    .where((where) => where.or([where('flow_run.deployment_id', 'is', null), where('flow_run.state_type', '!=', 'CANCELLING')]))
    .where('task_run.flow_run_id', 'is not', null)
    .where((where) => where.or([where('parent.id', 'is', null), where('parent.state_type', '=', 'CANCELLED')]))
    .orderBy('flow_run.id')
    .limit(AT_ONCE);
  return after === '' ? query : query.where('flow_run.id', '>', after);
}

async function cancelSubflow(unit: WorkUnit, id: string, since: number): Promise<void> {
  const query = selectSubflows(unit.db, since, '').where('flow_run.id', '=', id);
  const subflow = await unit.first(locked(unit.db, query, 'flow_run'));
  if (!subflow) return;
  const type = subflow.deployment_id === null ? 'CANCELLED' : 'CANCELLING';
  await proposeFlowRunState(unit, id, { type, message: MESSAGE }, { force: true });
}
