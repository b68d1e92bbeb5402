import { type Micros, SECOND } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../core.ts';
import type { WorkUnit } from '../work-unit.ts';
import type { TriggeringEvent } from './triggers.ts';

/** So long an event waits for the one that it follows. */
const LONGEST_WAIT: Micros = 15 * 60 * SECOND;

/** Puts an event aside whose leader triggers have not seen yet. Answers whether it did. Contract: events 4.8. */
export async function waitsForLeader(
  unit: WorkUnit,
  event: TriggeringEvent,
  position: number,
  received: Micros,
): Promise<boolean> {
  const { id, follows } = event;
  if (follows === null || follows === id || received < unit.now - LONGEST_WAIT) return false;
  const { db } = unit;
  const leader = await unit.first(db.selectFrom('event').select('position').where('id', '=', follows));
  const isAside = leader && (await unit.first(db.selectFrom('automation_follower').select('id').where('id', '=', follows)));
  if (leader && leader.position < position && !isAside) return false;
  const row = { position, id, leader_id: follows, received };
  await unit.run(
    db
      .insertInto('automation_follower')
      .values(row)
      .onConflict((conflict) => conflict.column('position').doNothing()),
  );
  return true;
}

/** The events that wait no longer: their leaders have been seen, or will never come. Oldest first. */
export async function readReleased(core: Core, seen: number): Promise<{ position: number }[]> {
  const leaderSeen = sql<boolean>`exists (select 1 from event as leader where leader.id = automation_follower.leader_id
    and leader.position <= ${seen})
    and not exists (select 1 from automation_follower as other where other.id = automation_follower.leader_id)`;
  return core.read.all(
    core.storage.builder
      .selectFrom('automation_follower')
      // SQLite keeps the order of a cross join: from those few that wait to their events.
      .crossJoin('event')
      .whereRef('event.position', '=', 'automation_follower.position')
      .select('automation_follower.position')
      .where((where) => where.or([where('automation_follower.received', '<', core.clock() - LONGEST_WAIT), leaderSeen]))
      .orderBy('event.occurred')
      .limit(100),
  );
}

/** Takes an event from those that wait; false when somebody else took it. */
export async function takeFollower(unit: WorkUnit, position: number): Promise<boolean> {
  return (await unit.run(unit.db.deleteFrom('automation_follower').where('position', '=', position))) > 0;
}
