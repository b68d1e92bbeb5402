import { isTerminal, isUuid, type Micros, SECOND } from '@prefect-ts/protocol';
import type { NewEvent } from '../events/event-log.ts';
import { statement } from '../storage/statement.ts';
import type { FlowRunHeartbeatTable } from '../storage/tables.ts';
import type { WorkUnit } from '../work-unit.ts';

const HEARTBEAT = 'prefect.flow-run.heartbeat';
const RESOURCE = 'prefect.flow-run.';
/** Heartbeats never come closer together than this. */
const SHORTEST_SPACING: Micros = 30 * SECOND;
const MAY_MISS = 3;

/** Notes when the processes of flow runs were last heard of, and learns how far apart their heartbeats are. */
export async function recordHeartbeats(unit: WorkUnit, events: readonly Required<NewEvent>[]): Promise<void> {
  for (const { event, resource, occurred } of events) {
    if (event !== HEARTBEAT) continue;
    const id = (resource['prefect.resource.id'] ?? '').replace(RESOURCE, '');
    if (isUuid(id)) await recordHeartbeat(unit, id, occurred);
  }
}

async function recordHeartbeat(unit: WorkUnit, flowRunId: string, occurred: Micros): Promise<void> {
  const known = await unit.first(readHeartbeat(unit.db, { flowRunId }));
  if (!known || isTerminal(known.state_type)) return;
  const { occurred: before, heard, spacing: learnt } = known;
  // Events may come twice and in any order.
  if (before !== null && occurred <= before) return;
  // A process that begins anew beats at once, whatever the time since the last beat.
  const follows = before !== null && heard !== null && (known.state_timestamp ?? 0) <= heard;
  const spacing = follows ? Math.max(learnt ?? 0, occurred - before) : learnt;
  await unit.run(saveHeartbeat(unit.db, { flow_run_id: flowRunId, occurred, heard: unit.now, spacing }));
}

/**
 * How long a run may be silent before it counts as lost.
 *
 * @param usual seconds between the heartbeats of a run that was heard only once.
 */
export function longestSilence(spacing: Micros | null, usual: number): Micros {
  return MAY_MISS * Math.max(spacing ?? usual * SECOND, SHORTEST_SPACING);
}

const readHeartbeat = statement((db, p: { flowRunId: string }) =>
  db
    .selectFrom('flow_run')
    .leftJoin('flow_run_heartbeat', 'flow_run_heartbeat.flow_run_id', 'flow_run.id')
    .select([
      'flow_run.state_type',
      'flow_run.state_timestamp',
      'flow_run_heartbeat.occurred',
      'flow_run_heartbeat.heard',
      'flow_run_heartbeat.spacing',
    ])
    .where('flow_run.id', '=', p.flowRunId),
);

const saveHeartbeat = statement((db, p: FlowRunHeartbeatTable) =>
  db
    .insertInto('flow_run_heartbeat')
    .values({ flow_run_id: p.flow_run_id, occurred: p.occurred, heard: p.heard, spacing: p.spacing })
    .onConflict((conflict) =>
      conflict.column('flow_run_id').doUpdateSet({ occurred: p.occurred, heard: p.heard, spacing: p.spacing }),
    ),
);
