import type { FlowRun, FlowRunResponse, WorkPoolResponse } from '@prefect-ts/protocol';
import { type ApiClient, ObjectNotFound } from 'prefect-ts/client';
import { type Logger, outlastDowntime } from 'prefect-ts/runner';
import type { BaseWorker, FlowRunToStart } from '../base-worker.ts';
import { InfrastructureNotAvailableError } from '../infrastructure.ts';
import { configureRun } from './configure-run.ts';
import { reportEnd } from './report-end.ts';

export interface AdoptionOptions {
  client: ApiClient;
  log: Logger;
  worker: BaseWorker;
  workerName: string;
  pool: () => WorkPoolResponse | undefined;
  /** The worker's settings that its runs share. */
  settings: Readonly<Record<string, string>>;
  /** Aborted when the worker shuts down. */
  signal: AbortSignal;
  /** Takes a run under this worker's care unless it is there already. */
  take: (flowRun: FlowRun, follow: () => Promise<void>) => void;
}

/** Finds runs that nobody watches any more, and watches them. */
export interface Adoption {
  look(): Promise<void>;
}

/**
 * Watches runs of the pool again that were started by a worker that is gone, or by an earlier life of this one: whoever starts them, a crash
 * is reported and a cancellation is carried out. Nothing is started anew.
 */
export function adoptRuns(options: AdoptionOptions): Adoption {
  const { client, log, worker, take } = options;
  // What another host's platform holds stays there; asking again at each heartbeat would not change it.
  const outOfReach = new Set<string>();

  async function follow(pool: WorkPoolResponse, flowRun: FlowRunResponse, id: string): Promise<void> {
    try {
      await watchAgain(options, pool, flowRun, id);
    } catch (error) {
      if (!(error instanceof InfrastructureNotAvailableError)) throw error;
      outOfReach.add(flowRun.id);
      log.debug(`Flow run '${flowRun.name}' is left to other workers: ${error.message}`);
    }
  }

  return {
    async look() {
      const pool = options.pool();
      if (worker.watch === undefined || pool === undefined) return;
      const found = await readStartedRuns(client, pool);
      if (found.length === 0) return;
      const online = await readOnlineWorkers(client, pool);
      for (const flowRun of found) {
        const starter = flowRun.labels?.['prefect.worker.name'];
        const id = flowRun.infrastructure_pid;
        const isOrphan = starter === options.workerName || (starter !== undefined && !online.has(String(starter)));
        if (id !== null && isOrphan && !outOfReach.has(flowRun.id)) take(flowRun, () => follow(pool, flowRun, id));
      }
    },
  };
}

async function watchAgain(options: AdoptionOptions, pool: WorkPoolResponse, flowRun: FlowRunResponse, id: string): Promise<void> {
  const { client, log, worker, signal } = options;
  const toWatch = await withFlowAndDeployment(client, flowRun);
  const config = await configureRun({ ...options, pool }, toWatch);
  log.info(`Flow run '${flowRun.name}' is watched again as ${id}`);
  const result = await worker.watch?.(toWatch, config, id, signal);
  if (result === undefined || result.unwatched) return;
  const now = await outlastDowntime(() => client.call('GET /flow_runs/{id}', { path: { id: flowRun.id } }));
  const isItsRun = now.infrastructure_pid === id && STARTED.some((type) => type === now.state_type);
  if (isItsRun) await reportEnd(client, log, flowRun, result);
}

const STARTED = ['PENDING', 'RUNNING', 'CANCELLING'] as const;

async function readStartedRuns(client: ApiClient, pool: WorkPoolResponse): Promise<FlowRunResponse[]> {
  return client.call('POST /flow_runs/filter', {
    body: { flow_runs: { state: { type: { any_: [...STARTED] } } }, work_pools: { id: { any_: [pool.id] } } },
  });
}

async function readOnlineWorkers(client: ApiClient, pool: WorkPoolResponse): Promise<ReadonlySet<string>> {
  const workers = await client.call('POST /work_pools/{work_pool_name}/workers/filter', {
    path: { work_pool_name: pool.name },
    body: { workers: { status: { any_: ['ONLINE'] } } },
  });
  return new Set(workers.map(({ name }) => name));
}

async function withFlowAndDeployment(client: ApiClient, flowRun: FlowRunResponse): Promise<FlowRunToStart> {
  const { deployment_id: deploymentId, flow_id } = flowRun;
  const [flow, deployment] = await Promise.all([
    client.call('GET /flows/{id}', { path: { id: flow_id } }),
    deploymentId === null ? undefined : orUndefined(client.call('GET /deployments/{id}', { path: { id: deploymentId } })),
  ]);
  return { ...flowRun, flow, deployment };
}

/** A run goes on when its deployment is deleted. */
function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (error instanceof ObjectNotFound) return undefined;
    throw error;
  });
}
