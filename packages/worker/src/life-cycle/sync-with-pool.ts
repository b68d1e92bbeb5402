import type { WorkPoolResponse } from '@prefect-ts/protocol';
import { type ApiClient, ObjectNotFound } from 'prefect-ts/client';
import type { Logger } from 'prefect-ts/runner';
import type { WorkerClass } from '../base-worker.ts';
import { baseJobTemplate } from '../job-template/base-job-template.ts';

export interface PoolSyncOptions {
  client: ApiClient;
  log: Logger;
  worker: WorkerClass;
  workerName: string;
  pool: string;
  heartbeatSeconds: number;
  /** Whether the server keeps a list of workers with this one in it. */
  listed: boolean;
  /** Whether to create a pool that is not there. */
  createPool: boolean;
  /** The template of a pool that this worker creates, in place of its type's own. */
  jobTemplate?: Record<string, unknown> | undefined;
  /** Aborted when the worker shuts down. */
  signal: AbortSignal;
}

/** Makes sure that the pool is there and usable, and tells the server that the worker lives (contract 10.2). */
export async function syncWithPool(options: PoolSyncOptions): Promise<WorkPoolResponse | undefined> {
  const { client, pool, workerName, heartbeatSeconds, signal } = options;
  const found = await readOrCreatePool(options);
  if (found === undefined) return undefined;
  const usable = Object.keys(found.base_job_template).length > 0 ? found : await fillTemplate(options, found);
  if (!options.listed) return usable;
  await client.call('POST /work_pools/{work_pool_name}/workers/heartbeat', {
    path: { work_pool_name: pool },
    body: { name: workerName, heartbeat_interval_seconds: Math.round(heartbeatSeconds) },
    signal,
  });
  return usable;
}

async function readOrCreatePool(options: PoolSyncOptions): Promise<WorkPoolResponse | undefined> {
  const { client, log, pool, worker, signal } = options;
  try {
    return await client.call('GET /work_pools/{name}', { path: { name: pool }, signal });
  } catch (error) {
    if (!(error instanceof ObjectNotFound)) throw error;
  }
  if (!options.createPool) {
    log.warning(`Work pool '${pool}' not found!`);
    return undefined;
  }
  const created = await client.call('POST /work_pools/', {
    body: { name: pool, type: worker.type, base_job_template: options.jobTemplate ?? baseJobTemplate(worker.variables) },
  });
  log.info(`Work pool '${pool}' created.`);
  return created;
}

async function fillTemplate(options: PoolSyncOptions, found: WorkPoolResponse): Promise<WorkPoolResponse> {
  const { client, pool, worker } = options;
  const template = options.jobTemplate ?? baseJobTemplate(worker.variables);
  await client.call('PATCH /work_pools/{name}', { path: { name: pool }, body: { base_job_template: template } });
  return { ...found, base_job_template: template };
}
