import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FlowRunResponse } from '@prefect-ts/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../processes.ts';
import { aSystem, type System } from './system.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';

let system: System;
let folder: string;
beforeAll(async () => {
  system = await aSystem(['counting', 'throwing']);
  folder = await mkdtemp(join(tmpdir(), 'prefect-bad-input-'));
  await writeFile(join(folder, 'schedule.yaml'), projectWith('schedules: [{cron: "* * * * *", colour: red}]'));
  await writeFile(join(folder, 'type.yaml'), projectWith('tags: {colour: red}'));
  await writeFile(join(folder, 'broken.yaml'), 'deployments:\n- name: [bad\n');
});
afterAll(async () => {
  await system.remove();
  await rm(folder, { recursive: true });
});

function projectWith(line: string): string {
  return `deployments:\n- name: bad\n  entrypoint: ./flows/working.ts:counting\n  work_pool: {name: pool}\n  ${line}\n`;
}

/** Everything that bad input could have left behind. */
async function everything(): Promise<unknown> {
  const kinds = ['flows', 'flow_runs', 'deployments', 'work_pools', 'task_runs', 'artifacts'];
  const lists = await Promise.all(
    kinds.map(async (kind) => {
      const { body } = await system.server.request<{ id: string; updated: string }[]>('POST', `/${kind}/filter`, {});
      return [kind, body.map(({ id, updated }) => `${id} ${updated}`).sort()] as const;
    }),
  );
  return Object.fromEntries(lists);
}

/** A complaint is one line, and lines below it that begin with spaces and say what to do. */
const COMPLAINT = /^\S.*\n( {2}\S.*\n)*$/;

describe('a command that cannot be done says why in one line and changes nothing:', () => {
  const deploy = ['deploy', './flows/working.ts:counting', '--name', 'bad', '--pool', 'pool'];
  it.each<[string, string[], string]>([
    [
      'an unknown setting',
      ['config', 'set', 'PREFECT_NOPE=1'],
      "Unknown setting name 'PREFECT_NOPE'.\n  See `prefect config view",
    ],
    [
      'a setting of the wrong type',
      ['config', 'set', 'PREFECT_WORKER_QUERY_SECONDS=soon'],
      "PREFECT_WORKER_QUERY_SECONDS must be number, but 'soon' is not.\n  Nothing was changed",
    ],
    ...['inspect', 'watch', 'logs', 'cancel', 'execute'].map((verb): [string, string[], string] => [
      `an unknown id to ${verb}`,
      ['flow-run', verb, NOBODY],
      `Flow run '${NOBODY}' not found!\n  See \`prefect flow-run ls\``,
    ]),
    ['an unknown deployment', ['deployment', 'run', 'a/b'], "Deployment 'a/b' not found!\n  See `prefect deployment ls`"],
    ['an unknown work pool', ['work-pool', 'pause', 'nope'], "Work pool 'nope' not found!\n  See `prefect work-pool ls`"],
    ['an unknown type of pool', ['work-pool', 'create', 'x', '--type', 'nope'], "Unknown work pool type 'nope'. Please choose"],
    ['a pool that is there', ['work-pool', 'create', 'pool', '--type', 'process'], "Work pool named 'pool' already exists. Use"],
    [
      'a worker of a type that is not here',
      ['worker', 'start', '--pool', 'pool', '--type', 'nope'],
      "Unable to start worker: there is no worker of type 'nope' here.\n  Types of this installation: ",
    ],
    [
      'an unknown parameter',
      ['deployment', 'run', 'counting/d', '--param', 'm=1'],
      "The following parameters were specified but not found on the deployment: 'm'\n  The following parameters are available",
    ],
    [
      'a parameter that does not fit',
      ['deployment', 'run', 'counting/d', '--param', 'n=many'],
      "Error creating flow run: Validation failed for field 'n'. Failure reason: 'many' is not of type 'integer'",
    ],
    [
      'a module that is not there',
      ['deploy', './flows/none.ts:hello', '--name', 'bad', '--pool', 'pool'],
      `There is no module ${join(import.meta.dirname, 'flows/none.ts')}.`,
    ],
    [
      'a flow that is not there',
      ['deploy', './flows/working.ts:nobody', '--name', 'bad', '--pool', 'pool'],
      "The module ./flows/working.ts exports no flow 'nobody'; it exports: beating, counting",
    ],
    [
      'a pool that is not there',
      ['deploy', './flows/working.ts:counting', '--name', 'bad', '--pool', 'nope'],
      "This deployment configuration references work pool 'nope' which does not exist.",
    ],
    [
      'a default parameter that does not fit',
      [...deploy, '--param', 'n=many'],
      "Deployment 'counting/bad' was not applied: Validation failed for field 'n'. Failure reason: 'many' is not of type 'integer'",
    ],
    [
      'a schedule that is none',
      [...deploy, '--cron', 'often'],
      'Deployment \'counting/bad\' was not applied: schedules.0.schedule.cron: Invalid cron string: "often"',
    ],
    [
      'a job variable that does not fit',
      [...deploy, '--job-variable', 'stream_output=7'],
      "Deployment 'counting/bad' was not applied: Error creating deployment: Validation failed for field 'stream_output'.",
    ],
    [
      'a file with an unknown key in a schedule',
      ['deploy', '--all', '--prefect-file', 'schedule.yaml'],
      "Deployment 'bad' is left out: schedules cannot be read.\nNothing was deployed.\n  Give an entrypoint",
    ],
    [
      'a file with a wrong type',
      ['deploy', '--all', '--prefect-file', 'type.yaml'],
      "Deployment 'bad' is left out: tags cannot be read.\nNothing was deployed.\n  Give an entrypoint",
    ],
    ['a file that is no YAML', ['deploy', '--all', '--prefect-file', 'broken.yaml'], 'broken.yaml is no valid YAML: '],
  ])('%s', async (_, args, complaint) => {
    const before = await everything();
    const { code, stderr } = await system.terminal.prefect(
      ...args.map((arg) => (arg.endsWith('.yaml') ? join(folder, arg) : arg)),
    );
    const said = stderr.replace(/^Workers will look for .*\n/, '').replaceAll(`${folder}/`, '');
    expect([code, said]).toEqual([1, expect.stringContaining(complaint)]);
    expect(said.startsWith(complaint)).toBe(true);
    expect(said.replace(/^Deployment .* is left out: .*\n/, '')).toMatch(COMPLAINT);
    expect(await everything()).toEqual(before);
  });

  it('a run that is over cannot be cancelled', async () => {
    const run = await aRun();
    await system.server.request('POST', `/flow_runs/${run.id}/set_state`, { state: { type: 'COMPLETED' } });
    const before = await system.readRun(run.id);
    const { code, stderr } = await system.terminal.prefect('flow-run', 'cancel', run.id);
    expect([code, stderr]).toEqual([1, expect.stringMatching(COMPLAINT)]);
    expect(stderr).toContain(`Flow run '${run.id}' was unable to be cancelled. Reason: `);
    expect(await system.readRun(run.id)).toEqual(before);
  });
});

async function aRun(): Promise<FlowRunResponse> {
  const flow = await system.server.request<{ id: string }>('GET', '/flows/name/counting');
  return (await system.server.request<FlowRunResponse>('POST', '/flow_runs/', { flow_id: flow.body.id })).body;
}

describe('a request that is wrong is refused and changes nothing:', () => {
  const invalid = (type: string, ...loc: (string | number)[]) => ({
    exception_message: 'Invalid request received.',
    exception_detail: [expect.objectContaining({ type, loc: ['body', ...loc] })],
    request_body: expect.anything(),
  });
  it.each<[string, string, string, object | undefined, number, unknown]>([
    ['an unknown field', 'POST', '/flows/', { name: 'x', colour: 'red' }, 422, invalid('extra_forbidden', 'colour')],
    ['a wrong type', 'POST', '/flows/', { name: 5 }, 422, invalid('string_type', 'name')],
    ['a missing field', 'POST', '/flow_runs/', {}, 422, invalid('missing', 'flow_id')],
    [
      'an unknown state',
      'POST',
      '/flow_runs/RUN/set_state',
      { state: { type: 'SLEEPING' } },
      422,
      invalid('enum', 'state', 'type'),
    ],
    ['an unknown run', 'GET', `/flow_runs/${NOBODY}`, undefined, 404, { detail: 'Flow run not found' }],
    ['an unknown deployment', 'POST', `/deployments/${NOBODY}/create_flow_run`, {}, 404, { detail: 'Deployment not found' }],
    [
      'an unknown flow',
      'POST',
      '/flow_runs/',
      { flow_id: NOBODY },
      409,
      { detail: expect.stringContaining('integrity conflict') },
    ],
    ['no such place', 'GET', '/flow_runs/abc', undefined, 404, { detail: 'Not Found' }],
  ])('%s', async (_, method, path, body, status, answer) => {
    const run = await aRun();
    const before = await everything();
    expect(await system.server.request(method, path.replace('RUN', run.id), body)).toEqual({ status, body: answer });
    expect(await everything()).toEqual(before);
  });

  it('a parameter that does not fit its schema', async () => {
    const { body } = await system.server.request<{ id: string }>('GET', '/deployments/name/counting/d');
    const before = await everything();
    const parameters = { n: 'many' };
    expect(await system.server.request('POST', `/deployments/${body.id}/create_flow_run`, { parameters })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining("Validation failed for field 'n'") },
    });
    expect(await everything()).toEqual(before);
  });

  it('a state that the present one does not allow', async () => {
    const run = await aRun();
    const setState = (type: string) => system.server.request('POST', `/flow_runs/${run.id}/set_state`, { state: { type } });
    await setState('COMPLETED');
    const before = await system.readRun(run.id);
    expect((await setState('CANCELLING')).body).toMatchObject({
      status: 'ABORT',
      details: { type: 'abort_details', reason: 'Run is already in terminal state COMPLETED.' },
    });
    expect(await system.readRun(run.id)).toEqual(before);
  });
});

describe('a run that cannot go well ends, and says why:', () => {
  it('a flow that throws', async () => {
    const worker = await system.startWorker();
    const { code, stdout } = await system.terminal.prefect('deployment', 'run', 'throwing/d', '--watch');
    expect(code).toBe(1);
    expect(stdout).toContain('Failed: Flow run encountered an exception: RangeError: out of beans');
    expect(stdout).toContain('flows/working.ts:');
    await worker.stop('SIGTERM');
  });

  it('an entrypoint that was there when it was deployed', async () => {
    const { body } = await system.server.request<{ id: string }>('GET', '/deployments/name/counting/d');
    await system.server.request('PATCH', `/deployments/${body.id}`, { entrypoint: './flows/gone.ts:counting' });
    const worker = await system.startWorker();
    const id = await system.startRun('counting/d');
    expect(await system.endOf(id)).toMatchObject({
      type: 'CRASHED',
      message: expect.stringMatching(/^Process exited with status code: 1\. /),
    });
    const logs = () => system.terminal.succeed('flow-run', 'logs', id);
    await eventually('its log names the module', async () => (await logs()).includes('gone.ts'));
    await worker.stop('SIGTERM');
  });

  it('a worker on a pool of another type is told so', async () => {
    await system.server.request('POST', '/work_pools/', { name: 'boxes', type: 'docker' });
    const worker = system.terminal.start('worker', 'start', '--pool', 'boxes', '--type', 'process');
    const [line] = await worker.said(/Worker type mismatch! .*/);
    expect(line).toContain("This worker is of type 'process', the work pool 'boxes' is of type 'docker'.");
    expect(await worker.stop('SIGTERM')).toBe(0);
  });
});

it('leaves nothing in the folders that it worked in', async () => {
  expect(await readdir(join(import.meta.dirname))).not.toContain('prefect.yaml');
});
