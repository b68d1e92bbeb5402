import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ScriptedApi, scriptedApi } from '../../../sdk/test/scripted-api.ts';
import { FakeEcs } from '../../test/fake-ecs.ts';
import { aDeployment, aFlowRun, FLOW } from '../../test/pool-of-one.ts';
import type { FlowRunToStart } from '../base-worker.ts';
import { type Infrastructure, InfrastructureNotAvailableError, InfrastructureNotFoundError } from '../infrastructure.ts';
import { baseJobTemplate } from '../job-template/base-job-template.ts';
import { buildJobConfiguration } from '../job-template/job-configuration.ts';
import { prepareForRun } from '../job-template/prepare-for-run.ts';
import type { EcsConfiguration } from './configuration.ts';
import { openEcs } from './infrastructure.ts';
import { ecsVariables } from './variables.ts';

const QUICK = { retry: 0, retryJitter: 0, poll: 0.01, longestPoll: 0.02, appearance: 0, logDelay: 0.01 };
const ROLE = 'arn:aws:iam::123456789012:role/ecs';
const template = baseJobTemplate(ecsVariables);
const flowRun: FlowRunToStart = { ...aFlowRun(), flow: FLOW, deployment: undefined };
const noReferences = { blockById: async () => ({}), blockByName: async () => ({}), variable: async () => undefined };

let aws: FakeEcs;
let api: ScriptedApi;
let ecs: Infrastructure<EcsConfiguration>;
let lines: string[];
const running = new AbortController();
const log = {
  debug: () => undefined,
  info: (line: string) => lines.push(line),
  warning: (line: string) => lines.push(line),
  error: (line: string) => lines.push(line),
};

beforeEach(async () => {
  lines = [];
  aws = await FakeEcs.open();
  api = await scriptedApi();
  api.on('POST /events', { status: 204 });
  api.on('POST /flow_runs/*/set_state', { body: { status: 'ACCEPT', details: {}, state: null } });
  ecs = await openEcs({ client: api.client, log }, QUICK);
});
afterEach(async () => {
  await ecs.close?.();
  await aws[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

/** The configuration that a run gets from the default template with these variables; `template` fields are laid over it. */
async function configure(
  variables: Record<string, unknown> = {},
  fixed: Record<string, unknown> = {},
): Promise<EcsConfiguration> {
  const withFixed = { ...template, job_configuration: { ...(template.job_configuration as object), ...fixed } };
  const values = { aws_credentials: aws.credentials, env: { A: 'x', GONE: null }, ...variables };
  const built = await buildJobConfiguration(withFixed, values, noReferences, {});
  const workPool = { id: 'p1', name: 'my pool' };
  const settings = { PREFECT_API_URL: 'http://api', PREFECT_API_KEY: 'key' };
  return prepareForRun(built, { flowRun, flow: FLOW, deployment: undefined, workPool, workerName: 'w', settings });
}

const start = (config: EcsConfiguration) => ecs.start(flowRun, config, running.signal);
const watch = (id: string, config: EcsConfiguration) => ecs.watch(id, config, { log, signal: running.signal });
const lastRequest = () => aws.bodies('RunTask').at(-1);

describe('a task', () => {
  test('is started on Fargate, in all subnets of the default network, with what its run needs', async () => {
    const id = await start(await configure());
    expect(id).toMatch(
      /^arn:aws:ecs:eu-west-1:123456789012:cluster\/default::arn:aws:ecs:eu-west-1:123456789012:task\/default\/0+1$/,
    );
    expect(aws.definitions[0]).toMatchObject({
      family: 'prefect_my-pool_d1',
      cpu: '1024',
      memory: '2048',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      containerDefinitions: [{ name: 'prefect', image: expect.stringMatching(/^prefecthq\/prefect:3\./) }],
    });
    expect(lastRequest()).toMatchObject({
      launchType: 'FARGATE',
      taskDefinition: aws.definitions[0]?.taskDefinitionArn,
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ['subnet-a', 'subnet-b'], securityGroups: [], assignPublicIp: 'ENABLED' },
      },
      overrides: { containerOverrides: [{ name: 'prefect', command: ['prefect', 'flow-run', 'execute'] }] },
    });
    const environment = [
      { name: 'A', value: 'x' },
      { name: 'PREFECT_API_URL', value: 'http://api' },
      { name: 'PREFECT__FLOW_RUN_ID', value: 'r1' },
    ];
    expect(lastRequest()).toMatchObject({
      overrides: { containerOverrides: [{ environment: expect.arrayContaining(environment) }] },
    });
    expect(JSON.stringify(lastRequest())).not.toContain('GONE');
    expect(lastRequest()?.tags).toContainEqual({ key: 'prefect.io/work-pool-name', value: 'my-pool' });
    expect(lines).toContainEqual(
      expect.stringMatching(/https:\/\/eu-west-1\.console\.aws\.amazon\.com\/ecs\/v2\/clusters\/default\/tasks\/0+1\//),
    );
  });

  test('is sized by its variables, as the platform wants them', async () => {
    await start(await configure({ cpu: 512, memory: 4096, cluster: 'big', task_role_arn: ROLE, command: "sh -c 'echo hi'" }));
    expect(aws.definitions[0]).toMatchObject({ cpu: '512', memory: '4096' });
    expect(lastRequest()).toMatchObject({
      cluster: 'big',
      overrides: {
        cpu: '512',
        memory: '4096',
        taskRoleArn: ROLE,
        containerOverrides: [{ cpu: 512, memory: 4096, command: ['sh', '-c', 'echo hi'] }],
      },
    });
    await start(await configure({ cpu: 256, memory: 512, launch_type: 'EC2', family: 'machines' }));
    expect(aws.definitions[1]).toMatchObject({ family: 'machines', containerDefinitions: [{ cpu: 256, memory: 512 }] });
    expect(aws.definitions[1]).not.toHaveProperty('requiresCompatibilities');
    expect(lastRequest()).toMatchObject({ launchType: 'EC2' });
    expect(lastRequest()).not.toHaveProperty('networkConfiguration');
  });

  test.each([
    [{ launch_type: 'FARGATE_SPOT' }, [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }], 'awsvpc'],
    [
      { capacity_provider_strategy: [{ capacityProvider: 'mine', weight: 1, base: 0 }] },
      [{ capacityProvider: 'mine', weight: 1, base: 0 }],
      undefined,
    ],
  ])('with %j has a strategy in place of a launch type', async (variables, strategy, networkMode) => {
    await start(await configure(variables));
    expect(lastRequest()).toMatchObject({ capacityProviderStrategy: strategy });
    expect(lastRequest()).not.toHaveProperty('launchType');
    expect(aws.definitions[0]?.networkMode).toBe(networkMode);
  });

  test('is put into the configured network', async () => {
    await start(await configure({ vpc_id: 'vpc-own' }));
    expect(lastRequest()).toMatchObject({ networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-c'] } } });
    const network_configuration = { subnets: ['subnet-c'], securityGroups: ['sg-1'], assignPublicIp: 'DISABLED' };
    await start(await configure({ vpc_id: 'vpc-own', network_configuration }));
    expect(lastRequest()).toMatchObject({ networkConfiguration: { awsvpcConfiguration: network_configuration } });
    await expect(start(await configure({ vpc_id: 'vpc-none' }))).rejects.toThrow(
      /vpc-none has no subnets in the region eu-west-1/,
    );
  });

  test('gets secrets of the API from where they are kept, and nowhere else', async () => {
    await start(await configure({ prefect_api_key_secret_arn: 'arn:key', execution_role_arn: ROLE }));
    expect(aws.definitions[0]).toMatchObject({
      executionRoleArn: ROLE,
      containerDefinitions: [{ secrets: [{ name: 'PREFECT_API_KEY', valueFrom: 'arn:key' }] }],
    });
    expect(JSON.stringify(lastRequest())).not.toContain('PREFECT_API_KEY');
  });

  test('logs to CloudWatch on request', async () => {
    const cloudwatch_logs_options = { 'awslogs-group': 'mine', mode: 'non-blocking' };
    const variables = { configure_cloudwatch_logs: true, execution_role_arn: ROLE, cloudwatch_logs_options };
    await start(await configure(variables));
    expect(aws.definitions[0]).toMatchObject({
      containerDefinitions: [
        {
          logConfiguration: {
            logDriver: 'awslogs',
            options: {
              'awslogs-create-group': 'true',
              'awslogs-group': 'mine',
              'awslogs-region': 'eu-west-1',
              'awslogs-stream-prefix': 'prefect-logs_my pool_d1',
              mode: 'non-blocking',
            },
          },
        },
      ],
    });
  });

  test.each([
    [{ network_configuration: { subnets: ['s'] } }, /vpc_id/],
    [{ cloudwatch_logs_options: { mode: 'blocking' } }, /configure_cloudwatch_logs/],
    [{ configure_cloudwatch_logs: true }, /execution_role_arn/],
  ])('is refused with %j, before AWS is asked', async (variables, message) => {
    await expect(start(await configure(variables))).rejects.toThrow(message);
    expect(aws.calls).toEqual([]);
  });

  test('for a TypeScript flow needs an image: the official ones are for Python', async () => {
    const typescript = { ...flowRun, deployment: aDeployment() };
    await expect(ecs.start(typescript, await configure(), running.signal)).rejects.toThrow(/No image is set.*etl\.ts:etl/);
    await ecs.start(typescript, await configure({ image: 'mine:1' }), running.signal);
    expect(aws.tasks.size).toBe(1);
  });

  test('of a definition with more containers runs in the named one', async () => {
    const task_definition = {
      containerDefinitions: [
        { name: 'proxy', image: 'proxy:1' },
        { name: 'job', image: 'job:1', environment: { B: 'y' } },
      ],
    };
    await start(await configure({ container_name: 'job' }, { task_definition }));
    expect(aws.definitions[0]).toMatchObject({
      containerDefinitions: [
        { name: 'proxy', image: 'proxy:1' },
        { name: 'job', image: 'job:1', environment: [{ name: 'B', value: 'y' }] },
      ],
    });
    expect(lastRequest()).toMatchObject({ overrides: { containerOverrides: [{ name: 'job' }] } });
  });
});

describe('a task definition', () => {
  test('is registered once for runs that start together, and again when it has changed', async () => {
    const config = await configure();
    await Promise.all([start(config), start(config), start(config)]);
    expect(aws.definitions).toHaveLength(1);
    await start(await configure({ image: 'other:1' }));
    expect(aws.definitions).toHaveLength(2);
  });

  test('is registered again when the one before was taken away', async () => {
    const config = await configure();
    await start(config);
    Object.assign(aws.definitions[0] ?? {}, { status: 'INACTIVE' });
    await start(config);
    expect(aws.definitions).toHaveLength(2);
  });

  test('of another process is used when the pool says so', async () => {
    const variables = { family: 'shared', configure_cloudwatch_logs: true, execution_role_arn: ROLE };
    await start(await configure(variables));
    await ecs.close?.();
    ecs = await openEcs({ client: api.client, log }, QUICK);
    await start(await configure({ ...variables, match_latest_revision_in_family: true }));
    expect(aws.definitions).toHaveLength(1);
    await start(await configure({ ...variables, image: 'new:1', match_latest_revision_in_family: true }));
    expect(aws.definitions).toHaveLength(2);
  });

  test('that is given is used as it is', async () => {
    await start(await configure({ family: 'given' }));
    const task_definition_arn = String(aws.definitions[0]?.taskDefinitionArn);
    await start(await configure({ task_definition_arn }));
    expect(aws.definitions).toHaveLength(1);
    expect(lastRequest()).toMatchObject({ taskDefinition: task_definition_arn });
    await expect(start(await configure({ task_definition_arn: 'none' }))).rejects.toThrow('Unable to describe task definition.');
  });

  test('goes with its run when the pool says so', async () => {
    const config = await configure({ auto_deregister_task_definition: true });
    const id = await start(config);
    expect(lastRequest()?.tags).toContainEqual({ key: 'prefect.io/degregister-task-definition', value: 'true' });
    aws.change({ lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited' }, { exitCode: 0 });
    expect(await watch(id, config)).toEqual({ exitCode: 0 });
    expect(aws.definitions[0]?.status).toBe('INACTIVE');
  });

  test('goes also when no task came to be', async () => {
    aws.noRoom.push([{ reason: 'MISSING' }]);
    await expect(start(await configure({ auto_deregister_task_definition: true }))).rejects.toThrow();
    expect(aws.definitions[0]?.status).toBe('INACTIVE');
  });
});

describe('starting', () => {
  test('is tried again while there is no room', async () => {
    aws.noRoom.push([{ arn: 'i-1', reason: 'RESOURCE:MEMORY' }], [{ reason: 'RESOURCE:CPU' }]);
    await start(await configure());
    expect(aws.bodies('RunTask')).toHaveLength(3);
    expect(aws.tasks.size).toBe(1);
  });

  test('gives up after three tries, with what ECS said', async () => {
    aws.noRoom.push(...Array.from({ length: 3 }, () => [{ reason: 'RESOURCE:MEMORY', detail: 'of i-1' }]));
    const message =
      "ECS could not place the task in the cluster 'big': RESOURCE:MEMORY (no instance has enough free memory) of i-1";
    await expect(start(await configure({ cluster: 'big' }))).rejects.toThrow(message);
    expect(aws.bodies('RunTask')).toHaveLength(3);
  });

  test('is tried again when Fargate has no room', async () => {
    aws.go({ RunTask: [{ type: 'ClientException', message: 'Capacity is unavailable at this time. Please try again later.' }] });
    await start(await configure());
    expect(aws.tasks.size).toBe(1);
  });

  test('is not tried again when ECS refuses', async () => {
    aws.go({ RunTask: [{ type: 'AccessDeniedException', message: 'not authorized to perform: ecs:RunTask' }] });
    await expect(start(await configure())).rejects.toThrow('not authorized to perform: ecs:RunTask');
    expect(aws.bodies('RunTask')).toHaveLength(1);
  });

  test('outlasts throttling and trouble inside AWS', async () => {
    aws.go({
      RegisterTaskDefinition: [{ type: 'ThrottlingException', message: 'Rate exceeded' }],
      RunTask: [{ type: 'ServerException', message: 'oh', status: 500 }],
    });
    await start(await configure());
    expect(aws.tasks.size).toBe(1);
  });

  test('gives a run one task when the answer is lost on the way', async () => {
    aws.go({ RunTask: ['lost answer', 'lost request'] });
    await start(await configure());
    expect(aws.bodies('RunTask')).toHaveLength(3);
    expect(aws.tasks.size).toBe(1);
  });
});

describe('watching', () => {
  test('tells the server what the task does, and that it waits', async () => {
    const config = await configure();
    const watched = watch(await start(config), config);
    await aws.called('DescribeTasks', 2);
    aws.change({ lastStatus: 'RUNNING' });
    await aws.called('DescribeTasks', aws.bodies('DescribeTasks').length + 2);
    aws.change({ lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited' }, { exitCode: 0 });
    expect(await watched).toEqual({ exitCode: 0 });
    await api.called('POST /events', 3);
    const events = api.bodies('POST /events').flatMap((body) => body as { event: string; related: object[] }[]);
    expect(events.map(({ event }) => event)).toEqual([
      'prefect.ecs.task.provisioning',
      'prefect.ecs.task.running',
      'prefect.ecs.task.stopped',
    ]);
    expect(events[0]?.related).toContainEqual(expect.objectContaining({ 'prefect.resource.id': 'prefect.flow-run.r1' }));
    expect(api.bodies('POST /flow_runs/r1/set_state')).toMatchObject([
      { state: { type: 'PENDING', name: 'InfrastructurePending', message: 'ECS task is pending.' } },
    ]);
  });

  test.each([
    [
      'a program that failed',
      { stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited' },
      { exitCode: 3 },
      3,
      undefined,
    ],
    [
      'too little memory',
      { stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited' },
      { exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
      137,
      /OutOfMemoryError: Container killed due to memory usage.*Give the task more `memory`\.$/,
    ],
    [
      'an image that is not there',
      {
        stopCode: 'TaskFailedToStart',
        stoppedReason: 'CannotPullContainerError: pull image manifest has been retried 1 time(s): not found',
      },
      {},
      -1,
      /^ECS task failed to start: CannotPullContainerError: pull image .* not found\. Check the name of the image/,
    ],
    [
      'Spot capacity that was taken back',
      { stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.' },
      { exitCode: 143 },
      143,
      /took the Spot capacity .* back: Your Spot Task was interrupted\.$/,
    ],
    [
      'someone who stopped it',
      { stopCode: 'UserInitiated', stoppedReason: 'by hand' },
      {},
      -1,
      /^someone stopped the task: by hand\.$/,
    ],
    ['nothing that was said', {}, {}, -1, /without an exit code/],
  ])('tells of a task that ended by %s', async (_, task, container, exitCode, reason) => {
    const config = await configure();
    const id = await start(config);
    aws.change({ lastStatus: 'STOPPED', ...task }, container);
    const end = await watch(id, config);
    expect(end.exitCode).toBe(exitCode);
    if (reason) expect(end.reason).toMatch(reason);
    else expect(end).not.toHaveProperty('reason');
  });

  test('goes by the container of the run', async () => {
    const task_definition = {
      containerDefinitions: [
        { name: 'prefect', image: 'a' },
        { name: 'proxy', image: 'b' },
      ],
    };
    const config = await configure({}, { task_definition });
    const id = await start(config);
    aws.change({
      lastStatus: 'STOPPED',
      containers: [
        { name: 'prefect', exitCode: 0 },
        { name: 'proxy', exitCode: 137 },
      ],
    });
    expect(await watch(id, config)).toEqual({ exitCode: 0 });
  });

  test('looks at all tasks of a cluster with one request', async () => {
    const config = await configure();
    const ids = [await start(config), await start(config), await start(config)];
    const watched = ids.map((id) => watch(id, config));
    expect((await aws.called('DescribeTasks')).tasks).toHaveLength(3);
    aws.change({ lastStatus: 'STOPPED' }, { exitCode: 0 });
    await Promise.all(watched);
  });

  test('outlasts a lost connection', async () => {
    const config = await configure();
    const id = await start(config);
    // As many as the SDK tries by itself, and one more.
    aws.go({ DescribeTasks: Array.from({ length: 6 }, () => 'lost request') });
    aws.change({ lastStatus: 'STOPPED' }, { exitCode: 0 });
    expect(await watch(id, config)).toEqual({ exitCode: 0 });
    expect(lines.join('\n')).toMatch(/did not answer[\s\S]*answers again/);
  });

  test('ends when AWS refuses, or does not know the task', async () => {
    const config = await configure();
    const id = await start(config);
    aws.go({ DescribeTasks: [{ type: 'AccessDeniedException', message: 'not authorized' }] });
    await expect(watch(id, config)).rejects.toThrow('not authorized');
    aws.tasks.clear();
    await expect(watch(id, config)).rejects.toThrow(InfrastructureNotFoundError);
  });

  test('stops when the worker does, and leaves the task running', async () => {
    const config = await configure();
    const id = await start(config);
    const stopping = new AbortController();
    const watched = ecs.watch(id, config, { log, signal: stopping.signal });
    await aws.called('DescribeTasks');
    stopping.abort();
    await expect(watched).rejects.toThrow('aborted');
    expect(aws.bodies('StopTask')).toEqual([]);
  });

  test('stops a task that takes too long to start', async () => {
    const config = await configure({}, { task_start_timeout_seconds: 0.02 });
    const end = await watch(await start(config), config);
    expect(end).toMatchObject({ exitCode: -1, reason: expect.stringContaining('task_start_timeout_seconds') });
    expect(aws.bodies('StopTask')).toHaveLength(1);
  });

  test('shows what the run prints, to the last line', async () => {
    const variables = { configure_cloudwatch_logs: true, execution_role_arn: ROLE, cloudwatch_logs_prefix: 'logs' };
    const config = await configure(variables, { stream_output: true });
    const id = await start(config);
    lines = [];
    const watched = watch(id, config);
    aws.change({ lastStatus: 'RUNNING', startedAt: 1_700_000_000 });
    await aws.called('GetLogEvents');
    aws.logs.set(`logs/prefect/${id.split('/').at(-1)}`, ['one', 'two', 'three\n']);
    await aws.called('GetLogEvents', aws.bodies('GetLogEvents').length + 2);
    aws.change({ lastStatus: 'STOPPED' }, { exitCode: 0 });
    aws.logs.get(`logs/prefect/${id.split('/').at(-1)}`)?.push('four');
    await watched;
    expect(lines).toEqual(['one', 'two', 'three', 'four']);
  });

  test('goes on without the output when it cannot be read', async () => {
    const config = await configure({ configure_cloudwatch_logs: true, execution_role_arn: ROLE }, { stream_output: true });
    const id = await start(config);
    aws.go({ GetLogEvents: [{ type: 'AccessDeniedException', message: 'no logs:GetLogEvents' }] });
    aws.change({ lastStatus: 'STOPPED' }, { exitCode: 0 });
    expect(await watch(id, config)).toEqual({ exitCode: 0 });
    expect(lines).toContainEqual(expect.stringMatching(/no logs:GetLogEvents/));
    expect(aws.bodies('GetLogEvents')).toHaveLength(1);
  });
});

describe('killing', () => {
  test('stops the task, from any process', async () => {
    const config = await configure({ cluster: 'big' });
    const id = await start(config);
    const other = await openEcs({ client: api.client, log }, QUICK);
    await other.kill(id, 30, config);
    await other.close?.();
    expect(aws.bodies('StopTask')).toMatchObject([{ reason: 'Stopped by Prefect worker' }]);
    expect(await watch(id, config)).toMatchObject({
      exitCode: 143,
      reason: 'someone stopped the task: Stopped by Prefect worker.',
    });
  });

  test.each(['default::arn:aws:ecs:eu-west-1:123456789012:task/default/none', 'not-a-task'])(
    'says that %s is not there',
    async (id) => {
      await expect(ecs.kill(id, 30, await configure())).rejects.toThrow(InfrastructureNotFoundError);
    },
  );

  test('leaves tasks of other clusters alone', async () => {
    const config = await configure({ cluster: 'big' });
    const id = await start(config);
    await expect(ecs.kill(id, 30, await configure({ cluster: 'small' }))).rejects.toThrow(InfrastructureNotAvailableError);
    expect(aws.bodies('StopTask')).toEqual([]);
  });
});
