import { describe, expect, test } from 'vitest';
import { baseJobTemplate, defineVariables } from './base-job-template.ts';
import { buildJobConfiguration, mergeJobVariables } from './job-configuration.ts';
import type { ReferenceSource } from './references.ts';

const noReferences: ReferenceSource = {
  blockById: async () => ({}),
  blockByName: async () => ({ value: 's3cret' }),
  variable: async () => undefined,
};

const build = (template: Record<string, unknown>, variables: Record<string, unknown>, env = {}) =>
  buildJobConfiguration(template, variables, noReferences, env);

const pool = (env: Record<string, unknown>, jobEnv: unknown = '{{ env }}') => ({
  job_configuration: { command: '{{ command }}', env: jobEnv, image: '{{ image }}' },
  variables: { properties: { env: { default: env }, image: { default: 'base' }, command: { default: null } } },
});

describe('mergeJobVariables', () => {
  test('merges the environment by name and replaces everything else', () => {
    const deployment = { env: { A: '1', B: '1' }, labels: { x: '1' } };
    expect(mergeJobVariables(deployment, { env: { B: '2' }, labels: { y: '2' } })).toEqual({
      env: { A: '1', B: '2' },
      labels: { y: '2' },
    });
  });
});

describe('buildJobConfiguration', () => {
  test('lays environments over each other: pool, deployment, run', async () => {
    const variables = mergeJobVariables({ env: { B: 3 } }, { 'env.C': 4 });
    const { env } = await build(pool({ A: '1', B: '2' }), variables);
    expect(env).toEqual({ A: '1', B: '3', C: '4' });
  });

  test("keeps the template's own environment under all others", async () => {
    const { env } = await build(pool({ B: 'pool' }, { A: 'template', B: 'template', C: 'template' }), { env: { C: 'run' } });
    expect(env).toEqual({ A: 'template', B: 'pool', C: 'run' });
  });

  test('keeps null, which takes a variable away', async () => {
    expect((await build(pool({ A: '1' }), { env: { A: null } })).env).toEqual({ A: null });
  });

  test('lets a plain key win over a dotted one', async () => {
    expect((await build(pool({}), { 'env.A': 'dotted', env: { A: 'plain' } })).env).toEqual({ A: 'plain' });
  });

  test('takes values over defaults, and drops what has neither', async () => {
    expect((await build(pool({}), { image: 'mine' })).image).toBe('mine');
    expect((await build(pool({}), {})).image).toBe('base');
    expect((await build(pool({}), {})).command).toBeNull();
  });

  test("reads the worker's environment in the template but not in job variables", async () => {
    const template = { job_configuration: { a: '{{ $TOWN }}', b: '{{ b }}' }, variables: { properties: {} } };
    expect(await build(template, { b: '{{ $TOWN }}' }, { TOWN: 'Madrid' })).toMatchObject({ a: 'Madrid', b: '{{ $TOWN }}' });
  });

  test('resolves blocks that stand in job variables', async () => {
    expect((await build(pool({}), { env: { TOKEN: '{{ prefect.blocks.secret.t }}' } })).env).toEqual({ TOKEN: 's3cret' });
  });

  test('does not change the template', async () => {
    const template = pool({ A: '1' }, { B: '2' });
    const before = structuredClone(template);
    await build(template, { env: { C: '3' } });
    expect(template).toEqual(before);
  });
});

describe('baseJobTemplate', () => {
  test('puts each variable under its own name', () => {
    const template = baseJobTemplate(defineVariables({ properties: { image: { type: 'string' } }, required: ['image'] }));
    expect(template).toMatchObject({
      job_configuration: {
        name: '{{ name }}',
        env: '{{ env }}',
        labels: '{{ labels }}',
        command: '{{ command }}',
        image: '{{ image }}',
      },
      variables: { type: 'object', required: ['image'] },
    });
  });
});
