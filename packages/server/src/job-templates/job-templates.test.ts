import { describe, expect, it, test } from 'vitest';
import { SchemaInvalidError, ValuesInvalidError } from '../parameters/index.ts';
import {
  BlockNotFoundError,
  checkBaseJobTemplate,
  findPlaceholders,
  findWorkerType,
  validateJobVariables,
  workerMetadata,
} from './index.ts';

const noBlocks = async () => undefined;

test('placeholders are found in values at any depth, never in keys, and only with plain names', () => {
  const template = {
    '{{ key }}': ['{{ a }} and {{b.c[0]}}', { x: '{{ $ENV }}' }],
    y: '{{ a }} {{ no no }} {{ prefect.blocks.x.y }}',
    z: 5,
  };
  expect(findPlaceholders(template)).toEqual(['a', 'b.c[0]', '$ENV', 'prefect.blocks.x.y']);
});

describe('the structure of a base job template', () => {
  it.each([[{}], [{ job_configuration: { a: '{{ b }}' }, variables: { properties: { b: {} } } }]])('%j is fine', (template) => {
    expect(() => checkBaseJobTemplate(template)).not.toThrow();
  });

  it.each([
    [{ variables: { properties: {} } }, 'must contain both a `job_configuration` key and a `variables` key.'],
    [{ job_configuration: { a: 1 }, variables: {} }, 'must contain both a `job_configuration` key and a `variables` key.'],
    [{ job_configuration: { a: '{{ b }}', c: ['{{ d }}'] }, variables: { properties: {} } }, 'undeclared variable(s): b ,d.'],
    [{ job_configuration: { a: '{{ $HOME }}' }, variables: { properties: { b: {} } } }, 'undeclared variable(s): $HOME.'],
  ])('%j is refused', (template, message) => {
    expect(() => checkBaseJobTemplate(template)).toThrow(message);
  });
});

describe('job variables', () => {
  const variables = {
    type: 'object',
    properties: { n: { type: 'integer', default: 1 }, bad: { type: 'integer', default: 'x' }, needed: { type: 'string' } },
    required: ['needed'],
  };
  const { bad: _, ...goodProperties } = variables.properties;
  const good = { job_configuration: {}, variables: { ...variables, properties: goodProperties } };
  const forRun = { requireAll: true, ignoreInvalidDefaults: true, findBlock: noBlocks };

  it('are the defaults, overlaid by each layer', async () => {
    expect(await validateJobVariables(good, [{ needed: 'a', n: 2 }, null, { n: 3 }], forRun)).toEqual({ n: 3, needed: 'a' });
    expect(await validateJobVariables(good, [{ needed: 'a' }], forRun)).toEqual({ n: 1, needed: 'a' });
  });

  it('may be null where there is a default', async () => {
    expect(await validateJobVariables(good, [{ needed: 'a', n: null }], forRun)).toEqual({ n: null, needed: 'a' });
  });

  it('are refused when they break the schema', async () => {
    await expect(validateJobVariables(good, [{ needed: 5 }], forRun)).rejects.toThrow(
      new ValuesInvalidError("Validation failed for field 'needed'. Failure reason: 5 is not of type 'string'"),
    );
  });

  it('must be complete for a run, not for a deployment', async () => {
    await expect(validateJobVariables(good, [], forRun)).rejects.toThrow("'needed' is a required property");
    await expect(validateJobVariables(good, [], { ...forRun, requireAll: false })).resolves.toEqual({ n: 1 });
  });

  it('need not be complete when a default was left out for being invalid', async () => {
    await expect(validateJobVariables({ variables }, [], forRun)).resolves.toEqual({ n: 1 });
  });

  it('with an invalid default are refused when the pool is created', async () => {
    await expect(
      validateJobVariables({ variables }, [], { ...forRun, requireAll: false, ignoreInvalidDefaults: false }),
    ).rejects.toThrow(/^Validation failed for work pool's job variable defaults: Validation failed for field 'bad'\./);
  });

  it('take a block’s data for a default that refers to it', async () => {
    const reference = { $ref: { block_document_id: 'id-1' } };
    const template = { variables: { type: 'object', properties: { credentials: { type: 'object', default: reference } } } };
    const findBlock = async (id: string) => (id === 'id-1' ? { token: 't' } : undefined);
    expect(await validateJobVariables(template, [], { ...forRun, findBlock })).toEqual({ credentials: { token: 't' } });
    await expect(validateJobVariables(template, [], forRun)).rejects.toThrow(BlockNotFoundError);
  });

  it('are not looked at without a schema, and need a valid one', async () => {
    expect(await validateJobVariables({}, [{ a: 1 }], forRun)).toEqual({});
    await expect(validateJobVariables({ variables: { type: 'strange' } }, [], forRun)).rejects.toThrow(SchemaInvalidError);
  });
});

describe('the types of work pools', () => {
  const types = Object.values(workerMetadata()).flatMap((collection) => Object.entries(collection));

  it('are all there, each under its own name', () => {
    expect(types.map(([name]) => name).sort()).toEqual([
      'azure-container-instance',
      'azure-container-instance:push',
      'cloud-run',
      'cloud-run-v2',
      'cloud-run-v2:push',
      'cloud-run:push',
      'coiled:push',
      'docker',
      'ecs',
      'ecs:push',
      'kubernetes',
      'modal:push',
      'prefect:managed',
      'process',
      'vertex-ai',
    ]);
    for (const [name, type] of types) expect(findWorkerType(name)).toBe(type);
    expect(findWorkerType('prefect-agent')).toBeUndefined();
  });

  it.each(types)(
    '%s has a sound template: every placeholder declared, every variable used, every default valid',
    async (_, type) => {
      const { job_configuration: configuration, variables } = type.default_base_job_configuration;
      checkBaseJobTemplate({ job_configuration: configuration, variables });
      expect(Object.keys(variables.properties ?? {}).sort()).toEqual(findPlaceholders(configuration).sort());
      await expect(
        validateJobVariables({ variables }, [], { requireAll: false, ignoreInvalidDefaults: false, findBlock: noBlocks }),
      ).resolves.toBeDefined();
    },
  );

  it.each([
    ['ecs:push', ['aws_credentials', 'cluster', 'vpc_id', 'execution_role_arn']],
    ['cloud-run:push', ['credentials']],
    ['cloud-run-v2:push', ['credentials']],
    [
      'azure-container-instance:push',
      ['aci_credentials', 'resource_group_name', 'subscription_id', 'image_registry', 'identities'],
    ],
    ['modal:push', ['modal_credentials']],
    ['coiled:push', ['credentials', 'image']],
  ])('%s has the variables that its provisioner fills in', (name, names) => {
    expect(findWorkerType(name)?.default_base_job_configuration.variables.properties).toMatchObject(
      Object.fromEntries(names.map((variable) => [variable, expect.anything()])),
    );
  });
});
