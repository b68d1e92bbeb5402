import { SECOND } from '@prefect-ts/protocol';
import type { Core } from '../core.ts';
import { deleteArtifactsOfRun, deleteLogsOfRun, deleteTaskRunsOfRun } from './run-rows.ts';
import type { Service } from './service.ts';
import { claimRound } from './service-lease.ts';

/**
 * Deletes flow runs that ended long ago, with all that belongs to them: a few rows with each transaction, found beside the writer and deleted
 * by their keys. A subflow stands on its own once the run around it is gone, and goes in a later round. Contract: orchestration 17.8.
 */
export const runRetention: Service = {
  name: 'run-retention',
  every: ({ runRetention }) => (runRetention.enabled ? runRetention.loopSeconds : null),
  async run(core, signal) {
    const { loopSeconds } = core.settings.runRetention;
    if (!(await claimRound(core, 'run-retention', loopSeconds))) return;
    let deleted = 0;
    for (let ids = await oldRuns(core); ids.length > 0 && !signal?.aborted; ids = await oldRuns(core))
      for (const id of ids) {
        if (signal?.aborted) break;
        await deleteRun(core, id);
        deleted += 1;
      }
    if (deleted > 0) core.log.info({ flowRuns: deleted }, 'deleted old flow runs');
  },
};

/** A run that ended before a time was also expected before it, and for that there is an index. */
async function oldRuns(core: Core): Promise<string[]> {
  const { seconds, rowsAtOnce } = core.settings.runRetention;
  const before = core.clock() - seconds * SECOND;
  const rows = await core.scan.all(
    core.storage.builder
      .selectFrom('flow_run')
      .select('id')
      .where('expected_start_time', '<', before)
      .where('end_time', '<', before)
      .where('state_type', 'in', ['COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED'])
      .where('parent_task_run_id', 'is', null)
      .orderBy('expected_start_time')
      .limit(rowsAtOnce),
  );
  return rows.map(({ id }) => id);
}

async function deleteRun(core: Core, id: string): Promise<void> {
  await deleteLogsOfRun(core, id);
  await deleteArtifactsOfRun(core, id);
  await deleteTaskRunsOfRun(core, id);
  await core.write(async (unit) => {
    await unit.run(unit.db.deleteFrom('flow_run').where('id', '=', id));
    unit.announce('changed', { kind: 'flow-run', ids: [id] });
  });
}
