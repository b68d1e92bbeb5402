import type { WorkUnit } from '../../work-unit.ts';
import { deleteOwnLimit } from './concurrency-limit.ts';
import { emitDeploymentEvents } from './deployment-events.ts';
import { lockDeployment } from './deployments.ts';
import { deleteScheduledRuns } from './scheduled-runs.ts';

/** Deletes a deployment with its schedules, its own limit and its runs that have not begun. Answers whether it was there. */
export async function deleteDeployment(unit: WorkUnit, id: string): Promise<boolean> {
  if (!(await lockDeployment(unit, id))) return false;
  await emitDeploymentEvents(unit, 'deleted', [id]);
  await deleteScheduledRuns(unit, id, { autoScheduledOnly: false, futureOnly: false });
  await unit.run(unit.db.deleteFrom('deployment').where('id', '=', id));
  await deleteOwnLimit(unit, id, null);
  unit.announce('changed', { kind: 'deployment', ids: [id] });
  return true;
}
