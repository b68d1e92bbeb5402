import type { WorkUnit } from '../../work-unit.ts';
import { emitDeploymentEvents } from './deployment-events.ts';

/**
 * Notes that somebody asked for deployments' runs: they are ready. `updated` stays, since nothing about them was changed.
 * Contract: deployments-and-workers 3.6.
 */
export async function markDeploymentsReady(unit: WorkUnit, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const { db, now } = unit;
  const woken = await unit.all(
    db
      .updateTable('deployment')
      .set({ status: 'READY' })
      .where('id', 'in', ids)
      .where('status', '=', 'NOT_READY')
      .returning('id'),
  );
  await unit.run(db.updateTable('deployment').set({ last_polled: now }).where('id', 'in', ids));
  await tell(
    unit,
    'ready',
    woken.map(({ id }) => id),
  );
}

/** Notes that nobody asks for deployments' runs any more. */
export async function markDeploymentsNotReady(unit: WorkUnit, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const asleep = await unit.all(
    unit.db
      .updateTable('deployment')
      .set({ status: 'NOT_READY' })
      .where('id', 'in', ids)
      .where('status', '=', 'READY')
      .returning('id'),
  );
  await tell(
    unit,
    'not-ready',
    asleep.map(({ id }) => id),
  );
}

async function tell(unit: WorkUnit, kind: 'ready' | 'not-ready', ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await emitDeploymentEvents(unit, kind, ids);
  unit.announce('changed', { kind: 'deployment', ids });
}
