import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ScriptedApi, scriptedApi } from '../../../sdk/test/scripted-api.ts';
import { type ApplyProjectOptions, applyProject, IncompleteDeploymentError } from './apply-project.ts';
import { FlowDescriptionError } from './describe-flow.ts';

let api: ScriptedApi;
let directory: string;
beforeEach(async () => {
  api = await scriptedApi();
  api.on('GET /work_pools/local', { body: { name: 'local', type: 'process' } });
  api.on('GET /variables/name/region', { body: { value: 'eu' } });
  api.on('POST /flows/', { body: { id: 'f1' } });
  api.on('POST /deployments/', { status: 201, body: { id: 'd1' } });
  api.on('DELETE /automations/owned-by/*', { status: 204 });
  directory = await mkdtemp(join(tmpdir(), 'project-'));
  await mkdir(join(directory, 'node_modules'));
  const sdk = fileURLToPath(new URL('../../../sdk', import.meta.url));
  await symlink(sdk, join(directory, 'node_modules', 'prefect-ts'));
  await writeFile(join(directory, 'package.json'), '{"type":"module"}');
  await writeFile(
    join(directory, 'etl.ts'),
    `import { flow } from 'prefect-ts';
    export const etl = flow({ name: 'my-etl', version: 'v1', description: 'moves data' }, async () => 1);`,
  );
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

async function apply(yaml: string, options: Partial<ApplyProjectOptions> = {}) {
  await writeFile(join(directory, 'prefect.yaml'), yaml);
  return applyProject({ client: api.client, directory, print: () => undefined, ...options });
}
const sent = () => api.bodies('POST /deployments/');

describe('applyProject', () => {
  test('applies a deployment with what the file, the flow and the surroundings say', async () => {
    const applied = await apply(
      `
build:
  - prefect.deployments.steps.run_shell_script: { id: built, script: echo image:7 }
pull:
  - prefect.deployments.steps.git_clone:
      repository: https://example.org/etl.git
      access_token: "{{ prefect.blocks.secret.token }}"
      branch: "{{ built.stdout }}"
deployments:
  - name: daily
    entrypoint: etl.ts:etl
    tags: ["{{ prefect.variables.region }}", "{{ $STAGE }}"]
    work_pool:
      name: local
      job_variables: { image: "{{ built.stdout }}", missing: "{{ nothing }}" }
    schedules: [{ cron: "0 3 * * *" }]
`,
      { env: { ...process.env, STAGE: 'prod' } },
    );
    expect(applied).toEqual({
      deployments: [{ id: 'd1', fullName: 'my-etl/daily', created: true, workPool: 'local' }],
      unknown: [],
      problems: [],
    });
    expect(sent()).toMatchObject([
      {
        name: 'daily',
        description: 'moves data',
        version: 'v1',
        tags: ['eu', 'prod'],
        work_pool_name: 'local',
        job_variables: { image: 'image:7' },
        schedules: [{ schedule: { cron: '0 3 * * *' } }],
        pull_steps: [
          {
            'prefect.deployments.steps.git_clone': {
              repository: 'https://example.org/etl.git',
              access_token: '{{ prefect.blocks.secret.token }}',
              branch: 'image:7',
            },
          },
        ],
      },
    ]);
  });

  test('lets what a person says win over the file', async () => {
    await apply(
      'deployments: [{ name: daily, entrypoint: etl.ts:etl, tags: [file], work_pool: { name: other, job_variables: { a: 1 } } }]',
      {
        names: ['nightly'],
        overrides: { tags: ['person'], work_pool: { name: 'local' }, schedules: [{ interval: 60 }] },
      },
    );
    expect(sent()).toMatchObject([
      {
        name: 'nightly',
        tags: ['person'],
        work_pool_name: 'local',
        job_variables: { a: 1 },
        schedules: [{ schedule: { interval: 60 } }],
      },
    ]);
  });

  test('makes a deployment without a file, whose workers look for the code here', async () => {
    const overrides = { entrypoint: 'etl.ts:etl', work_pool: { name: 'local' } };
    await applyProject({ client: api.client, directory, names: ['daily'], overrides, print: () => undefined });
    expect(sent()).toMatchObject([{ pull_steps: [{ 'prefect.deployments.steps.set_working_directory': { directory } }] }]);
  });

  test('asks Python for the parameters of a Python flow', async () => {
    // Stands for an interpreter with Prefect: what it is asked for goes by its answer.
    const python = join(directory, 'python');
    const answer = JSON.stringify({ name: 'hello', description: null, version: 'p1', parameterSchema: { title: 'P' } });
    await writeFile(python, `#!/bin/sh\necho noise\nprintf '\\036%s' '${answer}'\n`);
    await chmod(python, 0o755);
    await apply('deployments: [{ name: daily, entrypoint: flow.py:hello, work_pool: { name: local } }]', {
      env: { ...process.env, PREFECT_PYTHON: python },
    });
    expect(sent()).toMatchObject([{ version: 'p1', parameter_openapi_schema: { title: 'P' } }]);
  });

  test.each([
    ['a flow that is not there', 'entrypoint: etl.ts:none, work_pool: { name: local }', FlowDescriptionError],
    ['no pool', 'entrypoint: etl.ts:etl', IncompleteDeploymentError],
    ['a pool that is not there', 'entrypoint: etl.ts:etl, work_pool: { name: nowhere }', IncompleteDeploymentError],
    ['no entrypoint', 'work_pool: { name: local }', IncompleteDeploymentError],
  ])('sends nothing for a deployment with %s', async (_, text, error) => {
    await expect(apply(`deployments: [{ name: daily, ${text} }]`)).rejects.toThrow(error);
    expect(sent()).toEqual([]);
  });
});
