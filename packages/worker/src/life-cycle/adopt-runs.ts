import type { FlowRun, FlowRunResponse, WorkPoolResponse } from '@prefect-ts/protocol';
import { type ApiClient, ObjectNotFound } from 'prefect-ts/client';
import { type Logger, outlastDowntime } from 'prefect-ts/runner';
import type { BaseWorker, FlowRunToStart } from '../base-worker.ts';
import { InfrastructureNotAvailableError } from '../infrastructure.ts';
import type { JobConfiguration } from '../job-template/job-configuration.ts';
import { configureRun } from './configure-run.ts';
import { proposeCrashed, reportEnd } from './report-end.ts';

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
  const leftAlone = new Set<string>();

  async function follow(pool: WorkPoolResponse, flowRunId: string): Promise<void> {
    // Between the search and now its worker, or the run itself, may have gone on.
    const flowRun = await readRun(client, flowRunId);
    if (!isStarted(flowRun)) return;
    try {
      const followed = await watchAgain(options, pool, flowRun);
      if (!followed && !options.signal.aborted) leftAlone.add(flowRun.id);
    } catch (error) {
      if (!(error instanceof InfrastructureNotAvailableError)) throw error;
      leftAlone.add(flowRun.id);
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
        const isOrphan = starter === options.workerName || (starter !== undefined && !online.has(String(starter)));
        if (isOrphan && !leftAlone.has(flowRun.id)) take(flowRun, () => follow(pool, flowRun.id));
      }
    },
  };
}

/** @returns whether it was followed to its end, or needs no one to follow it */
async function watchAgain(options: AdoptionOptions, pool: WorkPoolResponse, flowRun: FlowRunResponse): Promise<boolean> {
  const { client, log, worker, signal } = options;
  const toWatch = await withFlowAndDeployment(client, flowRun);
  const config = await configureRun({ ...options, pool }, toWatch);
  const id = flowRun.infrastructure_pid ?? (await findUntold(options, flowRun, config));
  if (id === undefined) return false;
  log.info(`Flow run '${flowRun.name}' is watched again as ${id}`);
  const result = await worker.watch?.(toWatch, config, id, signal);
  if (result === undefined || result.unwatched) return false;
  const now = await readRun(client, flowRun.id);
  if (now.infrastructure_pid === id && isStarted(now)) await reportEnd(client, log, flowRun, result);
  return true;
}

/** A worker may end between starting a run and telling what its infrastructure is called, or before it started anything. */
async function findUntold(
  { client, worker }: AdoptionOptions,
  flowRun: FlowRunResponse,
  config: JobConfiguration,
): Promise<string | undefined> {
  if (worker.find === undefined) return undefined;
  const id = await worker.find(flowRun.id, config);
  if (id !== undefined) {
    await client.call('PATCH /flow_runs/{id}', { path: { id: flowRun.id }, body: { infrastructure_pid: id } });
  } else if (flowRun.state_type === 'PENDING') {
    const starter = flowRun.labels['prefect.worker.name'];
    await proposeCrashed(client, flowRun, `Worker '${starter}' ended before it started the infrastructure of the flow run.`);
  }
  return id;
}

function isStarted({ state_type }: FlowRunResponse): boolean {
  return STARTED.some((type) => type === state_type);
}

function readRun(client: ApiClient, id: string): Promise<FlowRunResponse> {
  return outlastDowntime(() => client.call('GET /flow_runs/{id}', { path: { id } }));
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
