import { type Micros, parseTimestamp, type State } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../core.ts';
import { proposeFlowRunState } from '../orchestration/flow-run-transition.ts';
import { parseJson } from '../storage/json-columns.ts';
import { locked } from '../storage/row-locks.ts';
import type { Service } from './service.ts';
import { claimRound } from './service-lease.ts';

const RUNS_AT_ONCE = 200;

/** Fails runs whose pause ended without anybody resuming them. Contract: orchestration 17.3. */
export const pauseExpirations: Service = {
  name: 'pause-expirations',
  every: ({ pauseExpirations }) => (pauseExpirations.enabled ? pauseExpirations.loopSeconds : null),
  async run(core) {
    if (!(await claimRound(core, 'pause-expirations', core.settings.pauseExpirations.loopSeconds))) return;
    let after: string | undefined;
    do {
      const paused = await readPaused(core, after);
      const now = core.clock();
      const expired = paused.filter(({ state }) => isExpired(state, now));
      await Promise.all(expired.map(({ id }) => failExpired(core, id)));
      after = paused.length === RUNS_AT_ONCE ? paused.at(-1)?.id : undefined;
    } while (after);
  },
};

/** The condition of the index of what is not completed stands in the query, so that it serves the query. */
function readPaused(core: Core, after: string | undefined): Promise<{ id: string; state: string | null }[]> {
  const query = core.storage.builder
    .selectFrom('flow_run')
    .select(['id', 'state'])
    .where(sql<boolean>`state_type is distinct from 'COMPLETED'`)
    .where('state_type', '=', 'PAUSED')
    .orderBy('id')
    .limit(RUNS_AT_ONCE);
  return core.scan.all(after === undefined ? query : query.where('id', '>', after));
}

function isExpired(state: string | null, now: Micros): boolean {
  const timeout = parseJson<State | null>(state)?.state_details.pause_timeout;
  const expires = timeout ? parseTimestamp(timeout) : undefined;
  return expires !== undefined && expires < now;
}

async function failExpired(core: Core, id: string): Promise<void> {
  try {
    await core.write(async (unit) => {
      const query = unit.db.selectFrom('flow_run').select(['state', 'state_type']).where('id', '=', id);
      const run = await unit.first(locked(unit.db, query, 'flow_run'));
      // Somebody may have resumed or deleted it since it was found.
      if (run?.state_type !== 'PAUSED' || !isExpired(run.state, unit.now)) return;
      await proposeFlowRunState(unit, id, { type: 'FAILED', message: 'The flow was paused and never resumed.' }, { force: true });
    });
  } catch (error) {
    core.log.error({ err: error, flowRun: id }, 'a run could not be failed after its pause');
  }
}
