import { automations } from './automations.ts';
import { cancelledParents } from './cancelled-parents.ts';
import { cancellingTimeout } from './cancelling-timeout.ts';
import { cleanupReconciler } from './cleanup-reconciler.ts';
import { eventRetention } from './event-retention.ts';
import { foreman } from './foreman.ts';
import { lateRuns } from './late-runs.ts';
import { lostRuns } from './lost-runs.ts';
import { pauseExpirations } from './pause-expirations.ts';
import { repossessor } from './repossessor.ts';
import { recentDeploymentsScheduler, scheduler } from './scheduler.ts';
import type { Service } from './service.ts';

/** Every loop of the server. */
export const SERVICES: readonly Service[] = [
  scheduler,
  recentDeploymentsScheduler,
  lateRuns,
  pauseExpirations,
  cancellingTimeout,
  cleanupReconciler,
  cancelledParents,
  lostRuns,
  foreman,
  repossessor,
  eventRetention,
  automations,
];
