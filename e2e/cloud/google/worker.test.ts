import { afterEach, beforeEach, expect, test } from 'vitest';
import { proposed } from '../../../packages/sdk/test/scripted-api.ts';
import { CloudRunV2Worker } from '../../../packages/worker/src/cloud-run/cloud-run-worker.ts';
import { baseJobTemplate, startWorker } from '../../../packages/worker/src/index.ts';
import { aFlowRun, POOL, poolOfOne } from '../../../packages/worker/test/pool-of-one.ts';
import { recordingLog } from '../a-run.ts';
import { cloudRunV2Service } from './cloud-run-services.ts';
import { type GooglePlatform, googlePlatform } from './google-platform.ts';

let api: Awaited<ReturnType<typeof poolOfOne>>;
let platform: GooglePlatform;
const service = cloudRunV2Service({ exitCode: 137, failure: 'Memory limit of 512 MiB exceeded.' });

beforeEach(async () => {
  api = await poolOfOne();
  platform = await googlePlatform(service);
  process.env.CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN = platform.url;
});
afterEach(async () => {
  delete process.env.CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN;
  await api[Symbol.asyncDispose]();
  await platform[Symbol.asyncDispose]();
});

test('a worker takes a run to Cloud Run, with the credentials of a block, and reports why it crashed', async () => {
  const pool = { ...POOL, type: 'cloud-run-v2', base_job_template: baseJobTemplate(CloudRunV2Worker.variables) };
  api.on('GET /work_pools/local', { body: pool });
  api.on('GET /block_documents/b1', { body: { data: platform.credentials } });
  api.due.push(aFlowRun({ job_variables: { credentials: { $ref: { block_document_id: 'b1' } } } }));
  const { log } = recordingLog();
  const worker = await startWorker(CloudRunV2Worker, { client: api.client, pool: 'local', name: 'w1', log, runOnce: true });
  await worker.ended;
  expect(platform.problems).toEqual([]);
  expect(platform.sequence()).toEqual([
    'jobs.create',
    'jobs.get',
    'jobs.run',
    'jobs.get',
    'executions.get',
    'tasks.list',
    'jobs.delete',
  ]);
  expect(await api.called('PATCH /flow_runs/r1')).toEqual({
    infrastructure_pid: expect.stringMatching(/^calm-owl-[0-9a-f]{7}$/),
  });
  const crashed = api.bodies('POST /flow_runs/r1/set_state').map(proposed).at(-1);
  expect(crashed?.type).toBe('CRASHED');
  expect(crashed?.message).toMatch(/^Flow run infrastructure exited with non-zero status code 137\. /);
});
