import { uuid4 } from '@prefect-ts/protocol';
import { DetailError } from '../../errors.ts';
import type { WorkUnit } from '../../work-unit.ts';

/** What a request says about how many runs of a deployment may run at once; an absent member says nothing. */
export interface WantedLimit {
  readonly concurrency_limit?: number | null | undefined;
  readonly global_concurrency_limit_id?: string | null | undefined;
}

/**
 * Brings a deployment's limit to what a request wants: a number makes or changes the deployment's own limit, an id links one that many may
 * share. Answers the id of the limit that the deployment has to be linked to, or undefined to leave it. Contract: deployments-and-workers 4.
 */
export async function settleLimit(
  unit: WorkUnit,
  deployment: { readonly id: string },
  { concurrency_limit: limit, global_concurrency_limit_id: sharedId }: WantedLimit,
): Promise<string | null | undefined> {
  if (sharedId) {
    await requireLimit(unit, sharedId);
    return sharedId;
  }
  if (typeof limit === 'number') return setOwnLimit(unit, deployment.id, limit);
  if (limit === null || sharedId === null) return null;
  return undefined;
}

/**
 * Deletes the limit that a deployment owns; one that others may share stays.
 *
 * @param linkedId the limit that the deployment is linked to from now on, which is kept.
 */
export async function deleteOwnLimit(unit: WorkUnit, deploymentId: string, linkedId: string | null): Promise<void> {
  const query = unit.db.deleteFrom('concurrency_limit').where('name', '=', ownName(deploymentId));
  await unit.run(linkedId === null ? query : query.where('id', '<>', linkedId));
}

function ownName(deploymentId: string): string {
  return `deployment:${deploymentId}`;
}

async function setOwnLimit(unit: WorkUnit, deploymentId: string, limit: number): Promise<string> {
  const { db, now } = unit;
  const name = ownName(deploymentId);
  const own = await unit.first(db.selectFrom('concurrency_limit').select(['id', 'limit']).where('name', '=', name));
  if (own) {
    if (own.limit !== limit)
      await unit.run(db.updateTable('concurrency_limit').set({ limit, updated: now }).where('id', '=', own.id));
    return own.id;
  }
  const id = uuid4();
  await unit.run(
    db.insertInto('concurrency_limit').values({
      id,
      created: now,
      updated: now,
      name,
      limit,
      active: 1,
      active_slots: 0,
      denied_slots: 0,
      slot_decay_per_second: 0,
      avg_slot_occupancy_seconds: 2,
    }),
  );
  return id;
}

async function requireLimit(unit: WorkUnit, id: string): Promise<void> {
  const row = await unit.first(unit.db.selectFrom('concurrency_limit').select('id').where('id', '=', id));
  if (!row) throw new DetailError(404, 'Concurrency limit not found');
}
