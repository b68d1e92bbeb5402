import { type Micros, SECOND } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../core.ts';
import { proposeFlowRunState } from '../orchestration/flow-run-transition.ts';
import { requestCleanup } from '../resources/work-pools/cleanups.ts';
import { isServedByServer } from '../resources/work-pools/pool-status.ts';
import { locked } from '../storage/row-locks.ts';
import type { QueryBuilder } from '../storage/storage.ts';
import type { WorkUnit } from '../work-unit.ts';
import type { Service } from './service.ts';
import { claimRound } from './service-lease.ts';

const RUNS_AT_ONCE = 200;

/** Cancels runs whose process was asked to end and never said that it did. Contract: orchestration 17.4. */
export const cancellingTimeout: Service = {
  name: 'cancelling-timeout',
  every: ({ cancellationCleanup }) => (cancellationCleanup.enabled ? cancellationCleanup.loopSeconds : null),
  async run(core) {
    if (!(await claimRound(core, 'cancelling-timeout', core.settings.cancellationCleanup.loopSeconds))) return;
    let after = '';
    let overdue: { id: string }[];
    do {
      overdue = await core.scan.all(selectOverdue(core.storage.builder, deadline(core, core.clock()), after));
      for (const { id } of overdue) await cancel(core, id);
      after = overdue.at(-1)?.id ?? '';
    } while (overdue.length === RUNS_AT_ONCE);
  },
};

/** Who was asked before this time has had long enough. */
function deadline(core: Core, now: Micros): Micros {
  return now - core.settings.cancellationCleanup.cancellingTimeoutSeconds * SECOND;
}

/** The condition of the index of what is not completed stands in the query, so that it serves the query. */
function selectOverdue(db: QueryBuilder, before: Micros, after: string) {
  const query = db
    .selectFrom('flow_run')
    .select('id')
    .where(sql<boolean>`state_type is distinct from 'COMPLETED'`)
    .where('state_type', '=', 'CANCELLING')
    .where('state_timestamp', '<=', before)
    .orderBy('id')
    .limit(RUNS_AT_ONCE);
  return after === '' ? query : query.where('id', '>', after);
}

async function cancel(core: Core, id: string): Promise<void> {
  try {
    await core.write(async (unit) => {
      const columns = ['state_type', 'state_timestamp', 'infrastructure_pid', 'work_queue_id'] as const;
      const query = unit.db.selectFrom('flow_run').select(columns).where('id', '=', id);
      const run = await unit.first(locked(unit.db, query, 'flow_run'));
      // It may have ended, or been asked once more, since it was found.
      if (run?.state_type !== 'CANCELLING' || (run.state_timestamp ?? 0) > deadline(core, unit.now)) return;
      const { status, state } = await proposeFlowRunState(unit, id, {
        type: 'CANCELLED',
        message: 'Flow run cancellation timed out; marked this flow run as Cancelled.',
      });
      if (status === 'ACCEPT' && state) await requestCleanupOf(unit, { id, ...run }, state.id);
    });
  } catch (error) {
    core.log.error({ err: error, flowRun: id }, 'a run whose cancellation timed out could not be cancelled');
  }
}

interface CancelledRun {
  readonly id: string;
  readonly infrastructure_pid: string | null;
  readonly work_queue_id: string | null;
}

/** Where workers started the run, one of them should see that nothing of it is left. */
async function requestCleanupOf(unit: WorkUnit, run: CancelledRun, stateId: string): Promise<void> {
  if (run.work_queue_id === null) return;
  const pool = await unit.first(
    unit.db
      .selectFrom('work_queue')
      .innerJoin('work_pool', 'work_pool.id', 'work_queue.work_pool_id')
      .select(['work_pool.id', 'work_pool.type'])
      .where('work_queue.id', '=', run.work_queue_id),
  );
  if (!pool || isServedByServer(pool.type)) return;
  await requestCleanup(unit, {
    flowRunId: run.id,
    stateId,
    infrastructurePid: run.infrastructure_pid,
    workPoolId: pool.id,
    workQueueId: run.work_queue_id,
  });
}
