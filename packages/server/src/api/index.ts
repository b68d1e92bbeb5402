import type { OperationName } from '@prefect-ts/protocol';
import type { AnyHandler } from './endpoint.ts';
import type { Routes } from './route.ts';

type Table = () => Promise<Routes>;

const flowRunRoutes: Table = async () => (await import('./flow-runs.ts')).flowRunRoutes;
const flowRunBulkRoutes: Table = async () => (await import('./flow-run-bulk.ts')).flowRunBulkRoutes;
const flowRunGraphRoutes: Table = async () => (await import('./flow-run-graphs.ts')).flowRunGraphRoutes;
const flowRunHistoryRoutes: Table = async () => (await import('./flow-run-histories.ts')).flowRunHistoryRoutes;
const flowRunInputRoutes: Table = async () => (await import('./flow-run-inputs.ts')).flowRunInputRoutes;
const taskRunRoutes: Table = async () => (await import('./task-runs.ts')).taskRunRoutes;
const deploymentRoutes: Table = async () => (await import('./deployments.ts')).deploymentRoutes;
const deploymentScheduleRoutes: Table = async () => (await import('./deployment-schedules.ts')).deploymentScheduleRoutes;
const deploymentRunRoutes: Table = async () => (await import('./deployment-runs.ts')).deploymentRunRoutes;
const workPoolRoutes: Table = async () => (await import('./work-pools.ts')).workPoolRoutes;
const workPoolQueueRoutes: Table = async () => (await import('./work-pool-queues.ts')).workPoolQueueRoutes;
const workerRoutes: Table = async () => (await import('./workers.ts')).workerRoutes;
const workQueueRoutes: Table = async () => (await import('./work-queues.ts')).workQueueRoutes;
const flowRoutes: Table = async () => (await import('./flows.ts')).flowRoutes;
const stateRoutes: Table = async () => (await import('./states.ts')).stateRoutes;
const eventRoutes: Table = async () => (await import('./events.ts')).eventRoutes;
const logRoutes: Table = async () => (await import('./logs.ts')).logRoutes;
const uiViewRoutes: Table = async () => (await import('./ui-views.ts')).uiViewRoutes;
const uiCountRoutes: Table = async () => (await import('./ui-counts.ts')).uiCountRoutes;
const uiSchemaRoutes: Table = async () => (await import('./ui-schemas.ts')).uiSchemaRoutes;
const concurrencyLimitRoutes: Table = async () => (await import('./concurrency-limits.ts')).concurrencyLimitRoutes;
const concurrencyLimitV2Routes: Table = async () => (await import('./concurrency-limits-v2.ts')).concurrencyLimitV2Routes;
const artifactRoutes: Table = async () => (await import('./artifacts.ts')).artifactRoutes;
const variableRoutes: Table = async () => (await import('./variables.ts')).variableRoutes;
const taskWorkerRoutes: Table = async () => (await import('./task-workers.ts')).taskWorkerRoutes;
const automationRoutes: Table = async () => (await import('./automations.ts')).automationRoutes;
const automationTestRoutes: Table = async () => (await import('./automation-tests.ts')).automationTestRoutes;
const blockTypeRoutes: Table = async () => (await import('./block-types.ts')).blockTypeRoutes;
const blockSchemaRoutes: Table = async () => (await import('./block-schemas.ts')).blockSchemaRoutes;
const blockDocumentRoutes: Table = async () => (await import('./block-documents.ts')).blockDocumentRoutes;
const savedSearchRoutes: Table = async () => (await import('./saved-searches.ts')).savedSearchRoutes;
const collectionRoutes: Table = async () => (await import('./collections.ts')).collectionRoutes;
const adminRoutes: Table = async () => (await import('./admin.ts')).adminRoutes;
const csrfRoutes: Table = async () => (await import('./csrf.ts')).csrfRoutes;

/**
 * The route tables of the API by the first segment of the paths that they answer, those that a server is asked for first at the top. Each is
 * loaded when a request needs it: docs/decisions/start-up.md.
 */
const TABLES: ReadonlyMap<string, readonly Table[]> = new Map([
  ['flow_runs', [flowRunRoutes, flowRunBulkRoutes, flowRunGraphRoutes, flowRunHistoryRoutes, flowRunInputRoutes]],
  ['task_runs', [taskRunRoutes, flowRunHistoryRoutes]],
  ['deployments', [deploymentRoutes, deploymentScheduleRoutes, deploymentRunRoutes]],
  ['work_pools', [workPoolRoutes, workPoolQueueRoutes, workerRoutes]],
  ['work_queues', [workQueueRoutes]],
  ['flows', [flowRoutes, flowRunBulkRoutes]],
  ['flow_run_states', [stateRoutes]],
  ['task_run_states', [stateRoutes]],
  ['events', [eventRoutes]],
  ['logs', [logRoutes]],
  ['ui', [uiViewRoutes, uiCountRoutes, uiSchemaRoutes, flowRunHistoryRoutes]],
  ['concurrency_limits', [concurrencyLimitRoutes]],
  ['v2', [concurrencyLimitV2Routes]],
  ['artifacts', [artifactRoutes]],
  ['variables', [variableRoutes]],
  ['task_workers', [taskWorkerRoutes]],
  ['automations', [automationRoutes, automationTestRoutes]],
  ['templates', [automationRoutes]],
  ['block_types', [blockTypeRoutes]],
  ['block_schemas', [blockSchemaRoutes]],
  ['block_capabilities', [blockSchemaRoutes]],
  ['block_documents', [blockDocumentRoutes]],
  ['saved_searches', [savedSearchRoutes]],
  ['collections', [collectionRoutes]],
  ['admin', [adminRoutes]],
  ['csrf-token', [csrfRoutes]],
]);

/** What carries out an operation; undefined when nothing does. */
export async function findHandler(name: OperationName): Promise<AnyHandler | undefined> {
  const segment = name.split('/', 2)[1] ?? '';
  for (const table of TABLES.get(segment) ?? []) {
    const handler = (await table())[name];
    if (handler) return handler as AnyHandler;
  }
  return undefined;
}

/** Loads every table, and lets requests that are waiting go first each time. */
export async function loadAllTables(): Promise<void> {
  for (const tables of TABLES.values()) {
    for (const table of tables) {
      await table();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
