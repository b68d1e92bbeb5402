import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { ConfigurationError, MissingFlowError, ScriptError } from '../errors.ts';
import { flow } from '../flows/flow.ts';
import { cron } from '../schedules/schedules.ts';
import { deployment, toDefinition } from './deployment.ts';
import { findEntrypoints } from './entrypoints.ts';
import { exportedFlows, exportOf } from './exported-flows.ts';
import { git } from './sources.ts';
import { onEvent } from './triggers.ts';

const etl = flow(
  { name: 'etl', version: 'v1', description: 'moves data', params: z.object({ n: z.number() }) },
  async ({ n }) => n,
);

describe('deployment', () => {
  test('says what was said, and no more', () => {
    const { fields, ...rest } = toDefinition(deployment(etl, 'nightly'), 'etl.ts:etl');
    expect(rest).toEqual({ flowName: 'etl', name: 'nightly', triggers: [] });
    expect(Object.keys(fields).sort()).toEqual([
      'description',
      'enforce_parameter_schema',
      'entrypoint',
      'parameter_openapi_schema',
      'version',
      'version_info',
    ]);
  });

  test('writes its options as the API takes them', () => {
    const given = deployment(etl, 'nightly', {
      schedules: [cron('0 3 * * *')],
      concurrency: { limit: 1, onConflict: 'cancel-new', grace: '10m' },
      params: { n: 1 },
      tags: ['a'],
      paused: true,
      jobVariables: { env: { A: '1' } },
      triggers: [onEvent('file.arrived', { within: '1m', threshold: 2, params: { n: 2 } })],
    });
    const { fields, triggers } = toDefinition(given, 'etl.ts:etl', { work_pool_name: 'local' });
    expect(fields).toMatchObject({
      schedules: [{ schedule: { cron: '0 3 * * *' } }],
      concurrency_limit: 1,
      concurrency_options: { collision_strategy: 'CANCEL_NEW', grace_period_seconds: 600 },
      parameters: { n: 1 },
      tags: ['a'],
      paused: true,
      job_variables: { env: { A: '1' } },
      work_pool_name: 'local',
      version: 'v1',
      version_info: { type: 'prefect:simple', version: 'v1' },
    });
    expect(triggers).toEqual([
      {
        type: 'event',
        posture: 'Reactive',
        expect: ['file.arrived'],
        match: {},
        match_related: {},
        for_each: [],
        threshold: 2,
        within: 60,
        parameters: { n: 2 },
      },
    ]);
  });

  test('drops the ending of a file name', () => {
    expect(deployment(etl, 'etl.ts').name).toBe('etl');
  });

  test.each(['', 'a/b', 'a%b'])('cannot be called %j', (name) => {
    expect(() => deployment(etl, name)).toThrow(ConfigurationError);
  });

  test('is plain data', () => {
    const given = deployment(etl, 'nightly', { source: git('https://example.org/etl.git', { branch: 'main' }) });
    expect(structuredClone(given)).toEqual(given);
  });
});

describe('the flows of a module', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'flows-'));
    await mkdir(join(directory, 'node_modules'));
    await symlink(fileURLToPath(new URL('../..', import.meta.url)), join(directory, 'node_modules', 'prefect-ts'));
    await writeFile(join(directory, 'package.json'), '{"type":"module"}');
    await writeFile(
      join(directory, 'flows.ts'),
      `import { flow } from 'prefect-ts';
      import { deployment, serve } from 'prefect-ts/deployments';
      console.log('noise');
      export const one = flow('first', async () => 1);
      const two = flow('second', async () => 2);
      export { two as other };
      export const number = 3;
      await serve(deployment(one, 'here'));
      setInterval(() => {}, 1000);`,
    );
    await writeFile(join(directory, 'broken.ts'), 'import "./none.ts";');
  });
  afterAll(() => rm(directory, { recursive: true }));

  test('are told by a process that loads it, whatever else it does', async () => {
    const flows = await exportedFlows(join(directory, 'flows.ts'));
    expect(flows.map(({ exportName, name }) => [exportName, name]).sort()).toEqual([
      ['one', 'first'],
      ['other', 'second'],
    ]);
    expect(exportOf(flows, 'second', 'flows.ts').exportName).toBe('other');
    expect(() => exportOf(flows, 'third', 'flows.ts')).toThrow(MissingFlowError);
  });

  test('give deployments their entrypoints, relative to a folder', async () => {
    const [file] = [join(directory, 'flows.ts')];
    const served = {
      ...deployment(
        flow('second', async () => 2),
        'd',
      ),
      file,
    };
    const named = deployment(etl, 'd', { entrypoint: 'lib/etl.ts:run' });
    expect(await findEntrypoints([served, named], directory)).toEqual(['flows.ts:other', 'lib/etl.ts:run']);
  });

  test('cannot be told of a module that does not load', async () => {
    await expect(exportedFlows(join(directory, 'broken.ts'))).rejects.toThrow(ScriptError);
  });
});
