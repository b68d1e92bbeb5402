import { selectOverdueCleanups, takeBackCleanups } from '../resources/work-pools/cleanups.ts';
import type { Service } from './service.ts';
import { claimRound } from './service-lease.ts';

/** Gives cleanups that workers took and never settled to others, until they were tried often enough. Contract: orchestration 17.7. */
export const cleanupReconciler: Service = {
  name: 'cleanup-reconciler',
  every: ({ workerCleanups }) => (workerCleanups.enabled ? workerCleanups.loopSeconds : null),
  async run(core) {
    if (!(await claimRound(core, 'cleanup-reconciler', core.settings.workerCleanups.loopSeconds))) return;
    while (await core.read.first(selectOverdueCleanups(core.storage.builder, core.clock()).limit(1)))
      for (const { target } of await core.write(takeBackCleanups))
        core.log.warn({ target }, 'no worker took down the infrastructure of a cancelled run: it may still be there');
  },
};
