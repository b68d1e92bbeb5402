import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../server.ts';
import { KINDS } from './kinds.ts';
import { aProvider, expectNoDrift, type Known, type Provider } from './provider.ts';

let server: TestServer;
let provider: Provider;
let serial = 0;
beforeAll(async () => {
  server = await startTestServer();
  provider = aProvider(server.running.apiUrl);
});
afterAll(() => server.stop());

const nameOf = (kind: string) => `${kind}-${++serial}`;
const aFlow = (wanted: object = {}) => provider.create(KINDS.flow, { name: nameOf('flow'), tags: [], ...wanted });
const aPool = () =>
  provider.create(KINDS.workPool, {
    name: nameOf('pool'),
    type: 'process',
    is_paused: false,
    description: null,
    concurrency_limit: null,
  });

async function aDeployment(wanted: object = {}): Promise<Known> {
  const flow = await aFlow();
  const body = { flow_id: flow.id, name: nameOf('deployment'), enforce_parameter_schema: true, ...wanted };
  const state = await provider.create(KINDS.deployment, body);
  expectNoDrift(state, body);
  return state;
}

/** What a change sends of members that no one configured. */
const UNSET = {
  description: '',
  entrypoint: '',
  path: '',
  version: '',
  work_pool_name: '',
  work_queue_name: '',
  paused: false,
  enforce_parameter_schema: true,
};

describe('a flow', () => {
  it('keeps its name and tags, gets other tags, and goes', async () => {
    const planned = { name: nameOf('flow'), tags: ['b', 'a'] };
    let state = await aFlow(planned);
    expectNoDrift(state, planned);
    state = await provider.update(KINDS.flow, state, { tags: ['c'] });
    expectNoDrift(state, { ...planned, tags: ['c'] });
    state = await provider.update(KINDS.flow, state, { tags: [] });
    expectNoDrift(state, { ...planned, tags: [] });
    await provider.destroy(KINDS.flow, state);
  });
});

describe('a deployment', () => {
  it('of which only the flow is named answers lists and objects where nothing was said', async () => {
    const state = await aDeployment();
    expectNoDrift(state, { tags: [], parameters: {}, job_variables: {}, paused: false, concurrency_options: null });
    expect(state.global_concurrency_limit ?? null).toBeNull();
    expect([null, '']).toContain(state.work_pool_name);
    await provider.destroy(KINDS.deployment, state);
  });

  it('comes back as it was written, changes in everything, and is found by its name', async () => {
    const [flow, pool, otherPool] = await Promise.all([aFlow(), aPool(), aPool()]);
    const queue = { name: 'fast', description: '', is_paused: false, concurrency_limit: null, priority: null };
    await provider.create(KINDS.workQueue, queue, { work_pool_name: otherPool.name });
    const planned = {
      flow_id: flow.id,
      name: nameOf('deployment'),
      description: 'Weather\nby the hour',
      enforce_parameter_schema: false,
      entrypoint: 'flows/weather.py:weather',
      job_variables: { env: { ZONE: 'eu' }, cpu: 0.5 },
      parameters: { cities: ['Oslo', 'Rome'], days: 2, ratio: 0.25, deep: { a: null } },
      parameter_openapi_schema: { type: 'object', properties: { days: { type: 'integer' } } },
      path: './flows',
      paused: true,
      tags: ['weather', 'hourly'],
      version: '1.2',
      work_pool_name: pool.name,
      work_queue_name: 'default',
    };
    let state = await provider.create(KINDS.deployment, planned);
    expectNoDrift(state, planned);
    const changed = {
      ...planned,
      description: 'Rain',
      enforce_parameter_schema: true,
      entrypoint: 'rain.py:rain',
      job_variables: { cpu: 2 },
      parameters: { days: 3 },
      parameter_openapi_schema: { type: 'object', properties: { days: { type: 'number', default: 1 } }, required: [] },
      path: '/srv',
      paused: false,
      tags: ['rain'],
      version: '2',
      work_pool_name: otherPool.name,
      work_queue_name: 'fast',
    };
    const { flow_id: _, name: __, ...changes } = changed;
    state = await provider.update(KINDS.deployment, state, changes);
    expectNoDrift(state, changed);
    const byName = await provider.call(`GET /deployments/name/${flow.name}/${planned.name} 200`);
    expectNoDrift(byName, { ...changed, id: state.id });
    await provider.destroy(KINDS.deployment, state);
  });

  it('takes empty texts of a change for nothing, and looks up no pool of an empty name', async () => {
    const texts = { description: 'before', entrypoint: 'a.py:a', path: '/a', version: '1' };
    const state = await provider.update(KINDS.deployment, await aDeployment(texts), UNSET);
    for (const name of [...Object.keys(texts), 'work_pool_name', 'work_queue_name'])
      expect([null, ''], name).toContain(state[name]);
    await provider.destroy(KINDS.deployment, state);
  });

  it('runs on the default queue of its pool when it names none', async () => {
    const pool = await aPool();
    const state = await aDeployment({ work_pool_name: pool.name });
    expectNoDrift(state, { work_queue_name: 'default' });
  });

  it.each([
    { sent: undefined, accepted: [undefined, null, {}, { type: 'object', properties: {} }] },
    { sent: {}, accepted: [null, {}, { type: 'object', properties: {} }] },
  ])('whose parameters have the schema $sent is answered with an empty one', async ({ sent, accepted }) => {
    const flow = await aFlow();
    const body = { flow_id: flow.id, name: nameOf('deployment'), enforce_parameter_schema: true };
    const state = await provider.create(
      KINDS.deployment,
      sent === undefined ? body : { ...body, parameter_openapi_schema: sent },
    );
    expect(accepted).toContainEqual(state.parameter_openapi_schema);
  });

  it('keeps its pull steps in order, with what they ask of blocks left as it is', async () => {
    const credentials = '{{ prefect.blocks.secret.token }}';
    const requires = 'prefect-aws>=0.5';
    const bucket = { bucket: 'flows', folder: 'weather', credentials, requires };
    const pull_steps = [
      {
        'prefect.deployments.steps.git_clone': {
          repository: 'https://example.com/flows.git',
          branch: 'main',
          access_token: credentials,
          include_submodules: true,
        },
      },
      { 'prefect.deployments.steps.set_working_directory': { directory: '/srv/flows' } },
      {
        'prefect.deployments.steps.run_shell_script': {
          script: 'echo "$HOME"\n',
          directory: '.',
          env: { A: 'b' },
          stream_output: false,
          expand_env_vars: true,
        },
      },
      { 'prefect.deployments.steps.pip_install_requirements': { requirements_file: 'dev.txt', stream_output: true } },
      {
        'prefect_azure.deployments.steps.pull_from_azure_blob_storage': {
          container: 'flows',
          folder: 'weather',
          credentials,
          requires: 'prefect-azure',
        },
      },
      { 'prefect_gcp.deployments.steps.pull_from_gcs': bucket },
      { 'prefect_aws.deployments.steps.pull_from_s3': bucket },
    ];
    let state = await aDeployment({ pull_steps });
    const changed = pull_steps.toReversed();
    state = await provider.update(KINDS.deployment, state, { ...UNSET, pull_steps: changed });
    expectNoDrift(state, { pull_steps: changed });
  });

  it('refers to the block that its code is stored in', async () => {
    const blockType = await provider.call('GET /block_types/slug/local-file-system 200');
    const [blockSchema] = await provider.call<Known[]>('POST /block_schemas/filter 200', {
      block_schemas: { block_type_id: { any_: [blockType.id] }, block_capabilities: { all_: null } },
    });
    const storage = await provider.create(KINDS.block, {
      name: nameOf('storage'),
      data: { basepath: '/srv' },
      block_schema_id: blockSchema?.id,
      block_type_id: blockType.id,
    });
    const state = await aDeployment({ storage_document_id: storage.id });
    const kept = await provider.update(KINDS.deployment, state, { ...UNSET, storage_document_id: storage.id });
    expectNoDrift(kept, { storage_document_id: storage.id });
  });
});

describe('the concurrency limit of a deployment', () => {
  const limitOf = (state: Known) => (state.global_concurrency_limit as Known | null)?.limit;

  it('is set, changed and removed by its number', async () => {
    let state = await aDeployment();
    state = await provider.update(KINDS.deployment, state, { ...UNSET, concurrency_limit: 2 });
    expect(limitOf(state)).toBe(2);
    state = await provider.update(KINDS.deployment, state, { ...UNSET, concurrency_limit: 5 });
    expect(limitOf(state)).toBe(5);
    state = await provider.update(KINDS.deployment, state, UNSET);
    expect(limitOf(state)).toBe(5);
    state = await provider.update(KINDS.deployment, state, { ...UNSET, concurrency_limit: null });
    expect(state.global_concurrency_limit).toBeNull();
    await provider.destroy(KINDS.deployment, state);
  });

  it('is there from the start, with what happens at it, which goes only when it is taken away', async () => {
    const flow = await aFlow();
    let state = await provider.create(KINDS.deployment, {
      flow_id: flow.id,
      name: nameOf('deployment'),
      enforce_parameter_schema: true,
      concurrency_limit: 1,
      concurrency_options: { collision_strategy: 'CANCEL_NEW' },
    });
    expect(limitOf(state)).toBe(1);
    const strategy = () => (state.concurrency_options as Known | null)?.collision_strategy;
    expect(strategy()).toBe('CANCEL_NEW');
    state = await provider.update(KINDS.deployment, state, {
      ...UNSET,
      concurrency_limit: 1,
      concurrency_options: { collision_strategy: 'ENQUEUE' },
    });
    expect(strategy()).toBe('ENQUEUE');
    state = await provider.update(KINDS.deployment, state, { ...UNSET, concurrency_limit: 1 });
    expect(strategy()).toBe('ENQUEUE');
    state = await provider.update(KINDS.deployment, state, { ...UNSET, concurrency_limit: 1, concurrency_options: null });
    expect(state.concurrency_options).toBeNull();
    expect(limitOf(state)).toBe(1);
  });

  it('may be one that was made separately, and another one later', async () => {
    const aLimit = (limit: number) =>
      provider.create(KINDS.globalConcurrencyLimit, {
        name: nameOf('limit'),
        limit,
        active: true,
        active_slots: 0,
        slot_decay_per_second: 0,
      });
    const [first, second] = await Promise.all([aLimit(3), aLimit(4)]);
    const flow = await aFlow();
    let state = await provider.create(KINDS.deployment, {
      flow_id: flow.id,
      name: nameOf('deployment'),
      enforce_parameter_schema: true,
      global_concurrency_limit_id: first.id,
    });
    expect(state.global_concurrency_limit).toMatchObject({ id: first.id, limit: 3 });
    state = await provider.update(KINDS.deployment, state, { ...UNSET, global_concurrency_limit_id: second.id });
    expect(state.global_concurrency_limit).toMatchObject({ id: second.id, limit: 4 });
    state = await provider.update(KINDS.deployment, state, { ...UNSET, global_concurrency_limit_id: null });
    expect(state.global_concurrency_limit).toBeNull();
    await provider.destroy(KINDS.deployment, state);
    for (const { id } of [first, second]) await provider.call(`DELETE /v2/concurrency_limits/${id} 204 404`);
  });
});
