import { adminRoutes } from './admin.ts';
import { artifactRoutes } from './artifacts.ts';
import { automationRoutes } from './automations.ts';
import { blockDocumentRoutes } from './block-documents.ts';
import { blockSchemaRoutes } from './block-schemas.ts';
import { blockTypeRoutes } from './block-types.ts';
import { collectionRoutes } from './collections.ts';
import { concurrencyLimitRoutes } from './concurrency-limits.ts';
import { concurrencyLimitV2Routes } from './concurrency-limits-v2.ts';
import { csrfRoutes } from './csrf.ts';
import { deploymentRunRoutes } from './deployment-runs.ts';
import { deploymentScheduleRoutes } from './deployment-schedules.ts';
import { deploymentRoutes } from './deployments.ts';
import { eventRoutes } from './events.ts';
import { flowRunBulkRoutes } from './flow-run-bulk.ts';
import { flowRunGraphRoutes } from './flow-run-graphs.ts';
import { flowRunHistoryRoutes } from './flow-run-histories.ts';
import { flowRunInputRoutes } from './flow-run-inputs.ts';
import { flowRunRoutes } from './flow-runs.ts';
import { flowRoutes } from './flows.ts';
import { logRoutes } from './logs.ts';
import type { Routes } from './route.ts';
import { savedSearchRoutes } from './saved-searches.ts';
import { serverRoutes } from './server-info.ts';
import { stateRoutes } from './states.ts';
import { taskRunRoutes } from './task-runs.ts';
import { taskWorkerRoutes } from './task-workers.ts';
import { uiCountRoutes } from './ui-counts.ts';
import { uiSchemaRoutes } from './ui-schemas.ts';
import { uiViewRoutes } from './ui-views.ts';
import { variableRoutes } from './variables.ts';
import { workPoolQueueRoutes } from './work-pool-queues.ts';
import { workPoolRoutes } from './work-pools.ts';
import { workQueueRoutes } from './work-queues.ts';
import { workerRoutes } from './workers.ts';

/** Every route table of the API. */
export const ROUTES: readonly Routes[] = [
  serverRoutes,
  adminRoutes,
  csrfRoutes,
  eventRoutes,
  automationRoutes,
  flowRoutes,
  flowRunRoutes,
  flowRunBulkRoutes,
  flowRunGraphRoutes,
  flowRunHistoryRoutes,
  flowRunInputRoutes,
  taskRunRoutes,
  taskWorkerRoutes,
  stateRoutes,
  logRoutes,
  artifactRoutes,
  variableRoutes,
  blockTypeRoutes,
  blockSchemaRoutes,
  blockDocumentRoutes,
  savedSearchRoutes,
  deploymentRoutes,
  deploymentScheduleRoutes,
  deploymentRunRoutes,
  collectionRoutes,
  concurrencyLimitRoutes,
  concurrencyLimitV2Routes,
  workPoolQueueRoutes,
  workPoolRoutes,
  workQueueRoutes,
  workerRoutes,
  uiCountRoutes,
  uiSchemaRoutes,
  uiViewRoutes,
];
