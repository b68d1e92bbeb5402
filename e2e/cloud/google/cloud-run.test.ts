import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { CloudRunConfiguration } from '../../../packages/worker/src/cloud-run/configuration.ts';
import { openCloudRun, openCloudRunV2 } from '../../../packages/worker/src/cloud-run/open-cloud-run.ts';
import { cloudRunVariables } from '../../../packages/worker/src/cloud-run/variables.ts';
import { cloudRunV2Variables } from '../../../packages/worker/src/cloud-run/variables-v2.ts';
import { A_RUN, configurationOf, recordingLog } from '../a-run.ts';
import { cloudRunV1Service, cloudRunV2Service, type JobCourse } from './cloud-run-services.ts';
import { type Fault, type GooglePlatform, googlePlatform } from './google-platform.ts';

const VERSIONS = {
  'cloud-run': { open: openCloudRun, variables: cloudRunVariables, service: cloudRunV1Service, api: 'run.namespaces' },
  'cloud-run-v2': {
    open: openCloudRunV2,
    variables: cloudRunV2Variables,
    service: cloudRunV2Service,
    api: 'run.projects.locations',
  },
} as const;
type Version = keyof typeof VERSIONS;

const QUICK = { pollMs: 5, retry: { attempts: 4, firstDelayMs: 2, maxDelayMs: 10 } };
const THROTTLED: Fault = { status: 429, code: 'RESOURCE_EXHAUSTED', message: 'Quota exceeded for quota metric.', retryAfter: 0 };
const UNAVAILABLE: Fault = { status: 503, code: 'UNAVAILABLE', message: 'The service is currently unavailable.' };

const platforms: GooglePlatform[] = [];
afterEach(async () => {
  delete process.env.CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN;
  for (const platform of platforms.splice(0)) {
    expect(platform.problems).toEqual([]);
    await platform[Symbol.asyncDispose]();
  }
});

async function aPlatform(version: Version, course: JobCourse = {}, variables: Record<string, unknown> = {}) {
  const { open, service, api, variables: declared } = VERSIONS[version];
  const behaviour = service(course);
  const platform = await googlePlatform(behaviour);
  platforms.push(platform);
  process.env.CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN = platform.url;
  const config = await configurationOf<CloudRunConfiguration>(declared, {
    region: 'europe-west1',
    image: 'acme/etl:1',
    credentials: platform.credentials,
    ...variables,
  });
  const infrastructure = await open(QUICK);
  const { lines, log } = recordingLog();
  const never = new AbortController().signal;
  return {
    platform,
    jobs: behaviour.jobs.byId,
    lines,
    fail: (method: string, ...faults: Fault[]) => platform.fail(`${api}.${method}`, ...faults),
    start: (signal = never) => infrastructure.start(A_RUN, config, signal),
    watch: (id: string, signal = never) => infrastructure.watch(id, config, { log, signal }),
    kill: (id: string) => infrastructure.kill(id, 30, config),
    created: () => platform.calls.find(({ method }) => method.endsWith('jobs.create')),
  };
}

describe.each(['cloud-run', 'cloud-run-v2'] as const)('a run of the type %s', (version) => {
  test('is a job that is created, run when it is ready, watched, and deleted in the end', async () => {
    const { platform, jobs, lines, start, watch } = await aPlatform(version, { checks: 2, looks: 2 });
    const id = await start();
    expect(id).toMatch(/^calm-owl-[0-9a-f]{7}$/);
    expect(platform.sequence()).toEqual(['jobs.create', 'jobs.get', 'jobs.get', 'jobs.get', 'jobs.run']);
    expect(await watch(id)).toEqual({ exitCode: 0 });
    expect(lines).toEqual([
      `info: The job '${id}' writes its output to https://console.cloud.google.com/logs/viewer?execution=x1`,
    ]);
    expect(jobs.size).toBe(0);
  });

  test('keeps its job where that is wanted', async () => {
    const { jobs, start, watch } = await aPlatform(version, {}, { keep_job: true });
    await watch(await start());
    expect(jobs.size).toBe(1);
  });

  test('ends with the status of its program, and with what the platform says about it', async () => {
    const { start, watch } = await aPlatform(version, { exitCode: 3, failure: 'Task x1-task0 failed with exit code 3.' });
    expect(await watch(await start())).toEqual({ exitCode: 3, reason: 'Task x1-task0 failed with exit code 3.' });
  });

  test('that was killed for its memory says so', async () => {
    const taskMessage = 'Memory limit of 512 MiB exceeded with 520 MiB used.';
    const { start, watch } = await aPlatform(version, { termSignal: 9, failure: 'Task failed', taskMessage });
    expect(await watch(await start())).toEqual({ exitCode: 137, reason: taskMessage });
  });

  test('that ran out of time has a status and a reason', async () => {
    const failure = 'The configured timeout was reached.';
    const { start, watch } = await aPlatform(version, { failure });
    expect(await watch(await start())).toEqual({ exitCode: 1, reason: failure });
  });

  test('whose image cannot be had does not start, and leaves no job', async () => {
    const unready = "Image 'acme/etl:1' not found.";
    const { jobs, start } = await aPlatform(version, { checks: 1, unready });
    await expect(start()).rejects.toThrow(/JobNotReady|cannot run the job 'calm-owl-.*': Image 'acme\/etl:1' not found\./);
    expect(jobs.size).toBe(0);
  });

  test('that is not ready in time does not start, and leaves no job', async () => {
    const { jobs, start } = await aPlatform(version, { checks: Number.MAX_SAFE_INTEGER }, { timeout: 1 });
    await expect(start()).rejects.toThrow(/was not ready after 1 seconds/);
    expect(jobs.size).toBe(0);
  });

  test('starts and ends although the platform throttles, is unavailable and drops connections', async () => {
    const { jobs, fail, start, watch } = await aPlatform(version, { looks: 1 });
    for (const method of ['jobs.create', 'jobs.get', 'jobs.run', 'executions.get', 'jobs.delete']) {
      const named = version === 'cloud-run-v2' && method === 'executions.get' ? 'jobs.executions.get' : method;
      fail(named, THROTTLED, UNAVAILABLE, 'connection lost');
    }
    expect(await watch(await start())).toEqual({ exitCode: 0 });
    expect(jobs.size).toBe(0);
  });

  test('is created and run once although the answers are lost', async () => {
    const { platform, fail, start } = await aPlatform(version);
    fail('jobs.create', 'answer lost');
    fail('jobs.run', 'answer lost');
    await start();
    expect(platform.sequence()).toEqual(['jobs.create', 'jobs.create', 'jobs.get', 'jobs.run', 'jobs.get']);
  });

  test('does not start where it is not allowed, and the platform is not asked again', async () => {
    const { platform, fail, start } = await aPlatform(version);
    fail('jobs.create', { status: 403, code: 'PERMISSION_DENIED', message: "Permission 'run.jobs.create' denied" });
    await expect(start()).rejects.toThrow(/^Creating the job .*: 403 PERMISSION_DENIED: Permission 'run.jobs.create' denied$/);
    expect(platform.sequence()).toEqual(['jobs.create']);
  });

  test('does not start when a quota stays used up', async () => {
    const { platform, fail, start } = await aPlatform(version);
    fail('jobs.create', THROTTLED, THROTTLED, THROTTLED, THROTTLED);
    await expect(start()).rejects.toThrow(/429 RESOURCE_EXHAUSTED: Quota exceeded/);
    expect(platform.calls).toHaveLength(4);
  });

  test('that a worker stops waiting for goes on', async () => {
    const { jobs, platform, start, watch } = await aPlatform(version, { looks: Number.MAX_SAFE_INTEGER });
    const id = await start();
    const stop = new AbortController();
    const watching = watch(id, stop.signal);
    await expect.poll(() => platform.sequence().at(-1)).toBe('executions.get');
    stop.abort(new Error('The worker shuts down.'));
    await expect(watching).rejects.toThrow();
    expect(jobs.size).toBe(1);
  });

  test('is cancelled by deleting its job, which its watch notices', async () => {
    const { jobs, start, watch, kill } = await aPlatform(version, { looks: Number.MAX_SAFE_INTEGER });
    const id = await start();
    const lost = expect(watch(id)).rejects.toMatchObject({ name: 'InfrastructureNotFoundError' });
    await kill(id);
    expect(jobs.size).toBe(0);
    await lost;
    await expect(kill(id)).rejects.toMatchObject({ name: 'InfrastructureNotFoundError' });
  });

  test('that is given up while its job is prepared leaves no job', async () => {
    const { jobs, platform, start } = await aPlatform(version, { checks: Number.MAX_SAFE_INTEGER });
    const stop = new AbortController();
    const starting = start(stop.signal);
    await expect.poll(() => platform.sequence().at(-1)).toBe('jobs.get');
    stop.abort(new Error('cancelled'));
    await expect(starting).rejects.toThrow();
    expect(jobs.size).toBe(0);
  });
});

test('the job of version 1 has what the variables say', async () => {
  const { created, start } = await aPlatform(
    'cloud-run',
    {},
    {
      name: 'Nightly {{ ctx.flow_run.name }}',
      cpu: '2000m',
      memory: '1Gi',
      vpc_connector_name: 'inner',
      service_account_name: 'etl@acme.iam.gserviceaccount.com',
      timeout: 1200,
      prefect_api_key_secret: { secret: 'prefect-key', version: 'latest' },
      env: { MODE: 'full', UNSET: null },
      labels: { team: 'Data/Core' },
    },
  );
  const id = await start();
  expect(created()).toMatchObject({
    url: '/apis/run.googleapis.com/v1/namespaces/acme/jobs',
    body: {
      apiVersion: 'run.googleapis.com/v1',
      kind: 'Job',
      metadata: {
        name: id,
        namespace: 'acme',
        annotations: { 'run.googleapis.com/launch-stage': 'BETA' },
        labels: { 'prefect-io_flow-run-id': A_RUN.id, team: 'data_core' },
      },
      spec: {
        template: {
          metadata: { annotations: { 'run.googleapis.com/vpc-access-connector': 'inner' } },
          spec: {
            template: {
              spec: {
                maxRetries: 0,
                timeoutSeconds: 1200,
                serviceAccountName: 'etl@acme.iam.gserviceaccount.com',
                containers: [
                  {
                    image: 'acme/etl:1',
                    command: ['prefect', 'flow-run', 'execute'],
                    resources: { limits: { cpu: '2000m', memory: '1Gi' }, requests: { cpu: '2000m', memory: '1Gi' } },
                    env: expect.arrayContaining([
                      { name: 'PREFECT__FLOW_RUN_ID', value: A_RUN.id },
                      { name: 'MODE', value: 'full' },
                      { name: 'PREFECT_API_KEY', valueFrom: { secretKeyRef: { name: 'prefect-key', key: 'latest' } } },
                    ]),
                  },
                ],
              },
            },
          },
        },
      },
    },
  });
  expect(JSON.stringify(created()?.body)).not.toMatch(/UNSET|pnu_secret/);
});

test('the job of version 2 has what the variables say', async () => {
  const { created, start } = await aPlatform(
    'cloud-run-v2',
    {},
    {
      command: 'python -m acme "all of it"',
      args: ['--fast'],
      cpu: '2000m',
      memory: '1Gi',
      max_retries: 1,
      launch_stage: 'GA',
      vpc_connector_name: 'projects/acme/locations/europe-west1/connectors/inner',
      service_account_name: 'etl@acme.iam.gserviceaccount.com',
      timeout: 1200,
      cloudsql_instances: ['acme:europe-west1:orders'],
      env_from_secrets: { DB_PASSWORD: { secret: 'db', version: '3' } },
      prefect_api_key_secret: { secret: 'prefect-key', version: 'latest' },
      env: { MODE: 'full' },
    },
  );
  const id = await start();
  const labels = { 'prefect-io_flow-run-id': A_RUN.id, 'prefect-io_flow-name': 'nightly-etl' };
  expect(created()).toMatchObject({
    parameters: { parent: 'projects/acme/locations/europe-west1', jobId: id },
    body: {
      client: 'prefect',
      launchStage: 'GA',
      labels,
      template: {
        labels,
        template: {
          maxRetries: 1,
          timeout: '1200s',
          serviceAccount: 'etl@acme.iam.gserviceaccount.com',
          vpcAccess: { connector: 'projects/acme/locations/europe-west1/connectors/inner' },
          volumes: [{ name: 'cloudsql', cloudSqlInstance: { instances: ['acme:europe-west1:orders'] } }],
          containers: [
            {
              image: 'acme/etl:1',
              command: ['python', '-m', 'acme', 'all of it'],
              args: ['--fast'],
              resources: { limits: { cpu: '2000m', memory: '1Gi' } },
              volumeMounts: [{ name: 'cloudsql', mountPath: '/cloudsql' }],
              env: expect.arrayContaining([
                { name: 'MODE', value: 'full' },
                { name: 'DB_PASSWORD', valueSource: { secretKeyRef: { secret: 'db', version: '3' } } },
                { name: 'PREFECT_API_KEY', valueSource: { secretKeyRef: { secret: 'prefect-key', version: 'latest' } } },
              ]),
            },
          ],
        },
      },
    },
  });
  expect(JSON.stringify(created()?.body)).not.toContain('pnu_secret');
});

test('an execution is found by its short name too', async () => {
  const { start, watch } = await aPlatform('cloud-run-v2', { shortNames: true, exitCode: 2 });
  expect(await watch(await start())).toEqual({ exitCode: 2 });
});

test('a job without a connector has no network of its own', async () => {
  const { created, start } = await aPlatform('cloud-run-v2');
  await start();
  expect(JSON.stringify(created()?.body)).not.toContain('vpcAccess');
});

test('the credentials of the machine are used when the pool has none', async () => {
  const { platform, start } = await aPlatform('cloud-run-v2', {}, { credentials: null });
  process.env.GCE_METADATA_HOST = platform.host;
  process.env.METADATA_SERVER_DETECTION = 'assume-present';
  expect(await start()).toMatch(/^calm-owl-/);
});

test('the key of a service account may be a file', async () => {
  const { platform } = await aPlatform('cloud-run');
  const file = join(await mkdtemp(join(tmpdir(), 'key-')), 'key.json');
  await writeFile(file, JSON.stringify(platform.credentials.service_account_info));
  const again = await aPlatform('cloud-run', {}, { credentials: { service_account_file: file, project: 'other' } });
  await again.start();
  expect(again.created()?.url).toBe('/apis/run.googleapis.com/v1/namespaces/other/jobs');
  await rm(dirname(file), { recursive: true });
});

test.each([
  ['an external account', { type: 'external_account', audience: '//iam', credential_source: { file: '/etc/hostname' } }],
  ['a key without its private part', { type: 'service_account', client_email: 'a@acme.iam.gserviceaccount.com' }],
  ['no JSON', '{broken'],
])('%s in a block is no credential', async (_, service_account_info) => {
  const { platform, start } = await aPlatform('cloud-run', {}, { credentials: { service_account_info } });
  await expect(start()).rejects.toThrow(/^service_account_info is not the key of a service account/);
  expect(platform.calls).toEqual([]);
});

test('a field that the platform does not know is refused with its name', async () => {
  const { platform, start } = await aPlatform('cloud-run-v2', {}, { cloudsql_instances: [5] });
  await expect(start()).rejects.toThrow(/400 INVALID_ARGUMENT: Invalid value at 'template\.template\.volumes\[0\]/);
  expect(platform.calls).toHaveLength(1);
});
