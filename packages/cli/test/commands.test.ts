import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeploymentResponse, FlowRunResponse, WorkPoolResponse, WorkQueueResponse } from '@prefect-ts/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aPlaceWithServer, callApi, outcomeOf, type Place, printed } from './run-prefect.ts';

let place: Place;
let says: Place['says'];
beforeAll(async () => {
  place = await aPlaceWithServer();
  says = place.says;
});
afterAll(() => place.remove());

function api<T>(method: string, path: string, body?: unknown): Promise<T> {
  return callApi(place, method, path, body);
}

describe('work pools', () => {
  test('are created, changed, listed and deleted', async () => {
    expect(await says('work-pool', 'create', 'local', '--type', 'process')).toMatch(
      /^Created work pool 'local'!\n\nTo start a worker for this work pool, run:\n\n\tprefect worker start --pool local\n\n└── UUID: \S+\n└── Type: process\n└── Description: None\n└── Status: Not ready\n└── URL: \S+\/work-pools\/work-pool\/local\n$/,
    );
    expect(await says('work-pool', 'create', 'local', '--type', 'process')).toContain(
      "1: Work pool named 'local' already exists. Use --overwrite to update it.",
    );
    expect(await says('work-pool', 'pause', 'local')).toBe("Paused work pool 'local'\n");
    expect(await says('work-pools', 'ls')).toContain('local (**)  process');
    expect(await says('work-pool', 'resume', 'local')).toBe("Resumed work pool 'local'\n");
    expect(await says('work-pool', 'set-concurrency-limit', 'local', '3')).toBe(
      "Set concurrency limit for work pool 'local' to 3\n",
    );
    expect(await says('work-pool', 'update', 'local', '--description', 'mine')).toBe("Updated work pool 'local'\n");
    const pool = await place.json<WorkPoolResponse>('work-pool', 'inspect', 'local');
    expect(pool).toMatchObject({ concurrency_limit: 3, description: 'mine', is_paused: false });
    expect(await says('work-pool', 'clear-concurrency-limit', 'local')).toBe("Cleared concurrency limit for work pool 'local'\n");
    expect(await says('work-pool', 'delete', 'local')).toBe("Deleted work pool 'local'\n");
    expect(await says('work-pool', 'delete', 'local')).toBe(
      "1: Work pool 'local' does not exist.\n  See `prefect work-pool ls` for those there are.\n",
    );
  });

  test('need a type that there is', async () => {
    expect(await says('work-pool', 'create', 'x')).toContain('1: A work pool needs a type.');
    expect(await says('work-pool', 'create', 'x', '-t', 'nope')).toMatch(
      /^1: Unknown work pool type 'nope'\. Please choose from .*process/,
    );
  });

  test('say where they keep the code of runs', async () => {
    await says('work-pool', 'create', 'bare', '-t', 'process');
    expect(await says('work-pool', 'storage', 'inspect', 'bare')).toContain('No storage configuration found');
    const storage_configuration = { bundle_upload_step: { step: { bucket: 'b' } } };
    await api('PATCH', '/work_pools/bare', { storage_configuration });
    expect(await place.json('work-pool', 'storage', 'inspect', 'bare')).toMatchObject(storage_configuration);
    expect(await says('work-pool', 'storage', 'configure', 's3', 'bare')).toMatch(/^2: `prefect work-pool storage configure`/);
  });

  test('of a type begin with its template', async () => {
    const template = JSON.parse(await says('work-pool', 'get-default-base-job-template', '--type', 'process'));
    expect(Object.keys(template)).toEqual(expect.arrayContaining(['job_configuration', 'variables']));
  });
});

test('work queues are created, changed, listed and deleted', async () => {
  await says('work-pool', 'create', 'queued', '-t', 'process');
  expect(await says('work-queue', 'create', 'fast', '--pool', 'queued', '--limit', '2')).toContain(
    "    name - 'fast'\n    work pool - 'queued'\n",
  );
  expect(await says('work-queue', 'create', 'fast', '--pool', 'queued')).toBe(
    "1: Work queue with name: 'fast' already exists.\n",
  );
  expect(await says('work-queue', 'pause', 'fast', '--pool', 'queued')).toBe("Work queue 'fast' in work pool 'queued' paused\n");
  const queues = await place.json<WorkQueueResponse[]>('work-queues', 'ls', '--pool', 'queued', '--match', 'fa');
  expect(queues).toMatchObject([{ name: 'fast', is_paused: true, concurrency_limit: 2 }]);
  expect(await says('work-queue', 'delete', 'fast', '--pool', 'queued')).toContain("Successfully deleted work queue 'fast'");
  expect(await says('work-queue', 'inspect', 'fast', '--pool', 'queued')).toBe(
    "1: No work queue named 'fast' found in work pool 'queued'.\n",
  );
});

describe('a deployment', () => {
  const schema = { type: 'object', properties: { name: { type: 'string' } } };
  beforeAll(async () => {
    await says('work-pool', 'create', 'pool', '-t', 'process');
    const flow = await api<{ id: string }>('POST', '/flows/', { name: 'hi' });
    await api('POST', '/deployments/', {
      name: 'daily',
      flow_id: flow.id,
      work_pool_name: 'pool',
      entrypoint: 'hi.ts:hi',
      parameter_openapi_schema: schema,
    });
  });

  test('is listed and shown', async () => {
    expect(await says('deployments', 'ls')).toContain('hi/daily');
    expect(await place.json<DeploymentResponse>('deployment', 'inspect', 'hi/daily')).toMatchObject({ name: 'daily' });
    expect(await says('deployment', 'inspect', 'hi/nope')).toContain("1: Deployment 'hi/nope' not found!");
  });

  test('is run with parameters, a name and a time', async () => {
    const args = ['--param', 'name=bob', '--flow-run-name', 'for-{name}', '--start-in', '1 hour', '--tag', 'x'];
    expect(await says('deployment', 'run', 'hi/daily', ...args)).toMatch(
      /^Creating flow run for deployment 'hi\/daily'\.\.\.\nCreated flow run 'for-bob'\.\n└── UUID: \S+\n└── Parameters: \{"name":"bob"\}\n└── Job Variables: \{\}\n└── Scheduled start time: \S+ \S+ \S+ \(in 1 hour\)\n└── URL: \S+\n$/,
    );
    expect(await says('work-pool', 'preview', 'pool', '--hours', '2')).toContain('for-bob');
  });

  test('is not run with parameters it does not have', async () => {
    expect(await says('deployment', 'run', 'hi/daily', '--param', 'nme=bob')).toBe(
      "1: The following parameters were specified but not found on the deployment: 'nme'\n  The following parameters are available on the deployment: 'name'\n",
    );
  });

  test('gets, pauses and loses schedules', async () => {
    expect(await says('deployment', 'schedule', 'create', 'hi/daily', '--cron', '0 * * * *')).toBe(
      'Created deployment schedule!\n',
    );
    expect(await says('deployment', 'schedule', 'pause', 'hi/daily')).toContain('Paused schedule');
    expect(await says('deployment', 'schedule', 'ls', 'hi/daily')).toMatch(/cron: 0 \* \* \* \* +False/);
    expect(await says('deployment', 'schedule', 'create', 'hi/daily', '--interval', '7200', '--replace', '-y')).toContain(
      'Replaced',
    );
    expect(await says('deployment', 'schedule', 'ls', 'hi/daily')).toMatch(/interval: 2 hours +True/);
    expect(await says('deployment', 'schedule', 'clear', 'hi/daily', '-y')).toContain('Cleared all schedules');
    expect(await says('deployment', 'schedule', 'create', 'hi/daily')).toContain('1: Exactly one of');
  });
});

describe('a flow run', () => {
  let run: FlowRunResponse;
  beforeAll(async () => {
    const flow = await api<{ id: string }>('POST', '/flows/', { name: 'watched' });
    run = await api('POST', '/flow_runs/', { flow_id: flow.id, name: 'one', state: { type: 'RUNNING' } });
  });

  test('is found by its flow and its state', async () => {
    expect(await says('flow-runs', 'ls', '--flow-name', 'watched', '--state', 'running')).toMatch(/watched +one +Running/);
    expect(await place.json('flow-run', 'ls', '--flow-name', 'watched', '--state-type', 'failed')).toEqual([]);
  });

  test('prints its logs', async () => {
    const logs = ['first', 'second'].map((message, at) => ({
      name: 'x',
      level: 20,
      message,
      timestamp: new Date(Date.now() + at).toISOString(),
      flow_run_id: run.id,
    }));
    await api('POST', '/logs/', logs);
    expect(await says('flow-run', 'logs', run.id)).toMatch(/INFO {4}\| Flow run 'one' - first\n.*second\n$/);
    expect(await says('flow-run', 'logs', run.id, '--tail', '-n', '1')).not.toContain('first');
  });

  test('is followed until it is over, and fails the command when it fails', async () => {
    const watch = place.start('flow-run', 'watch', run.id);
    const ended = outcomeOf(watch);
    await printed(watch, /\| Running/);
    await api('POST', `/flow_runs/${run.id}/set_state`, { state: { type: 'FAILED', message: 'no luck' } });
    expect(await ended).toMatchObject({ code: 1, stdout: expect.stringContaining('Failed: no luck\n') });
    expect((await says('flow-run', 'watch', run.id)).startsWith('1: ')).toBe(true);
  });

  test('cannot be cancelled when it is over', async () => {
    expect(await says('flow-run', 'cancel', run.id)).toMatch(/^1: Flow run '\S+' was unable to be cancelled\. Reason: /);
  });

  test('without a deployment is not retried without its code', async () => {
    expect(await says('flow-run', 'retry', 'one')).toContain("1: Flow run 'one' does not belong to a deployment.");
  });

  test('is deleted', async () => {
    expect(await says('flow-run', 'delete', run.id)).toBe(`Successfully deleted flow run '${run.id}'.\n`);
    expect(await says('flow-run', 'inspect', run.id)).toBe(
      `1: Flow run '${run.id}' not found!\n  See \`prefect flow-run ls\` for those there are.\n`,
    );
  });
});

test('a worker says which type it found, starts, and ends in order', async () => {
  await says('work-pool', 'create', 'my-pool', '-t', 'process');
  const worker = place.start('worker', 'start', '--pool', 'my-pool');
  const ended = outcomeOf(worker);
  expect(await printed(worker, /started!\n/)).toMatch(
    /^Discovered worker type 'process' for work pool 'my-pool'\.\nWorker 'ProcessWorker [0-9a-f-]{36}' started!\n$/,
  );
  while ((await api<unknown[]>('POST', '/work_pools/my-pool/workers/filter')).length === 0);
  worker.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/Worker 'ProcessWorker \S+' stopped!\n$/) });
  expect(await says('worker', 'start')).toBe("1: Missing required option '--pool' / '-p'.\n");
});

test('any endpoint can be called', async () => {
  expect(JSON.parse(await says('api', 'get', 'admin/version'))).toBe('3.8.8');
  const missing = await place.run('api', 'GET', '/flows/00000000-0000-4000-8000-000000000000');
  expect([missing.code, JSON.parse(missing.stdout)]).toEqual([1, { detail: 'Flow not found' }]);
  writeFileSync(join(place.home, 'body.json'), '{"name":"from-file"}');
  expect(JSON.parse(await says('api', 'POST', '/flows/', '--data', '@body.json'))).toMatchObject({ name: 'from-file' });
  expect(await says('api', 'POST', '/flows/', '--data', '{')).toMatch(/^2: --data is not valid JSON/);
  expect(await says('api', 'FETCH', '/flows/')).toMatch(/^2: /);
});

test('an automation is tested on past events', async () => {
  const trigger = { type: 'event', expect: ['door.opened'], posture: 'Reactive', threshold: 1, within: 0 };
  const wanted = { name: 'doors', trigger, actions: [{ type: 'do-nothing' }] };
  const { id } = await api<{ id: string }>('POST', '/automations/', wanted);
  const event = { id: crypto.randomUUID(), occurred: new Date().toISOString(), event: 'door.opened' };
  await api('POST', '/events', [{ ...event, resource: { 'prefect.resource.id': 'door.1' } }]);
  expect(await says('automation', 'test', 'doors', '--hours', '1')).toMatch(
    /^Automation 'doors' would have fired 1 time in the last 1 hours, by 1 events\.\n[\s\S]*door\.opened +door\.1\n$/,
  );
  expect(await place.json('automation', 'test', '--id', id)).toMatchObject({ count: 1, complete: true });
  await api('POST', '/automations/', wanted);
  expect(await says('automation', 'test', 'doors')).toMatch(
    /^1: Several automations are named 'doors'\.\n {2}Choose one by --id: /,
  );
  expect(await says('automation', 'test')).toMatch(/^2: Give the name of an automation, or --id\./);
});
