import { setTimeout as sleep } from 'node:timers/promises';
import type { FlowRunToStart } from '../base-worker.ts';
import { GoogleApiError } from '../google/google-api-error.ts';
import { PATIENT, type Request, type RetryPolicy, retrying } from '../google/retrying.ts';
import {
  type Infrastructure,
  type InfrastructureEnd,
  InfrastructureNotFoundError,
  type WatchOptions,
} from '../infrastructure.ts';
import type { VertexAiConfiguration } from './configuration.ts';
import { buildCustomJob } from './custom-job.ts';
import type { CustomJob, CustomJobsApi } from './custom-jobs-api.ts';

/** A connection to Vertex AI in one region. */
export interface VertexAiConnection {
  readonly api: CustomJobsApi;
  readonly project: string;
  serviceAccount(): Promise<string | undefined>;
}

export interface VertexAiOptions {
  connect(config: VertexAiConfiguration): Promise<VertexAiConnection>;
  readonly pollMs?: number | undefined;
  readonly retry?: RetryPolicy;
}

const CREATE_ATTEMPTS = 3;
const DEFAULT_POLL_SECONDS = 5;

/** Runs as custom jobs of Vertex AI, on machines with accelerators where needed. The platform removes its machines by itself. */
export class VertexAiInfrastructure implements Infrastructure<VertexAiConfiguration> {
  readonly #connect: VertexAiOptions['connect'];
  readonly #pollMs: number | undefined;
  readonly #retry: RetryPolicy;

  constructor({ connect, pollMs, retry = PATIENT }: VertexAiOptions) {
    this.#connect = connect;
    this.#pollMs = pollMs;
    this.#retry = retry;
  }

  async start(flowRun: FlowRunToStart, config: VertexAiConfiguration, signal: AbortSignal): Promise<string> {
    const { api, project, serviceAccount } = await this.#connect(config);
    const parent = `projects/${project}/locations/${config.region}`;
    const body = buildCustomJob(config, config.name ?? flowRun.name, await serviceAccount());
    const request = retrying({ ...this.#retry, attempts: CREATE_ATTEMPTS }, signal);
    const job = await request(
      'Creating the custom job',
      () => api.create(parent, body),
      () => api.findByDisplayName(parent, String(body.displayName)),
    );
    return job.name;
  }

  async watch(id: string, config: VertexAiConfiguration, { log, signal }: WatchOptions): Promise<InfrastructureEnd> {
    const { api } = await this.#connect(config);
    const request = retrying(this.#retry, signal);
    log.info(`The custom job of the run is at ${consoleAddress(id)}`);
    let shells = 0;
    for (;;) {
      const job = await readJob(request, api, id);
      for (const address of job.webAccess.slice(shells)) log.info(`A shell into the custom job is at ${address}`);
      shells = Math.max(shells, job.webAccess.length);
      const end = endOf(job);
      if (end) return end;
      const pollMs = this.#pollMs ?? (config.job_watch_poll_interval ?? DEFAULT_POLL_SECONDS) * 1000;
      await sleep(pollMs, undefined, { signal });
    }
  }

  async kill(id: string, _graceSeconds: number, config: VertexAiConfiguration): Promise<void> {
    const { api } = await this.#connect(config);
    const request = retrying(this.#retry);
    if (endOf(await readJob(request, api, id)))
      throw new InfrastructureNotFoundError(`The custom job '${id}' has ended already.`);
    await request('Cancelling the custom job', () => api.cancel(id));
  }
}

async function readJob(request: Request, api: CustomJobsApi, id: string): Promise<CustomJob> {
  try {
    return await request('Reading the custom job', () => api.get(id));
  } catch (error) {
    if (!(error instanceof GoogleApiError) || error.status !== 404) throw error;
    throw new InfrastructureNotFoundError(`Vertex AI has no custom job '${id}'.`, { cause: error });
  }
}

const FINAL_STATES: Readonly<Record<string, string>> = {
  JOB_STATE_FAILED: 'the custom job failed',
  JOB_STATE_CANCELLED: 'the custom job was cancelled',
  JOB_STATE_EXPIRED: 'the custom job waited too long for its machines, or ran longer than its maximum run time',
  JOB_STATE_PARTIALLY_SUCCEEDED: 'only a part of the custom job succeeded',
};

function endOf({ state, error }: CustomJob): InfrastructureEnd | undefined {
  if (state === 'JOB_STATE_SUCCEEDED') return { exitCode: 0 };
  const meaning = FINAL_STATES[state];
  if (meaning === undefined) return undefined;
  // The status of the program stands nowhere but in the text: "… exited with a non-zero status of 137."
  const status = /non-zero status of (\d+)/.exec(error ?? '')?.[1];
  return { exitCode: status === undefined ? 1 : Number(status), reason: error || meaning };
}

/** projects/p/locations/r/customJobs/1 → its page. */
function consoleAddress(id: string): string {
  const [, project, , region, , number] = id.split('/');
  return `https://console.cloud.google.com/vertex-ai/locations/${region}/training/${number}?project=${project}`;
}
