import { formatTimestamp, type Micros, SECOND } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../core.ts';
import { NotFoundError } from '../errors.ts';
import { proposeFlowRunState } from '../orchestration/flow-run-transition.ts';
import { LATE_FLOW_POLICY } from '../orchestration/policies.ts';
import type { Service } from './service.ts';
import { claimRound } from './service-lease.ts';

const RUNS_AT_ONCE = 400;

interface OverdueRun {
  readonly id: string;
  readonly next_scheduled_start_time: Micros | null;
}

/** Tells of scheduled runs that nobody has begun: they become Late. Contract: orchestration 17.2. */
export const lateRuns: Service = {
  name: 'late-runs',
  every: ({ lateRuns }) => (lateRuns.enabled ? lateRuns.loopSeconds : null),
  async run(core) {
    if (!(await claimRound(core, 'late-runs', core.settings.lateRuns.loopSeconds))) return;
    let after: OverdueRun | undefined;
    do {
      const overdue = await readOverdue(core, after);
      await Promise.all(overdue.map((run) => markLate(core, run)));
      after = overdue.length === RUNS_AT_ONCE ? overdue.at(-1) : undefined;
    } while (after);
  },
};

/** The state's type stands in the query as it is, so that the index of scheduled runs serves it. */
function readOverdue(core: Core, after: OverdueRun | undefined): Promise<OverdueRun[]> {
  const latest = core.clock() - core.settings.lateRuns.afterSeconds * SECOND;
  let query = core.storage.builder
    .selectFrom('flow_run')
    .select(['id', 'next_scheduled_start_time'])
    .where(sql<boolean>`state_type = 'SCHEDULED'`)
    .where('state_name', '=', 'Scheduled')
    .where('next_scheduled_start_time', '<=', latest)
    .orderBy('next_scheduled_start_time')
    .orderBy('id')
    .limit(RUNS_AT_ONCE);
  if (after)
    query = query.where(sql<boolean>`(next_scheduled_start_time, id) > (${after.next_scheduled_start_time}, ${after.id})`);
  return core.scan.all(query);
}

async function markLate(core: Core, { id, next_scheduled_start_time: due }: OverdueRun): Promise<void> {
  const scheduled_time = due === null ? null : formatTimestamp(due);
  try {
    await core.write((unit) =>
      proposeFlowRunState(
        unit,
        id,
        { type: 'SCHEDULED', name: 'Late', state_details: { scheduled_time } },
        { policy: LATE_FLOW_POLICY },
      ),
    );
  } catch (error) {
    // Deleted meanwhile: then it is not late any more.
    if (!(error instanceof NotFoundError)) core.log.error({ err: error, flowRun: id }, 'a run could not be marked late');
  }
}
