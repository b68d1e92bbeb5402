import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ScriptedApi, scriptedApi } from '../../test/scripted-api.ts';
import { applyDeployment, DeploymentApplyError } from './apply-deployment.ts';
import { createDeploymentRun, DeploymentNotFoundError } from './create-deployment-run.ts';
import type { DeploymentDefinition } from './definition.ts';

const ID = '6f1c0c34-6d55-4a0f-9f3c-0d4f6a1b2c3d';
const OWNER = `/automations/owned-by/prefect.deployment.${ID}`;

let api: ScriptedApi;
beforeEach(async () => {
  api = await scriptedApi();
  api.on('POST /flows/', { body: { id: 'f1' } });
  api.on('POST /deployments/', { status: 201, body: { id: ID } });
  api.on(`PATCH /deployments/${ID}`, { status: 204 });
  api.on(`DELETE ${OWNER}`, { status: 204 });
  api.on('POST /automations/', { status: 201, body: { id: 'a1' } });
});
afterEach(() => api[Symbol.asyncDispose]());

const definition = (more: Partial<DeploymentDefinition> = {}): DeploymentDefinition => ({
  flowName: 'etl',
  name: 'daily',
  fields: { entrypoint: 'etl.ts:etl', tags: ['a'] },
  triggers: [],
  ...more,
});

describe('applyDeployment', () => {
  test('creates what is not there, with every field said', async () => {
    expect(await applyDeployment(api.client, definition())).toEqual({ id: ID, created: true });
    expect(api.calls.map(({ route }) => route)).toEqual([
      'GET /deployments/name/etl/daily',
      'POST /flows/',
      'POST /deployments/',
      `DELETE ${OWNER}`,
    ]);
    expect(api.bodies('POST /deployments/')[0]).toMatchObject({
      name: 'daily',
      flow_id: 'f1',
      entrypoint: 'etl.ts:etl',
      tags: ['a'],
      paused: false,
      schedules: [],
      work_pool_name: null,
    });
  });

  test('changes only what was said of what is there', async () => {
    api.on('GET /deployments/name/etl/daily', { body: { id: ID } });
    expect(await applyDeployment(api.client, definition())).toEqual({ id: ID, created: false });
    expect(api.bodies(`PATCH /deployments/${ID}`)).toEqual([{ entrypoint: 'etl.ts:etl', tags: ['a'], pull_steps: null }]);
  });

  test('replaces the triggers by automations that start the deployment', async () => {
    const triggers = [
      { type: 'event', expect: ['x'], parameters: { n: 1 } },
      { name: 'mine', type: 'sequence', triggers: [] },
    ];
    await applyDeployment(api.client, definition({ triggers }));
    const action = { type: 'run-deployment', source: 'selected', deployment_id: ID };
    expect(api.bodies('POST /automations/')).toMatchObject([
      {
        name: 'daily__automation_1',
        trigger: { type: 'event', expect: ['x'] },
        actions: [{ ...action, parameters: { n: 1 } }],
        owner_resource: `prefect.deployment.${ID}`,
      },
      { name: 'mine', trigger: { type: 'sequence' }, actions: [action] },
    ]);
  });

  test('says what the server did not like', async () => {
    api.on('POST /deployments/', { status: 409, body: { detail: 'Work pool nowhere not found.' } });
    await expect(applyDeployment(api.client, definition())).rejects.toThrow(DeploymentApplyError);
    await expect(applyDeployment(api.client, definition())).rejects.toThrow("'etl/daily' was not applied: Work pool nowhere");
  });
});

describe('createDeploymentRun', () => {
  beforeEach(() => {
    api.on('GET /deployments/name/etl/daily', { body: { id: ID } });
    api.on(`POST /deployments/${ID}/create_flow_run`, { body: { id: 'r1', state_type: 'SCHEDULED' } });
  });

  test('gives the run at once when it is not to wait', async () => {
    const params = { n: 1 };
    const run = await createDeploymentRun('etl/daily', { client: api.client, params, tags: ['a'], timeout: 0 });
    expect(run.id).toBe('r1');
    expect(api.bodies(`POST /deployments/${ID}/create_flow_run`)).toMatchObject([
      { state: { type: 'SCHEDULED' }, parameters: { n: 1 }, tags: ['a'], parent_task_run_id: null },
    ]);
    expect(api.bodies(`POST /deployments/${ID}/create_flow_run`)[0]).not.toHaveProperty('idempotency_key');
  });

  test('waits for the end', async () => {
    const states = ['RUNNING', 'COMPLETED'];
    api.on('GET /flow_runs/r1', () => ({ body: { id: 'r1', state_type: states.shift() ?? 'COMPLETED' } }));
    const run = await createDeploymentRun('etl/daily', { client: api.client, pollInterval: 0.01 });
    expect(run.state_type).toBe('COMPLETED');
  });

  test('gives the run as it is when the time is over', async () => {
    api.on('GET /flow_runs/r1', { body: { id: 'r1', state_type: 'RUNNING' } });
    const run = await createDeploymentRun('etl/daily', { client: api.client, pollInterval: 0.01, timeout: 0.05 });
    expect(run.state_type).toBe('RUNNING');
  });

  test.each(['etl/none', ID])('names the deployment that is not there: %s', async (name) => {
    const asked = createDeploymentRun(name, { client: api.client });
    await expect(asked).rejects.toThrow(DeploymentNotFoundError);
  });
});
