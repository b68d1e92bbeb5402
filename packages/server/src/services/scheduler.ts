import type { Core } from '../core.ts';
import type { StoredDeployment } from '../resources/deployments/deployments.ts';
import { horizonOf } from '../resources/deployments/planned-dates.ts';
import {
  type DuePage,
  planDeployment,
  recentSince,
  selectDueDeployments,
  selectRecentDeployments,
} from '../resources/deployments/schedule-deployment.ts';
import { insertScheduledRuns, type PlannedRuns } from '../resources/deployments/scheduled-runs.ts';
import { locked } from '../storage/row-locks.ts';
import type { Compilable } from '../storage/storage.ts';
import type { Service } from './service.ts';
import { claimRound } from './service-lease.ts';

const DEPLOYMENTS_AT_ONCE = 100;
/** Few enough that a transaction of the scheduler keeps nobody waiting. */
const RUNS_AT_ONCE = 100;

/** Keeps enough runs ahead for every schedule. Contract: deployments-and-workers 2. */
export const scheduler: Service = {
  name: 'scheduler',
  every: ({ scheduler }) => (scheduler.enabled ? scheduler.loopSeconds : null),
  async run(core) {
    if (!(await claimRound(core, 'scheduler', core.settings.scheduler.loopSeconds))) return;
    const horizon = horizonOf(core.settings.scheduler, core.clock());
    await scheduleAll(core, (page) => selectDueDeployments(core.storage.builder, horizon, page));
  },
};

/**
 * Schedules what has just changed, should the change itself not have done so, and refills schedules that may have only so many runs
 * waiting: those need the next one as soon as one is gone.
 */
export const recentDeploymentsScheduler: Service = {
  name: 'recent-deployments-scheduler',
  every: ({ scheduler }) => (scheduler.enabled ? scheduler.recentLoopSeconds : null),
  async run(core) {
    const { recentLoopSeconds } = core.settings.scheduler;
    if (!(await claimRound(core, 'recent-deployments-scheduler', recentLoopSeconds))) return;
    const since = recentSince(recentLoopSeconds, core.clock());
    await scheduleAll(core, (page) => selectRecentDeployments(core.storage.builder, since, page));
  },
};

async function scheduleAll(core: Core, select: (page: DuePage) => Compilable<StoredDeployment>): Promise<void> {
  let scheduled = 0;
  let after: string | null = null;
  for (;;) {
    const deployments: StoredDeployment[] = await core.scan.all(select({ after, limit: DEPLOYMENTS_AT_ONCE }));
    scheduled += await schedulePage(core, deployments);
    after = deployments.at(-1)?.id ?? null;
    if (deployments.length < DEPLOYMENTS_AT_ONCE) break;
  }
  if (scheduled > 0) core.log.info({ runs: scheduled }, 'scheduled runs');
}

async function schedulePage(core: Core, deployments: readonly StoredDeployment[]): Promise<number> {
  let scheduled = 0;
  let batch: PlannedRuns[] = [];
  for (const deployment of deployments) {
    batch.push(...(await plan(core, deployment)));
    if (runsIn(batch) < RUNS_AT_ONCE) continue;
    scheduled += await insertUnchanged(core, batch);
    batch = [];
  }
  return scheduled + (await insertUnchanged(core, batch));
}

/** Dates are computed outside of any transaction, and others get their turn between two deployments. */
async function plan(core: Core, deployment: StoredDeployment): Promise<PlannedRuns[]> {
  await new Promise(setImmediate);
  const report = (err: unknown) => core.log.error({ err, deployment: deployment.id }, 'a deployment could not be scheduled');
  try {
    const horizon = horizonOf(core.settings.scheduler, core.clock());
    return await planDeployment(core.read, core.storage.builder, deployment, horizon, report);
  } catch (error) {
    report(error);
    return [];
  }
}

/** Leaves out deployments that changed since they were planned: the change has scheduled them already, or ended their schedules. */
async function insertUnchanged(core: Core, plans: readonly PlannedRuns[]): Promise<number> {
  const ids = [...new Set(plans.filter(({ dates }) => dates.length > 0).map(({ deployment }) => deployment.id))];
  if (ids.length === 0) return 0;
  return core.write(async (unit) => {
    const query = unit.db.selectFrom('deployment').select(['id', 'updated']).where('id', 'in', ids).orderBy('id');
    const updated = new Map((await unit.all(locked(unit.db, query, 'deployment'))).map((row) => [row.id, row.updated]));
    return insertScheduledRuns(
      unit,
      plans.filter(({ deployment }) => updated.get(deployment.id) === deployment.updated),
    );
  });
}

function runsIn(plans: readonly PlannedRuns[]): number {
  return plans.reduce((sum, { dates }) => sum + dates.length, 0);
}
