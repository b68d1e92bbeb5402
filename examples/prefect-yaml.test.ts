import { fileURLToPath } from 'node:url';
import { applyProject, ProcessWorker, startWorker } from '@prefect-ts/worker';
import { type ApiClient, createClient } from 'prefect-ts/client';
import { createDeploymentRun } from 'prefect-ts/deployments';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServerOnFolder, startServerOnFolder } from './server-on-folder.ts';

const directory = fileURLToPath(new URL('.', import.meta.url));
let server: ServerOnFolder;
let client: ApiClient;
beforeAll(async () => {
  server = await startServerOnFolder();
  client = createClient({ apiUrl: server.apiUrl });
  await client.call('POST /work_pools/', { body: { name: 'my-pool', type: 'process' } });
});
afterAll(async () => {
  await client.close();
  await server.stop();
});

test('prefect.yaml deploys the weather example with its schedule, and a worker runs it', async () => {
  const { deployments } = await applyProject({ client, directory, names: ['nightly'], print: () => undefined });
  expect(deployments.map(({ fullName, created }) => [fullName, created])).toEqual([['weather/nightly', true]]);

  const deployed = await client.call('GET /deployments/name/{flow_name}/{deployment_name}', {
    path: { flow_name: 'weather', deployment_name: 'nightly' },
  });
  expect(deployed.schedules?.map(({ schedule }) => schedule)).toEqual([
    { cron: '0 6 * * *', timezone: 'America/Los_Angeles', day_or: true },
  ]);

  const silent = { debug: () => undefined, info: () => undefined, warning: () => undefined, error: () => undefined };
  const worker = await startWorker(ProcessWorker, { client, pool: 'my-pool', settings: server.environment, log: silent });
  try {
    const run = await createDeploymentRun('weather/nightly', {
      client,
      params: { cities: ['New York'] },
      jobVariables: { stream_output: false },
      timeout: '25s',
    });
    expect(run.state_name).toBe('Completed');
  } finally {
    await worker.stop();
  }
});

test('the earthquake report describes its parameters', async () => {
  await applyProject({ client, directory, names: ['weekly'], print: () => undefined });
  const { parameter_openapi_schema, parameters } = await client.call('GET /deployments/name/{flow_name}/{deployment_name}', {
    path: { flow_name: 'earthquake-report', deployment_name: 'weekly' },
  });
  expect(parameters).toEqual({ minMagnitude: 5 });
  expect(parameter_openapi_schema).toMatchObject({
    properties: { minMagnitude: { type: 'number', default: 5, position: 0 }, deployment: { default: 'earthquakes/on-demand' } },
  });
});
