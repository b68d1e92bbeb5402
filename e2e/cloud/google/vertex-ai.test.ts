import { afterEach, expect, test } from 'vitest';
import type { VertexAiConfiguration } from '../../../packages/worker/src/vertex-ai/configuration.ts';
import { openVertexAi } from '../../../packages/worker/src/vertex-ai/open-vertex-ai.ts';
import { vertexAiVariables } from '../../../packages/worker/src/vertex-ai/variables.ts';
import { A_RUN, configurationOf, recordingLog } from '../a-run.ts';
import { Description } from './description.ts';
import { type Fault, type GooglePlatform, googlePlatform, notFound, type Service } from './google-platform.ts';

const API = 'aiplatform.projects.locations.customJobs';
const THROTTLED: Fault = { status: 429, code: 'RESOURCE_EXHAUSTED', message: 'Quota exceeded.', retryAfter: 0 };
const UNAVAILABLE: Fault = { status: 503, code: 'UNAVAILABLE', message: 'The service is currently unavailable.' };

interface Job {
  readonly name: string;
  readonly displayName: string;
  /** The states that come, the last of which stays. */
  readonly states: string[];
  error?: { code: number; message: string };
}

/** Custom jobs that go through the given states, one with each look. */
function vertexAiService(states: readonly string[], message?: string): Service & { readonly jobs: Job[] } {
  const jobs: Job[] = [];
  const find = (name = ''): Job => {
    const job = jobs.find((candidate) => candidate.name === name);
    if (!job) throw notFound(name);
    return job;
  };
  const show = ({ name, displayName, states: [state = 'JOB_STATE_QUEUED'] }: Job) => ({
    name,
    displayName,
    state,
    ...(state === 'JOB_STATE_RUNNING' && { webAccessUris: { 'workerpool0-0': 'https://shell.example.test/1' } }),
    ...(state === 'JOB_STATE_FAILED' && message !== undefined && { error: { code: 3, message } }),
  });
  return {
    jobs,
    description: new Description('aiplatform-v1.json'),
    methods: {
      [`${API}.create`]: ({ body, parameters }) => {
        const { displayName } = body as { displayName: string };
        const job = { name: `${parameters.parent}/customJobs/${jobs.length + 1}`, displayName, states: [...states] };
        jobs.push(job);
        return { name: job.name, displayName, state: 'JOB_STATE_QUEUED' };
      },
      [`${API}.get`]: ({ parameters }) => {
        const job = find(parameters.name);
        const shown = show(job);
        if (job.states.length > 1) job.states.shift();
        return shown;
      },
      [`${API}.list`]: ({ parameters }) => ({
        customJobs: jobs.filter(({ displayName }) => parameters.filter === `displayName="${displayName}"`).map(show),
      }),
      [`${API}.cancel`]: ({ parameters }) => {
        find(parameters.name).states.splice(0, Number.POSITIVE_INFINITY, 'JOB_STATE_CANCELLING', 'JOB_STATE_CANCELLED');
        return {};
      },
    },
  };
}

const platforms: GooglePlatform[] = [];
afterEach(async () => {
  delete process.env.CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM;
  for (const platform of platforms.splice(0)) {
    expect(platform.problems).toEqual([]);
    await platform[Symbol.asyncDispose]();
  }
});

async function aPlatform(states: readonly string[], message?: string, variables: Record<string, unknown> = {}) {
  const service = vertexAiService(states, message);
  const platform = await googlePlatform(service);
  platforms.push(platform);
  process.env.CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM = platform.url;
  const config = await configurationOf<VertexAiConfiguration>(vertexAiVariables, {
    region: 'europe-west4',
    image: 'acme/train:1',
    credentials: platform.credentials,
    ...variables,
  });
  const infrastructure = await openVertexAi({ pollMs: 5, retry: { attempts: 4, firstDelayMs: 2, maxDelayMs: 10 } });
  const { lines, log } = recordingLog();
  const { signal } = new AbortController();
  return {
    platform,
    lines,
    jobs: service.jobs,
    fail: (method: string, ...faults: Fault[]) => platform.fail(`${API}.${method}`, ...faults),
    start: () => infrastructure.start(A_RUN, config, signal),
    watch: (id: string) => infrastructure.watch(id, config, { log, signal }),
    kill: (id: string) => infrastructure.kill(id, 30, config),
  };
}

test('a run is a custom job that is watched to its end', async () => {
  const states = ['JOB_STATE_QUEUED', 'JOB_STATE_PENDING', 'JOB_STATE_RUNNING', 'JOB_STATE_RUNNING', 'JOB_STATE_SUCCEEDED'];
  const { platform, lines, start, watch } = await aPlatform(states);
  const id = await start();
  expect(id).toBe('projects/acme/locations/europe-west4/customJobs/1');
  expect(await watch(id)).toEqual({ exitCode: 0 });
  expect(platform.sequence()).toEqual(['customJobs.create', ...states.map(() => 'customJobs.get')]);
  expect(lines).toEqual([
    'info: The custom job of the run is at https://console.cloud.google.com/vertex-ai/locations/europe-west4/training/1?project=acme',
    'info: A shell into the custom job is at https://shell.example.test/1',
  ]);
});

test('the custom job has what the variables say', async () => {
  const { platform, start } = await aPlatform([], undefined, {
    machine_type: 'a2-highgpu-1g',
    accelerator_type: 'NVIDIA_TESLA_A100',
    accelerator_count: 1,
    boot_disk_size_gb: 200,
    maximum_run_time_hours: 5,
    network: 'projects/1/global/networks/inner',
    reserved_ip_ranges: ['range-1'],
    scheduling: { restart_job_on_worker_restart: true, strategy: 'SPOT' },
    enable_web_access: true,
    service_account_name: 'train@acme.iam.gserviceaccount.com',
    env: { MODE: 'full', UNSET: null },
    labels: { Team: 'Data.Core' },
  });
  await start();
  expect(platform.calls[0]?.body).toEqual({
    displayName: expect.stringMatching(/^calm-owl-[0-9a-f]{32}$/),
    labels: expect.objectContaining({ team: 'data-core', 'prefect-io_flow-run-id': A_RUN.id }),
    jobSpec: {
      serviceAccount: 'train@acme.iam.gserviceaccount.com',
      network: 'projects/1/global/networks/inner',
      reservedIpRanges: ['range-1'],
      scheduling: { timeout: '18000s', restartJobOnWorkerRestart: true, strategy: 'SPOT' },
      enableWebAccess: true,
      enableDashboardAccess: false,
      workerPoolSpecs: [
        {
          replicaCount: 1,
          machineSpec: { machineType: 'a2-highgpu-1g', acceleratorType: 'NVIDIA_TESLA_A100', acceleratorCount: 1 },
          diskSpec: { bootDiskType: 'pd-ssd', bootDiskSizeGb: 200 },
          containerSpec: {
            imageUri: 'acme/train:1',
            command: ['prefect', 'flow-run', 'execute'],
            args: [],
            env: expect.arrayContaining([
              { name: 'MODE', value: 'full' },
              { name: 'PREFECT__FLOW_RUN_ID', value: A_RUN.id },
            ]),
          },
        },
      ],
    },
  });
  expect(JSON.stringify(platform.calls[0]?.body)).not.toContain('UNSET');
});

test('the run acts as the service account of the credentials unless one is named', async () => {
  const { platform, start } = await aPlatform([]);
  await start();
  expect(platform.calls[0]?.body).toMatchObject({ jobSpec: { serviceAccount: 'flows@acme.iam.gserviceaccount.com' } });
});

test.each([
  ['JOB_STATE_FAILED', 'The replica workerpool0-0 exited with a non-zero status of 137.', 137],
  ['JOB_STATE_FAILED', 'Internal error occurred.', 1],
])('a run that fails has the status of its program where Vertex AI tells it: %s, %s', async (state, message, exitCode) => {
  const { start, watch } = await aPlatform(['JOB_STATE_RUNNING', state], message);
  expect(await watch(await start())).toEqual({ exitCode, reason: message });
});

test.each(['JOB_STATE_FAILED', 'JOB_STATE_EXPIRED', 'JOB_STATE_CANCELLED'])(
  'a job that ends as %s has a reason',
  async (state) => {
    const { start, watch } = await aPlatform([state]);
    expect(await watch(await start())).toEqual({ exitCode: 1, reason: expect.stringMatching(/custom job/) });
  },
);

test('a run starts and ends although the platform throttles, is unavailable and drops connections', async () => {
  const { jobs, fail, start, watch } = await aPlatform(['JOB_STATE_SUCCEEDED']);
  fail('create', THROTTLED, 'connection lost');
  fail('get', THROTTLED, UNAVAILABLE, 'connection lost');
  expect(await watch(await start())).toEqual({ exitCode: 0 });
  expect(jobs).toHaveLength(1);
});

test('a job is created once although the answer is lost', async () => {
  const { platform, jobs, fail, start } = await aPlatform([]);
  fail('create', 'answer lost');
  expect(await start()).toBe(jobs[0]?.name);
  expect(jobs).toHaveLength(1);
  expect(platform.sequence()).toEqual(['customJobs.create', 'customJobs.list']);
});

test('a job is not tried more than three times', async () => {
  const { jobs, platform, fail, start } = await aPlatform([]);
  fail('create', UNAVAILABLE, UNAVAILABLE, UNAVAILABLE);
  await expect(start()).rejects.toThrow('Creating the custom job: 503 UNAVAILABLE: The service is currently unavailable.');
  expect(jobs).toHaveLength(0);
  expect(platform.sequence().filter((method) => method === 'customJobs.create')).toHaveLength(3);
});

test('a run without quota for its machines does not start', async () => {
  const message =
    'The following quota metrics exceed quota limits: aiplatform.googleapis.com/custom_model_training_nvidia_t4_gpus';
  const { fail, start } = await aPlatform([]);
  fail('create', { status: 400, code: 'FAILED_PRECONDITION', message });
  await expect(start()).rejects.toThrow(`400 FAILED_PRECONDITION: ${message}`);
});

test('a run is cancelled by cancelling its job', async () => {
  const { start, watch, kill } = await aPlatform(['JOB_STATE_RUNNING']);
  const id = await start();
  const watching = watch(id);
  await kill(id);
  expect(await watching).toMatchObject({ exitCode: 1 });
  await expect(kill(id)).rejects.toMatchObject({ name: 'InfrastructureNotFoundError' });
  await expect(kill(`${id}9`)).rejects.toMatchObject({ name: 'InfrastructureNotFoundError' });
  await expect(watch(`${id}9`)).rejects.toMatchObject({ name: 'InfrastructureNotFoundError' });
});
