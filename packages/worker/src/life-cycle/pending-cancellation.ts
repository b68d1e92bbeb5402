import type { FlowRunResponse, WorkPoolResponse } from '@prefect-ts/protocol';
import type { ApiClient } from 'prefect-ts/client';
import { type Logger, proposeState, type RunEvents, subscribeToRunEvents } from 'prefect-ts/runner';
import type { BaseWorker, WorkerClass } from '../base-worker.ts';
import { buildJobConfiguration, mergeJobVariables } from '../job-template/job-configuration.ts';
import { serverReferences } from '../job-template/references.ts';

export interface PendingCancellationOptions {
  client: ApiClient;
  log: Logger;
  worker: BaseWorker;
  workerClass: WorkerClass;
  pool: WorkPoolResponse;
  /** Whether this worker takes care of a run already. */
  isUnderWay: (flowRunId: string) => boolean;
}

const GRACE_SECONDS = 30;

/**
 * Cancels runs of the pool that have not begun: nothing inside their infrastructure can (contract 10.5). Runs that have begun are
 * cancelled by what supervises their process.
 */
export function cancelPendingRuns(options: PendingCancellationOptions): RunEvents {
  const { client, log, pool } = options;
  return subscribeToRunEvents({
    client,
    events: ['prefect.flow-run.Cancelling'],
    relatedTo: [`prefect.work-pool.${pool.id}`],
    onEvent(event) {
      const id = (event.resource['prefect.resource.id'] ?? '').replace('prefect.flow-run.', '');
      // A worker that watches its runs cancels them itself.
      if (options.worker.watch !== undefined && options.isUnderWay(id)) return;
      cancelIfPending(options, id).catch((error: Error) => log.error(`Flow run '${id}' was not cancelled: ${error.message}`));
    },
  });
}

async function cancelIfPending({ client, log, worker, pool }: PendingCancellationOptions, id: string): Promise<void> {
  const flowRun = await client.call('GET /flow_runs/{id}', { path: { id } });
  if (flowRun.start_time !== null || flowRun.state_type !== 'CANCELLING') return;
  if (flowRun.infrastructure_pid === null) {
    return cancelled(client, flowRun, 'Flow run cancelled by worker (no infrastructure found).');
  }
  if (worker.kill === undefined) {
    log.warning(`Flow run '${flowRun.name}' is pending on infrastructure that this type of worker cannot end; it is left alone.`);
    return;
  }
  const deployment =
    flowRun.deployment_id === null
      ? undefined
      : await client.call('GET /deployments/{id}', { path: { id: flowRun.deployment_id } });
  const variables = mergeJobVariables(deployment?.job_variables, flowRun.job_variables);
  const config = await buildJobConfiguration(pool.base_job_template, variables, serverReferences(client));
  await worker.kill(flowRun.infrastructure_pid, GRACE_SECONDS, config);
  await cancelled(client, flowRun, 'Flow run cancelled by worker while pending.');
}

async function cancelled(client: ApiClient, flowRun: FlowRunResponse, message: string): Promise<void> {
  await proposeState(client, flowRun.id, { type: 'CANCELLED', name: 'Cancelled', message }, { force: true });
}
