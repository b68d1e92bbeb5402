import { type Micros, SECOND } from '@prefect-ts/protocol';
import { sql } from 'kysely';
import type { NewEvent } from '../events/event-log.ts';
import { statement } from '../storage/statement.ts';
import type { FlowRunHeartbeatTable } from '../storage/tables.ts';
import type { WorkUnit } from '../work-unit.ts';

const HEARTBEAT = 'prefect.flow-run.heartbeat';
const RESOURCE = 'prefect.flow-run.';
/** Heartbeats never come closer together than this. */
const SHORTEST_SPACING: Micros = 30 * SECOND;
/** What clients do who do not say otherwise; it stands for the spacing of a run that was heard only once. */
const USUAL_SPACING: Micros = 180 * SECOND;
const MAY_MISS = 3;

/** Notes when the processes of flow runs were last heard of, and learns how far apart their heartbeats are. */
export async function recordHeartbeats(unit: WorkUnit, events: readonly Required<NewEvent>[]): Promise<void> {
  for (const { event, resource, occurred } of events) {
    const id = resource['prefect.resource.id'] ?? '';
    if (event === HEARTBEAT && id.startsWith(RESOURCE)) await recordHeartbeat(unit, id.slice(RESOURCE.length), occurred);
  }
}

async function recordHeartbeat(unit: WorkUnit, flowRunId: string, occurred: Micros): Promise<void> {
  const known = await unit.first(readHeartbeat(unit.db, { flowRunId }));
  // Not of ours, or heard before: events may come twice and in any order.
  if (!known || occurred <= (known.occurred ?? 0)) return;
  // A process that begins anew beats at once, whatever the time since its last beat.
  const beganAnew = known.occurred === null || (known.state_timestamp ?? 0) > known.occurred;
  const spacing = beganAnew ? known.spacing : Math.max(known.spacing ?? 0, occurred - (known.occurred ?? occurred));
  await unit.run(saveHeartbeat(unit.db, { flow_run_id: flowRunId, occurred, heard: unit.now, spacing }));
}

/** How long a run may be silent before it counts as lost. */
export function longestSilence(spacing: Micros | null): Micros {
  return MAY_MISS * Math.max(spacing ?? USUAL_SPACING, SHORTEST_SPACING);
}

const readHeartbeat = statement((db, p: { flowRunId: string }) =>
  db
    .selectFrom('flow_run')
    .leftJoin('flow_run_heartbeat', 'flow_run_heartbeat.flow_run_id', 'flow_run.id')
    .select(['flow_run.state_timestamp', 'flow_run_heartbeat.occurred', 'flow_run_heartbeat.spacing'])
    .where(sql<boolean>`cast(flow_run.id as text) = ${p.flowRunId}`),
);

const saveHeartbeat = statement((db, p: FlowRunHeartbeatTable) =>
  db
    .insertInto('flow_run_heartbeat')
    .values({ flow_run_id: p.flow_run_id, occurred: p.occurred, heard: p.heard, spacing: p.spacing })
    .onConflict((conflict) =>
      conflict.column('flow_run_id').doUpdateSet({ occurred: p.occurred, heard: p.heard, spacing: p.spacing }),
    ),
);
