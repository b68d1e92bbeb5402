import { afterEach, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../server.ts';
import { KINDS } from './kinds.ts';
import { aProvider, expectNoDrift } from './provider.ts';

let server: TestServer | undefined;
afterEach(() => server?.stop());

const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });

async function startServer(environment: Record<string, string>): Promise<TestServer> {
  server = await startTestServer({ environment });
  return server;
}

it('is made with the name and password that the server was given', async () => {
  const { running } = await startServer({ PREFECT_SERVER_API_AUTH_STRING: 'admin:swordfish' });
  const provider = aProvider(running.apiUrl, basic('admin:swordfish'));
  await provider.destroy(KINDS.flow, await provider.create(KINDS.flow, { name: 'flow', tags: [] }));
  // Types of blocks are made below an address that leads on: the password must go along.
  await provider.create(KINDS.blockType, { name: 'Led on', slug: 'led-on' });
  const stranger = aProvider(running.apiUrl, basic('admin:none'));
  await expect(stranger.call('GET /flows/11111111-2222-4333-8444-555555555555 200')).rejects.toThrow('answered 401');
});

it('passes the protection against requests of other pages, with or without a password', async () => {
  const { running } = await startServer({
    PREFECT_SERVER_CSRF_PROTECTION_ENABLED: 'true',
    PREFECT_SERVER_API_AUTH_STRING: 'admin:swordfish',
  });
  const client = { ...basic('admin:swordfish'), 'prefect-csrf-client': crypto.randomUUID() };
  const start = aProvider(running.apiUrl, client);
  const { token } = await start.call<{ token: string }>(`GET /csrf-token?client=${client['prefect-csrf-client']} 200`);
  const provider = aProvider(running.apiUrl, { ...client, 'prefect-csrf-token': token });
  const planned = { name: 'kept', value: 1, tags: [] };
  let state = await provider.create(KINDS.variable, planned);
  expectNoDrift(state, planned);
  state = await provider.update(KINDS.variable, state, { ...planned, value: 2 });
  expectNoDrift(state, { value: 2 });
  await provider.destroy(KINDS.variable, state);
  await expect(start.create(KINDS.variable, planned)).rejects.toThrow('answered 403');
});

it('may carry headers that the server does not know', async () => {
  const { running } = await startServer({});
  const provider = aProvider(running.apiUrl, { 'x-team': 'weather' });
  await provider.destroy(KINDS.flow, await provider.create(KINDS.flow, { name: 'flow', tags: [] }));
});

it('carries ten calls at the same time', async () => {
  const { running } = await startServer({});
  const provider = aProvider(running.apiUrl);
  const each = async (_: unknown, index: number) => {
    const flow = await provider.create(KINDS.flow, { name: `flow-${index}`, tags: [] });
    const wanted = { flow_id: flow.id, name: 'deployed', enforce_parameter_schema: true, concurrency_limit: index + 1 };
    const deployment = await provider.create(KINDS.deployment, wanted);
    const schedules = await provider.create(KINDS.deploymentSchedule, [{ schedule: { cron: '0 * * * *' } }], {
      deployment_id: deployment.id,
    });
    await provider.destroy(KINDS.deploymentSchedule, schedules);
    await provider.destroy(KINDS.deployment, deployment);
    await provider.destroy(KINDS.flow, flow);
  };
  await Promise.all(Array.from({ length: 10 }, each));
});
