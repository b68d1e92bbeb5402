import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateClusterCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import type { FlowRunResponse } from '@prefect-ts/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../processes.ts';
import { aServerProcess, type ServerProcess } from '../server-process.ts';
import { aTerminal, type Program, type Terminal } from '../terminal.ts';
import { type Emulator, startMoto } from './emulators.ts';

let aws: Emulator;
let server: ServerProcess;
let terminal: Terminal;
let ecs: ECSClient;
let logs: CloudWatchLogsClient;

beforeAll(async () => {
  aws = await startMoto();
  server = await aServerProcess();
  await server.start();
  const access = { credentials: { accessKeyId: 'a', secretAccessKey: 's' }, region: 'eu-west-1', endpoint: aws.url };
  ecs = new ECSClient(access);
  logs = new CloudWatchLogsClient(access);
});
afterAll(async () => {
  ecs?.destroy();
  logs?.destroy();
  await server?.remove();
  await aws?.[Symbol.asyncDispose]();
});

const NAME = 'AWS of the tests';
let pool: string;
let pools = 0;

beforeEach(async () => {
  await fetch(`${aws.url}/moto-api/reset`, { method: 'POST' });
  // A task stays as it is until the test stops it.
  await fetch(`${aws.url}/moto-api/state-manager/set-transition`, {
    method: 'POST',
    body: JSON.stringify({ model_name: 'ecs::task', transition: { progression: 'manual', times: 1000 } }),
  });
  await ecs.send(new CreateClusterCommand({ clusterName: 'tests' }));
  pools += 1;
  pool = `tasks-${pools}`;
  terminal = await aTerminal({ folder: import.meta.dirname, env: { PREFECT_API_URL: server.apiUrl } });
});
afterEach(() => terminal.close());

async function must<Body = { id: string }>(method: string, path: string, body?: unknown): Promise<Body> {
  const answer = await server.request<Body>(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

interface Template {
  job_configuration: Record<string, unknown> & { task_definition: { containerDefinitions: object[] } };
  variables: { properties: Record<string, object> };
}

/** A pool from the template that the server offers, with credentials from a block, and a deployment in it. */
async function makeDeployment(variables: Record<string, unknown> = {}): Promise<string> {
  const block = await credentialsBlock();
  await terminal.succeed('work-pool', 'create', pool, '--type', 'ecs');
  const { base_job_template: template } = await must<{ base_job_template: Template }>('GET', `/work_pools/${pool}`);
  const { properties } = template.variables;
  properties.aws_credentials = { ...properties.aws_credentials, default: { $ref: { block_document_id: block } } };
  template.job_configuration.task_watch_poll_interval = 0.1;
  template.job_configuration.stream_output = true;
  // The emulator wants to know.
  Object.assign(template.job_configuration.task_definition.containerDefinitions[0] ?? {}, { memory: 2048 });
  await must('PATCH', `/work_pools/${pool}`, { base_job_template: template });
  const flow = await must('POST', '/flows/', { name: 'etl' });
  const deployment = { name: pool, flow_id: flow.id, work_pool_name: pool, job_variables: { cluster: 'tests', ...variables } };
  return (await must('POST', '/deployments/', deployment)).id;
}

async function credentialsBlock(): Promise<string> {
  const known = await server.request<{ id: string }>('GET', '/block_types/slug/aws-credentials');
  const type = known.status === 200 ? known.body : await must('POST', '/block_types/', { name: NAME, slug: 'aws-credentials' });
  const schema = await must('POST', '/block_schemas/', { block_type_id: type.id, fields: { type: 'object', properties: {} } });
  const data = {
    aws_access_key_id: 'a',
    aws_secret_access_key: 's',
    region_name: 'eu-west-1',
    aws_client_parameters: { endpoint_url: aws.url },
  };
  const document = { name: pool, block_type_id: type.id, block_schema_id: schema.id, data };
  return (await must('POST', '/block_documents/', document)).id;
}

async function startWorker(name = 'one'): Promise<Program> {
  const worker = terminal.start('worker', 'start', '--pool', pool, '--name', name);
  await worker.said(/started!\n/);
  return worker;
}

const startRun = async (deployment: string) => (await must('POST', `/deployments/${deployment}/create_flow_run`, {})).id;
const readRun = (id: string) => must<FlowRunResponse>('GET', `/flow_runs/${id}`);
const setState = (id: string, type: string) => must('POST', `/flow_runs/${id}/set_state`, { state: { type } });

async function untilStarted(id: string): Promise<Task> {
  const identifier = await eventually('the run has a task', async () => (await readRun(id)).infrastructure_pid ?? undefined);
  expect(identifier).toMatch(
    /^arn:aws:ecs:eu-west-1:123456789012:cluster\/tests::arn:aws:ecs:eu-west-1:123456789012:task\/tests\//,
  );
  const { tasks = [] } = await ecs.send(
    new DescribeTasksCommand({ cluster: 'tests', tasks: [identifier.split('::')[1] ?? ''], include: ['TAGS'] }),
  );
  expect(tasks).toHaveLength(1);
  return tasks[0] as Task;
}

const stopTask = ({ taskArn }: Task) => ecs.send(new StopTaskCommand({ cluster: 'tests', task: taskArn, reason: 'by the test' }));
const untilOver = (id: string, type: string) =>
  eventually(`the run is ${type}`, async () => {
    const { state } = await readRun(id);
    return state?.type === type && state;
  });

describe('a worker for ECS', () => {
  test('starts a run as a task, in the default network, and tells of its end', async () => {
    const deployment = await makeDeployment({ env: { GREETING: 'hi' }, cpu: 512, memory: 1024, image: 'mine:1' });
    const worker = await startWorker();
    const run = await startRun(deployment);
    const task = await untilStarted(run);
    expect(task).toMatchObject({ launchType: 'FARGATE', clusterArn: expect.stringMatching(/tests$/) });
    expect(task.tags).toContainEqual({ key: 'prefect.io/flow-run-id', value: run });
    const [override] = task.overrides?.containerOverrides ?? [];
    expect(override).toMatchObject({ name: 'prefect', command: ['prefect', 'flow-run', 'execute'] });
    expect(override?.environment).toContainEqual({ name: 'GREETING', value: 'hi' });
    expect(override?.environment).toContainEqual({ name: 'PREFECT_API_URL', value: server.apiUrl });
    await worker.said(/https:\/\/eu-west-1\.console\.aws\.amazon\.com\/ecs\/v2\/clusters\/tests\/tasks\//);
    await setState(run, 'RUNNING');
    await setState(run, 'COMPLETED');
    await stopTask(task);
    await eventually('the worker told of the end', async () => {
      const filter = { event: { name: ['prefect.worker.executed-flow-run'] } };
      const { events } = await must<{ events: { related: Record<string, string>[] }[] }>('POST', '/events/filter', { filter });
      return events.some(({ related }) =>
        related.some((resource) => resource['prefect.resource.id'] === `prefect.flow-run.${run}`),
      );
    });
    expect((await readRun(run)).state?.type).toBe('COMPLETED');
  });

  test('reports a run that its task did not end', async () => {
    const run = await startRun(await makeDeployment());
    await startWorker();
    const task = await untilStarted(run);
    await setState(run, 'RUNNING');
    await stopTask(task);
    // The emulator's containers always end with code 0.
    const { message } = await untilOver(run, 'CRASHED');
    expect(message).toMatch(/^Flow run infrastructure exited with status code 0\. /);
  });

  test('stops the task of a run that is cancelled before it begins', async () => {
    const run = await startRun(await makeDeployment());
    await startWorker();
    const task = await untilStarted(run);
    await setState(run, 'CANCELLING');
    const { message } = await untilOver(run, 'CANCELLED');
    expect(message).toBe('Flow run cancelled by worker while pending.');
    const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: 'tests', tasks: [task.taskArn ?? ''] }));
    expect(tasks).toMatchObject([{ lastStatus: 'STOPPED', stoppedReason: 'Stopped by Prefect worker' }]);
  });

  test('watches a task again that a worker before it has started', async () => {
    const run = await startRun(await makeDeployment());
    const first = await startWorker('same');
    const task = await untilStarted(run);
    await setState(run, 'RUNNING');
    expect(await first.stop('SIGTERM')).toBe(0);
    const second = await startWorker('same');
    await second.said(/is watched again as/);
    await stopTask(task);
    await untilOver(run, 'CRASHED');
    const { taskArns } = await ecs.send(new ListTasksCommand({ cluster: 'tests', desiredStatus: 'RUNNING' }));
    expect(taskArns).toEqual([]);
  });

  test('registers one task definition for the runs of a deployment, and uses it after a restart where the pool says so', async () => {
    const deployment = await makeDeployment({ match_latest_revision_in_family: true, family: 'shared' });
    const first = await startWorker();
    await untilStarted(await startRun(deployment));
    await untilStarted(await startRun(deployment));
    await first.stop('SIGTERM');
    await startWorker('two');
    await untilStarted(await startRun(deployment));
    const { taskDefinitionArns } = await ecs.send(new ListTaskDefinitionsCommand({ familyPrefix: 'shared' }));
    expect(taskDefinitionArns).toHaveLength(1);
  });

  test('takes the definition of a run away after it where the pool says so', async () => {
    const run = await startRun(await makeDeployment({ auto_deregister_task_definition: true, family: 'once' }));
    await startWorker();
    const task = await untilStarted(run);
    await setState(run, 'RUNNING');
    await stopTask(task);
    await untilOver(run, 'CRASHED');
    const { taskDefinitionArns } = await ecs.send(new ListTaskDefinitionsCommand({ familyPrefix: 'once', status: 'ACTIVE' }));
    expect(taskDefinitionArns).toEqual([]);
  });

  test('shows what a run writes to CloudWatch', async () => {
    const role = 'arn:aws:iam::123456789012:role/ecs';
    const variables = { configure_cloudwatch_logs: true, execution_role_arn: role, cloudwatch_logs_prefix: 'runs' };
    const run = await startRun(await makeDeployment(variables));
    const worker = await startWorker();
    const task = await untilStarted(run);
    const stream = { logGroupName: 'prefect', logStreamName: `runs/prefect/${task.taskArn?.split('/').at(-1)}` };
    await logs.send(new CreateLogGroupCommand({ logGroupName: stream.logGroupName }));
    await logs.send(new CreateLogStreamCommand(stream));
    const logEvents = [{ timestamp: Date.now(), message: 'a line of the run' }];
    await logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
    await worker.said(/a line of the run\n/);
  });

  test('says what kept a task from starting', async () => {
    const run = await startRun(await makeDeployment({ cluster: 'none' }));
    await startWorker();
    const { message } = await untilOver(run, 'CRASHED');
    expect(message).toMatch(/^Failed to submit flow run to infrastructure: ClusterNotFoundException: Cluster not found/);
  });
});
