import { formatTimestamp, type Micros, SECOND } from '@prefect-ts/protocol';
import type { Core } from '../core.ts';
import { proposeFlowRunState } from '../orchestration/flow-run-transition.ts';
import { longestSilence } from '../resources/flow-run-heartbeats.ts';
import { locked } from '../storage/row-locks.ts';
import type { QueryBuilder } from '../storage/storage.ts';
import type { Service } from './service.ts';
import { claimRound } from './service-lease.ts';

/** Rounds that may fail to come before what was not heard meanwhile counts for nothing. */
const MISSED_ROUNDS = 3;

/**
 * Crashes runs whose process is gone: it sent heartbeats, and three of them are missing. A process that never sent any is not judged, and
 * silence counts only while this server listened: after a time in which it did not, everybody may speak up again first.
 */
export const lostRuns: Service = {
  name: 'lost-runs',
  every: ({ lostRuns }) => (lostRuns.enabled ? lostRuns.loopSeconds : null),
  async run(core) {
    const listening = listeningSince(core);
    if (!(await claimRound(core, 'lost-runs', core.settings.lostRuns.loopSeconds))) return;
    await forgetFinished(core);
    const heard = await core.scan.all(selectHeard(core.storage.builder));
    const now = core.clock();
    for (const run of heard) if (isLost(core, run, listening, now)) await crash(core, run.id, listening);
  },
};

interface Watch {
  since: Micros;
  last: Micros;
}

const watches = new WeakMap<Core, Watch>();

/** The time from which on this server has listened without a break. */
function listeningSince(core: Core): Micros {
  const now = core.clock();
  const watch = watches.get(core) ?? { since: now, last: now };
  if (now - watch.last > MISSED_ROUNDS * core.settings.lostRuns.loopSeconds * SECOND) watch.since = now;
  watch.last = now;
  watches.set(core, watch);
  return watch.since;
}

function selectHeard(db: QueryBuilder) {
  return db
    .selectFrom('flow_run_heartbeat')
    .crossJoin('flow_run')
    .whereRef('flow_run.id', '=', 'flow_run_heartbeat.flow_run_id')
    .select(['flow_run.id', 'flow_run.state_timestamp', 'flow_run_heartbeat.heard', 'flow_run_heartbeat.spacing'])
    .where('flow_run.state_type', '=', 'RUNNING');
}

interface HeardRun {
  readonly state_timestamp: Micros | null;
  readonly heard: Micros;
  readonly spacing: Micros | null;
}

/** Every change of its state is a sign of life, too. */
function isLost(core: Core, { state_timestamp, heard, spacing }: HeardRun, listening: Micros, now: Micros): boolean {
  const silence = now - Math.max(heard, state_timestamp ?? 0, listening);
  return silence > longestSilence(spacing, core.settings.lostRuns.usualHeartbeatSeconds);
}

async function crash(core: Core, id: string, listening: Micros): Promise<void> {
  try {
    await core.write(async (unit) => {
      const query = selectHeard(unit.db).where('flow_run.id', '=', id);
      const run = await unit.first(locked(unit.db, query, 'flow_run'));
      // It may have ended, or been heard, since it was found.
      if (!run || !isLost(core, run, listening, unit.now)) return;
      await proposeFlowRunState(unit, id, { type: 'CRASHED', message: messageFor(core, run) });
    });
  } catch (error) {
    core.log.error({ err: error, flowRun: id }, 'a lost run could not be crashed');
  }
}

function messageFor(core: Core, { heard, spacing }: HeardRun): string {
  const seconds = Math.round(longestSilence(spacing, core.settings.lostRuns.usualHeartbeatSeconds) / SECOND);
  return `The process of this run is gone: its last heartbeat came at ${formatTimestamp(heard)}, and nothing was heard of it for ${seconds} seconds.`;
}

/** Runs that do not run have no process to be heard of. */
async function forgetFinished(core: Core): Promise<void> {
  const finished = (db: QueryBuilder) =>
    db
      .selectFrom('flow_run_heartbeat as heartbeat')
      // SQLite keeps the order of a cross join: from the few heartbeats to their runs.
      .crossJoin('flow_run')
      .whereRef('flow_run.id', '=', 'heartbeat.flow_run_id')
      .select('flow_run.id')
      .where((where) =>
        where.or([
          where('flow_run.state_type', 'is', null),
          where('flow_run.state_type', 'not in', ['PENDING', 'RUNNING', 'PAUSED', 'CANCELLING']),
        ]),
      );
  if (!(await core.scan.first(finished(core.storage.builder).limit(1)))) return;
  await core.write((unit) => unit.run(unit.db.deleteFrom('flow_run_heartbeat').where('flow_run_id', 'in', finished(unit.db))));
}
