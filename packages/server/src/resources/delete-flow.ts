import type { WorkUnit } from '../work-unit.ts';
import { releaseSlotsHeldBy } from './concurrency-limits/leases.ts';
import { deleteOwnLimit } from './deployments/concurrency-limit.ts';

/** Deletes a flow with its deployments and runs, and gives back every slot that these hold. Answers whether it was there. */
export async function deleteFlow(unit: WorkUnit, id: string): Promise<boolean> {
  const { db } = unit;
  const runs = db.selectFrom('flow_run').select('id').where('flow_id', '=', id);
  await releaseSlotsHeldBy(unit, runs);
  await releaseSlotsHeldBy(unit, db.selectFrom('task_run').select('id').where('flow_run_id', 'in', runs));
  await unit.run(db.deleteFrom('log').where('flow_run_id', 'in', runs));
  const deployments = await unit.all(db.selectFrom('deployment').select('id').where('flow_id', '=', id));
  const deleted = await unit.run(db.deleteFrom('flow').where('id', '=', id));
  for (const deployment of deployments) await deleteOwnLimit(unit, deployment.id, null);
  return deleted > 0;
}
