import { setTimeout as sleep } from 'node:timers/promises';
import type { FlowRunToStart } from '../base-worker.ts';
import { GoogleApiError } from '../google/google-api-error.ts';
import { jobId } from '../google/names.ts';
import { PATIENT, type Request, type RetryPolicy, retrying } from '../google/retrying.ts';
import {
  type Infrastructure,
  type InfrastructureEnd,
  InfrastructureNotFoundError,
  type WatchOptions,
} from '../infrastructure.ts';
import type { CloudRunApi, ExecutionStatus } from './cloud-run-api.ts';
import type { CloudRunConfiguration } from './configuration.ts';

/** A connection to Cloud Run in one project and region. */
export interface CloudRunConnection {
  readonly api: CloudRunApi;
  /** The body of the request that creates the job of a run. */
  buildJob(config: CloudRunConfiguration, id: string): object;
}

export interface CloudRunOptions {
  connect(config: CloudRunConfiguration): Promise<CloudRunConnection>;
  readonly pollMs?: number;
  readonly retry?: RetryPolicy;
}

/** How long a job may take to become ready, when the configuration sets no timeout. */
const READY_SECONDS = 600;
const CLEAN_UP_ATTEMPTS = 3;

/** The image of a job could not be had, or the job broke a rule of the platform. */
class JobNotReadyError extends Error {
  override readonly name = 'JobNotReadyError';
}

/** Runs as jobs of Cloud Run: one job for each run, deleted when the run has ended. */
export class CloudRunInfrastructure implements Infrastructure<CloudRunConfiguration> {
  readonly #connect: CloudRunOptions['connect'];
  readonly #pollMs: number;
  readonly #retry: RetryPolicy;

  constructor({ connect, pollMs = 5000, retry = PATIENT }: CloudRunOptions) {
    this.#connect = connect;
    this.#pollMs = pollMs;
    this.#retry = retry;
  }

  async start(flowRun: FlowRunToStart, config: CloudRunConfiguration, signal: AbortSignal): Promise<string> {
    const { api, buildJob } = await this.#connect(config);
    const request = retrying(this.#retry, signal);
    const id = jobId(config.name ?? flowRun.name);
    const body = buildJob(config, id);
    await createOnce(request, api, id, body);
    try {
      await this.#untilReady(request, api, id, config.timeout ?? READY_SECONDS, signal);
      await request(
        `Running the job '${id}'`,
        () => api.runJob(id),
        async () => (await api.readJob(id)).latestExecution,
      );
    } catch (error) {
      const cleanUp = retrying({ ...this.#retry, attempts: CLEAN_UP_ATTEMPTS });
      await cleanUp(`Deleting the job '${id}'`, () => api.deleteJob(id)).catch(() => undefined);
      throw error;
    }
    return id;
  }

  async watch(id: string, config: CloudRunConfiguration, { log, signal }: WatchOptions): Promise<InfrastructureEnd> {
    const { api } = await this.#connect(config);
    const request = retrying(this.#retry, signal);
    let logUri: string | undefined;
    const look = async (): Promise<{ execution: string; status: ExecutionStatus } | undefined> => {
      const { latestExecution: execution } = await request(`Reading the job '${id}'`, () => api.readJob(id));
      if (execution === undefined) return undefined;
      const status = await request(`Reading the execution '${execution}'`, () => api.readExecution(id, execution));
      return { execution, status };
    };
    const end = await throwingNotFound(id, async () => {
      for (;;) {
        const seen = await look();
        if (seen?.status.logUri !== undefined && logUri === undefined) {
          logUri = seen.status.logUri;
          log.info(`The job '${id}' writes its output to ${logUri}`);
        }
        if (seen?.status.succeeded === true) return { exitCode: 0 };
        if (seen?.status.succeeded === false) return explainFailure(request, api, id, seen.execution, seen.status);
        await sleep(this.#pollMs, undefined, { signal });
      }
    });
    if (!config.keep_job) {
      await request(`Deleting the job '${id}'`, () => api.deleteJob(id)).catch((error: Error) => {
        if (!isNotFound(error)) log.warning(`${error.message}. The job is left where it is.`);
      });
    }
    return end;
  }

  /** The platform tells the containers of a job that is deleted to end, and gives them ten seconds. */
  async kill(id: string, _graceSeconds: number, config: CloudRunConfiguration): Promise<void> {
    const { api } = await this.#connect(config);
    const request = retrying(this.#retry);
    await throwingNotFound(id, () => request(`Deleting the job '${id}'`, () => api.deleteJob(id)));
  }

  async #untilReady(request: Request, api: CloudRunApi, id: string, seconds: number, signal: AbortSignal): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const { ready, reason } = await request(`Reading the job '${id}'`, () => api.readJob(id));
      if (ready === true) return;
      if (ready === false) throw new JobNotReadyError(`Cloud Run cannot run the job '${id}': ${reason ?? 'it says no reason'}`);
      if (Date.now() >= deadline) {
        throw new JobNotReadyError(`The job '${id}' was not ready after ${seconds} seconds: ${reason ?? 'no reason is known'}`);
      }
      await sleep(this.#pollMs, undefined, { signal });
    }
  }
}

/** Creates a job. The answer to a first attempt may have been lost: that the name is taken then means that it went well. */
async function createOnce(request: Request, api: CloudRunApi, id: string, body: object): Promise<void> {
  let attempts = 0;
  await request(`Creating the job '${id}'`, async () => {
    attempts += 1;
    try {
      await api.createJob(id, body);
    } catch (error) {
      if (attempts === 1 || new GoogleApiError('', error).status !== 409) throw error;
    }
  });
}

async function explainFailure(
  request: Request,
  api: CloudRunApi,
  id: string,
  execution: string,
  { reason }: ExecutionStatus,
): Promise<InfrastructureEnd> {
  const task = await request(`Reading the tasks of '${execution}'`, () => api.readTaskEnd(id, execution)).catch(() => undefined);
  const why = task?.reason ?? reason;
  return { exitCode: task?.exitCode || 1, ...(why !== undefined && { reason: why }) };
}

function isNotFound(error: unknown): boolean {
  return error instanceof GoogleApiError && error.status === 404;
}

async function throwingNotFound<T>(id: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isNotFound(error)) throw new InfrastructureNotFoundError(`Cloud Run has no job '${id}'.`, { cause: error });
    throw error;
  }
}
