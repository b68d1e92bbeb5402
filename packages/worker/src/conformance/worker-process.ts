/** The process of a worker of the conformance kit: `CONFORMANCE_WORKER` says in JSON which class, on which pool. */
import { createClient } from 'prefect-ts/client';
import type { WorkerClass } from '../base-worker.ts';
import { runWorker } from '../run-worker.ts';
import { findWorkerClass } from '../worker-types.ts';

export interface WorkerProcessOptions {
  readonly type: string;
  /** Default: the class of this package for the type. */
  readonly worker?: { readonly module: string; readonly name: string };
  readonly pool: string;
  readonly workerName: string;
  readonly apiUrl: string;
  readonly limit?: number;
  readonly graceSeconds: number;
}

const options: WorkerProcessOptions = JSON.parse(process.env.CONFORMANCE_WORKER ?? '{}');
delete process.env.CONFORMANCE_WORKER;
await runWorker(await loadClass(options), {
  client: createClient({ apiUrl: options.apiUrl, maxRetries: 1 }),
  pool: options.pool,
  name: options.workerName,
  limit: options.limit,
  graceSeconds: options.graceSeconds,
  // Often enough that a worker that is gone is noticed, and its runs are found, within seconds.
  heartbeatSeconds: 1,
  querySeconds: 1,
  settings: { PREFECT_API_URL: options.apiUrl, CONFORMANCE_SETTING: 'of the worker' },
});
// Connections that are kept for later must not keep the process.
process.exit(0);

async function loadClass({ type, worker }: WorkerProcessOptions): Promise<WorkerClass> {
  const exported: Record<string, WorkerClass | undefined> = worker ? await import(worker.module) : {};
  const found = worker ? exported[worker.name] : await findWorkerClass(type);
  if (found === undefined) throw new Error(`There is no class of workers of type '${type}'.`);
  return found;
}
