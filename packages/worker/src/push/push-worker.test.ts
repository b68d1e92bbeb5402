import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { proposed } from '../../../sdk/test/scripted-api.ts';
import { aFlowRun, poolOfOne } from '../../test/pool-of-one.ts';
import { BaseWorker, type FlowRunToStart, type RunResult } from '../base-worker.ts';
import { baseJobTemplate, defineVariables } from '../job-template/base-job-template.ts';
import type { JobConfiguration } from '../job-template/job-configuration.ts';
import { startWorker } from '../start-worker.ts';
import { findPushWorkerClass, withOwnCredentials } from './push-worker.ts';

let api: Awaited<ReturnType<typeof poolOfOne>>;
let startedWith: JobConfiguration[];
beforeEach(async () => {
  api = await poolOfOne();
  startedWith = [];
});
afterEach(() => api[Symbol.asyncDispose]());

const variables = defineVariables({ properties: { credentials: { type: 'object', default: {} } } });

/** A platform that runs everything at once. */
class Platform extends BaseWorker {
  static readonly type = 'platform';
  static readonly description = 'A platform.';
  static readonly variables = variables;
  override async run(_run: FlowRunToStart, config: JobConfiguration, started: (id: string) => void): Promise<RunResult> {
    startedWith.push(config);
    started('t1');
    return { id: 't1', exitCode: 0 };
  }
}

const quiet = { debug: () => undefined, info: () => undefined, warning: () => undefined, error: () => undefined };

/** Serves the pool once, as a server does, with a run whose credentials are these. */
async function serveOnce(credentials: Record<string, string>): Promise<void> {
  const Push = withOwnCredentials('platform:push', { variable: 'credentials', fields: ['id', 'key'] }, Platform);
  const pool = {
    id: 'p1',
    name: 'local',
    type: 'platform:push',
    base_job_template: baseJobTemplate(variables),
    is_paused: false,
  };
  api.on('GET /work_pools/local', { body: pool });
  api.due.push(aFlowRun({ job_variables: { credentials } }));
  const worker = await startWorker(Push, {
    client: api.client,
    pool: 'local',
    name: 'local',
    listed: false,
    log: quiet,
    runOnce: true,
  });
  await worker.ended;
}

describe('what serves a push pool', () => {
  test('starts runs with the credentials of the pool, and is no worker of the list', async () => {
    await serveOnce({ id: 'i', key: 'k' });
    expect(startedWith).toMatchObject([{ credentials: { id: 'i', key: 'k' } }]);
    expect(api.calls.map(({ route }) => route)).not.toContain('POST /work_pools/local/workers/heartbeat');
  });

  test.each([{}, { id: 'i' }, { id: 'i', key: '' }])(
    'never starts one with what it finds on the server, as with %j',
    async (given) => {
      await serveOnce(given);
      expect(startedWith).toEqual([]);
      const state = proposed(api.bodies('POST /flow_runs/r1/set_state').at(-1));
      expect(state).toMatchObject({ type: 'CRASHED' });
      expect(state.message).toMatch(/MissingPushCredentialsError: .*credentials of its own: save a block with id, key/);
    },
  );

  test('is there for the push types of platforms that have workers here', async () => {
    expect((await findPushWorkerClass('ecs:push'))?.type).toBe('ecs:push');
    expect(await findPushWorkerClass('process:push')).toBeUndefined();
    expect(await findPushWorkerClass('ecs')).toBeUndefined();
  });
});
