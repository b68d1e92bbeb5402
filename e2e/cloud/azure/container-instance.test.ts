import { afterEach, expect, test } from 'vitest';
import type { ContainerInstanceConfiguration } from '../../../packages/worker/src/container-instance/configuration.ts';
import { openContainerInstance } from '../../../packages/worker/src/container-instance/open-container-instance.ts';
import { containerInstanceVariables } from '../../../packages/worker/src/container-instance/variables.ts';
import { A_RUN, configurationOf, recordingLog } from '../a-run.ts';
import { type AzurePlatform, azurePlatform, CREDENTIALS, type Fault, type GroupCourse } from './azure-platform.ts';

const GROUP = `nightly-etl-${A_RUN.id}`;
const THROTTLED: Fault = { status: 429, code: 'TooManyRequests', message: 'The request is being throttled.', retryAfter: 0 };
const UNAVAILABLE: Fault = { status: 503, code: 'ServiceUnavailable', message: 'The service is unavailable.' };

const platforms: AzurePlatform[] = [];
afterEach(async () => {
  for (const platform of platforms.splice(0)) await platform[Symbol.asyncDispose]();
});

async function aPlatform(course: GroupCourse = {}, variables: Record<string, unknown> = {}) {
  const platform = await azurePlatform(course);
  platforms.push(platform);
  const config = await configurationOf<ContainerInstanceConfiguration>(containerInstanceVariables, {
    resource_group_name: 'rg1',
    subscription_id: 'sub1',
    image: 'acme.azurecr.io/etl:1',
    aci_credentials: CREDENTIALS,
    ...variables,
  });
  const infrastructure = await openContainerInstance({
    endpoint: platform.url,
    authorityHost: platform.url,
    ca: platform.ca,
    pollMs: 5,
    retry: { maxRetries: 4, retryDelayInMs: 2, maxRetryDelayInMs: 10 },
  });
  const { lines, log } = recordingLog();
  const never = new AbortController().signal;
  return {
    platform,
    lines,
    groups: platform.groups,
    fail: platform.fail,
    start: (signal = never) => infrastructure.start(A_RUN, config, signal),
    watch: (id: string, signal = never) => infrastructure.watch(id, config, { log, signal }),
    kill: (id: string) => infrastructure.kill(id, 30, config),
    /** The container group that Azure has made. */
    made: () => platform.groups.get(GROUP)?.resource,
    /** What the resource manager keeps of the deployment. */
    kept: () => keptOf(platform),
  };
}

function keptOf({ calls }: AzurePlatform): unknown {
  const call = calls.find(({ operation }) => operation === 'deployments.put');
  return Object(call?.body).properties;
}

test('a run is a container group that is deployed, watched, and deleted in the end', async () => {
  const { platform, groups, lines, start, watch } = await aPlatform({ checks: 2, looks: 2 });
  const id = await start();
  expect(id).toBe(`${A_RUN.id}:${GROUP}`);
  expect(platform.sequence()).toEqual(['deployments.put', 'deployments.get', 'deployments.get', 'deployments.get']);
  expect([...groups.keys()]).toEqual([GROUP]);
  expect(await watch(id)).toEqual({ exitCode: 0 });
  expect(groups.size).toBe(0);
  expect(lines).toEqual([]);
});

test('the container group has what the variables say', async () => {
  const { made, start } = await aPlatform(
    {},
    {
      cpu: 2,
      memory: 3.5,
      gpu_count: 1,
      gpu_sku: 'V100',
      identities: ['/subscriptions/sub1/resourceGroups/rg1/providers/Microsoft.ManagedIdentity/userAssignedIdentities/etl'],
      image_registry: { registry_url: 'acme.azurecr.io', identity: '/subscriptions/sub1/identities/etl' },
      subnet_ids: ['/subscriptions/sub1/subnets/inner'],
      dns_servers: ['10.0.0.10'],
      command: 'python -m acme "all of it"',
      env: { MODE: '["a", "b"]', UNSET: null },
      labels: { team: '[core]' },
    },
  );
  await start();
  expect(made()).toMatchObject({
    location: 'westeurope',
    tags: { team: '[core]', 'prefect.io_flow-run-id': A_RUN.id },
    identity: {
      type: 'UserAssigned',
      userAssignedIdentities: {
        '/subscriptions/sub1/resourceGroups/rg1/providers/Microsoft.ManagedIdentity/userAssignedIdentities/etl': {},
      },
    },
    properties: {
      osType: 'Linux',
      restartPolicy: 'Never',
      subnetIds: [{ id: '/subscriptions/sub1/subnets/inner' }],
      dnsConfig: { nameServers: ['10.0.0.10'] },
      imageRegistryCredentials: [{ server: 'acme.azurecr.io', identity: '/subscriptions/sub1/identities/etl' }],
      containers: [
        {
          name: GROUP,
          properties: {
            image: 'acme.azurecr.io/etl:1',
            command: ['/opt/prefect/entrypoint.sh', 'python', '-m', 'acme', 'all of it'],
            resources: { requests: { cpu: 2, memoryInGB: 3.5, gpu: { count: 1, sku: 'V100' } } },
            environmentVariables: expect.arrayContaining([
              { name: 'MODE', value: '["a", "b"]' },
              { name: 'PREFECT__FLOW_RUN_ID', value: A_RUN.id },
              { name: 'PREFECT_API_KEY', secureValue: 'pnu_secret' },
            ]),
          },
        },
      ],
    },
  });
  expect(JSON.stringify(made())).not.toContain('UNSET');
});

test('secrets are no part of the template, which Azure keeps and shows', async () => {
  const login = { registry_url: 'registry.acme.test', username: 'etl', password: 'pull-me' };
  const { made, kept, start } = await aPlatform({}, { image_registry: login });
  await start();
  expect(JSON.stringify(Object(kept()).template)).not.toMatch(/pnu_secret|pull-me/);
  expect(kept()).toMatchObject({
    template: { parameters: { PREFECT_API_KEY: { type: 'securestring' }, image_registry_password: { type: 'securestring' } } },
    parameters: { PREFECT_API_KEY: { value: 'pnu_secret' }, image_registry_password: { value: 'pull-me' } },
  });
  expect(made()).toMatchObject({
    properties: { imageRegistryCredentials: [{ server: 'registry.acme.test', username: 'etl', password: 'pull-me' }] },
  });
});

test('the run is executed by the usual command unless another is given', async () => {
  const { made, start } = await aPlatform({}, { entrypoint: null });
  await start();
  const command = ['prefect', 'flow-run', 'execute'];
  expect(made()).toMatchObject({ properties: { containers: [{ properties: { command } }] } });
});

test('a run ends with the status of its program and with what Azure says about it', async () => {
  const { start, watch } = await aPlatform({ exitCode: 137, detailStatus: 'OOMKilled' });
  expect(await watch(await start())).toEqual({ exitCode: 137, reason: 'OOMKilled' });
});

test('a container that cannot start is told of once, and fails its run', async () => {
  const events = [{ type: 'Warning', name: 'Failed', message: 'Failed to pull image "acme.azurecr.io/etl:1"' }];
  const { lines, start, watch } = await aPlatform({ events, groupFails: true, looks: 3 });
  const reason = 'Failed: Failed to pull image "acme.azurecr.io/etl:1"';
  expect(await watch(await start())).toEqual({ exitCode: -1, reason });
  expect(lines).toEqual([`warning: Container group '${GROUP}': ${reason}`]);
});

test('the output of a run is shown as it comes, each line once', async () => {
  const line = (second: number, text: string) => `2026-01-01T00:00:0${second}.0000000Z ${text}\n`;
  const output = [
    line(1, 'a'),
    line(1, 'a') + line(2, 'b'),
    line(2, 'b') + line(3, 'b') + line(4, 'c'),
    line(2, 'b') + line(3, 'b') + line(4, 'c'),
  ];
  const { lines, start, watch } = await aPlatform({ output, looks: 3 }, { stream_output: true });
  await watch(await start());
  expect(lines).toEqual(['info: a', 'info: b', 'info: b', 'info: c']);
});

test('output that cannot be read does not end the watch', async () => {
  const { fail, start, watch } = await aPlatform({ looks: 1 }, { stream_output: true });
  fail('containers.logs', { status: 409, code: 'ContainerGroupTransitioning', message: 'Try later.' });
  expect(await watch(await start())).toEqual({ exitCode: 0 });
});

test('a group that is kept is stopped', async () => {
  const { groups, start, watch } = await aPlatform({}, { keep_container_group: true });
  await watch(await start());
  expect(groups.get(GROUP)).toMatchObject({ stopped: true });
});

test('a deployment that fails gives the innermost reason and leaves nothing', async () => {
  const message = 'Resource type container group quota StandardCores exceeded in region westeurope.';
  const conflict = { code: 'Conflict', message: JSON.stringify({ error: { code: 'ContainerGroupQuotaReached', message } }) };
  const deploymentError = { code: 'DeploymentFailed', message: 'At least one operation failed.', details: [conflict] };
  const { platform, groups, start } = await aPlatform({ checks: 1, deploymentError });
  await expect(start()).rejects.toThrow(
    `Azure could not make the container group '${GROUP}': ContainerGroupQuotaReached: ${message}`,
  );
  expect(groups.size).toBe(0);
  expect(platform.sequence().at(-1)).toBe('groups.delete');
});

test('a group that is not made in time fails to start and leaves nothing', async () => {
  const { platform, start } = await aPlatform({ checks: Number.MAX_SAFE_INTEGER }, { task_start_timeout_seconds: 1 });
  await expect(start()).rejects.toThrow(`Azure has not made the container group '${GROUP}' within 1 seconds.`);
  expect(platform.sequence().at(-1)).toBe('groups.delete');
});

test('a run starts and ends although Azure throttles, is unavailable and drops connections', async () => {
  const { groups, fail, start, watch } = await aPlatform({ looks: 1 });
  for (const operation of ['deployments.put', 'deployments.get', 'groups.get', 'groups.delete']) {
    fail(operation, THROTTLED, UNAVAILABLE, 'connection lost');
  }
  expect(await watch(await start())).toEqual({ exitCode: 0 });
  expect(groups.size).toBe(0);
});

test('a run does not start where it is not allowed', async () => {
  const { fail, start } = await aPlatform();
  fail('deployments.put', { status: 403, code: 'AuthorizationFailed', message: "The client 'c1' does not have authorization." });
  await expect(start()).rejects.toThrow(
    `Azure refused the container group '${GROUP}': AuthorizationFailed: The client 'c1' does not have authorization.`,
  );
});

test('a run does not start with a wrong secret', async () => {
  const { start } = await aPlatform({}, { aci_credentials: { ...CREDENTIALS, client_secret: 'wrong' } });
  await expect(start()).rejects.toThrow(/AADSTS7000215|invalid_client/);
});

test('a template that Azure does not understand is refused with the field', async () => {
  const { start } = await aPlatform({}, { cpu: 'two' });
  await expect(start()).rejects.toThrow(/resources\.requests\.cpu must be a number, not "two"/);
});

test('a run that a worker stops waiting for goes on', async () => {
  const { groups, platform, start, watch } = await aPlatform({ looks: Number.MAX_SAFE_INTEGER });
  const id = await start();
  const stop = new AbortController();
  const stopped = expect(watch(id, stop.signal)).rejects.toThrow();
  await expect.poll(() => platform.sequence().at(-1)).toBe('groups.get');
  stop.abort(new Error('The worker shuts down.'));
  await stopped;
  expect(groups.size).toBe(1);
});

test('a run is cancelled by deleting its group, which its watch notices', async () => {
  const { groups, start, watch, kill } = await aPlatform({ looks: Number.MAX_SAFE_INTEGER });
  const id = await start();
  const lost = expect(watch(id)).rejects.toMatchObject({ name: 'InfrastructureNotFoundError' });
  await kill(id);
  expect(groups.size).toBe(0);
  await lost;
  await expect(kill(id)).rejects.toMatchObject({ name: 'InfrastructureNotFoundError' });
  await expect(kill('something-else')).rejects.toMatchObject({ name: 'InfrastructureNotAvailableError' });
});

test('a credential of the environment is used when the pool has none', async () => {
  const names = ['AZURE_TENANT_ID', 'AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET'] as const;
  [process.env.AZURE_TENANT_ID, process.env.AZURE_CLIENT_ID, process.env.AZURE_CLIENT_SECRET] = Object.values(CREDENTIALS);
  try {
    const { start } = await aPlatform({}, { aci_credentials: null });
    expect(await start()).toBe(`${A_RUN.id}:${GROUP}`);
  } finally {
    for (const name of names) delete process.env[name];
  }
});
