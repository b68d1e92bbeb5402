import type { State } from '@prefect-ts/protocol';
import { readDeploymentSlots, writeSlotChanges } from '../orchestration/slots.ts';
import { parseJson } from '../storage/json-columns.ts';
import type { WorkUnit } from '../work-unit.ts';
import { releaseSlotsHeldBy } from './concurrency-limits/leases.ts';

/** Deletes a flow run with its states, task runs, inputs and logs, and gives back the slots that it and its task runs hold. Answers whether it was there. */
export async function deleteFlowRun(unit: WorkUnit, id: string): Promise<boolean> {
  const { db } = unit;
  const row = await unit.first(
    db
      .selectFrom('flow_run')
      .leftJoin('deployment', 'deployment.id', 'flow_run.deployment_id')
      .select(['flow_run.state', 'flow_run.work_queue_id', 'deployment.concurrency_limit_id'])
      .where('flow_run.id', '=', id),
  );
  if (!row) return false;
  await releaseSlots(unit, id, parseJson<State | null>(row.state), row.concurrency_limit_id);
  if (row.work_queue_id) unit.announce('due', { workQueueId: row.work_queue_id, at: unit.now });
  const tasks = db.selectFrom('task_run').select('id').where('flow_run_id', '=', id);
  await releaseSlotsHeldBy(unit, tasks);
  await unit.run(db.updateTable('flow_run').set({ parent_task_run_id: null }).where('parent_task_run_id', 'in', tasks));
  await unit.run(db.deleteFrom('log').where('flow_run_id', '=', id));
  await unit.run(db.deleteFrom('flow_run').where('id', '=', id));
  unit.announce('changed', { kind: 'flow-run', ids: [id] });
  return true;
}

async function releaseSlots(unit: WorkUnit, flowRunId: string, state: State | null, limitId: string | null): Promise<void> {
  const leaseId = state?.state_details.deployment_concurrency_lease_id ?? null;
  const slots = await readDeploymentSlots(unit, { flowRunId, limitId, leaseId });
  for (const lease of slots.leases) slots.release(lease);
  await writeSlotChanges(unit, slots.changes());
}
