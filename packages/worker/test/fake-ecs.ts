import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Body = Record<string, unknown>;

/** A request that the fake has got. */
export interface EcsCall {
  readonly operation: string;
  readonly body: Body;
}

/** An answer that is not what was asked for: an error of AWS, or a connection that breaks before or after the work was done. */
export type Mishap = { type: string; message: string; status?: number } | 'lost request' | 'lost answer';

/** What a task is when ECS describes it. */
export interface FakeTask extends Body {
  taskArn: string;
  lastStatus: string;
  containers: Body[];
}

/**
 * ECS, CloudWatch Logs and the two questions about networks, in memory and field by field as AWS answers them. Tasks change when the test
 * says so. Requests that AWS refuses are refused.
 */
export class FakeEcs {
  readonly calls: EcsCall[] = [];
  readonly definitions: Body[] = [];
  readonly tasks = new Map<string, FakeTask>();
  /** Lines by log stream. */
  readonly logs = new Map<string, string[]>();
  /** Failures to answer the next requests to run tasks with. */
  readonly noRoom: Body[][] = [];
  subnets: Record<string, string[]> = { 'vpc-default': ['subnet-a', 'subnet-b'], 'vpc-own': ['subnet-c'] };
  readonly #mishaps = new Map<string, Mishap[]>();
  readonly #started = new Map<string, string>();
  readonly #waiting: { operation: string; count: number; resolve: (body: Body) => void }[] = [];
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  static async open(): Promise<FakeEcs> {
    const fake = new FakeEcs();
    fake.#server.listen(0, '127.0.0.1');
    await once(fake.#server, 'listening');
    return fake;
  }

  /** A block of credentials that leads here. */
  get credentials(): Body {
    const { port } = this.#server.address() as AddressInfo;
    return {
      aws_access_key_id: 'AKIDEXAMPLE',
      aws_secret_access_key: 'secret',
      region_name: 'eu-west-1',
      aws_client_parameters: { endpoint_url: `http://127.0.0.1:${port}` },
    };
  }

  bodies(operation: string): Body[] {
    return this.calls.filter((call) => call.operation === operation).map(({ body }) => body);
  }

  /** The body of the n-th request of a kind, when it has come. */
  called(operation: string, count = 1): Promise<Body> {
    const found = this.bodies(operation)[count - 1];
    if (found) return Promise.resolve(found);
    return new Promise((resolve) => this.#waiting.push({ operation, count, resolve }));
  }

  /** What the next requests of a kind get. */
  go(wrong: Record<string, Mishap[]>): void {
    for (const [operation, mishaps] of Object.entries(wrong)) this.#mishaps.set(operation, mishaps);
  }

  /** Changes a task, all of them when none is named. */
  change(task: Body, containers: Body = {}, arn?: string): void {
    for (const [key, found] of this.tasks) {
      if (arn !== undefined && key !== arn) continue;
      Object.assign(found, task);
      Object.assign(found.containers.at(-1) ?? {}, containers);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const chunk of request) text += chunk;
    const target = request.headers['x-amz-target'];
    const query = target === undefined ? new URLSearchParams(text) : undefined;
    const operation = query?.get('Action') ?? String(target).split('.')[1] ?? '';
    const body = query ? Object.fromEntries(query) : (JSON.parse(text) as Body);
    this.#record({ operation, body });
    const mishap = this.#mishaps.get(operation)?.shift();
    if (mishap === 'lost request') return void request.socket.destroy();
    if (typeof mishap === 'object') return this.#refuse(response, mishap.type, mishap.message, mishap.status);
    try {
      const answer = this.#answer(operation, body);
      if (mishap === 'lost answer') request.socket.destroy();
      else if (query) response.setHeader('content-type', 'text/xml').end(String(answer));
      else response.setHeader('content-type', 'application/x-amz-json-1.1').end(JSON.stringify(answer));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#refuse(response, error.type, error.message);
    }
  }

  #record(call: EcsCall): void {
    this.calls.push(call);
    const count = this.bodies(call.operation).length;
    for (const waiting of this.#waiting) {
      if (waiting.operation === call.operation && waiting.count === count) waiting.resolve(call.body);
    }
  }

  #refuse(response: ServerResponse, type: string, message: string, status = 400): void {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify({ __type: type, message }));
  }

  #answer(operation: string, body: Body): unknown {
    switch (operation) {
      case 'RegisterTaskDefinition':
        return this.#register(body);
      case 'DescribeTaskDefinition':
        return { taskDefinition: this.#definition(String(body.taskDefinition)) };
      case 'DeregisterTaskDefinition':
        return { taskDefinition: Object.assign(this.#definition(String(body.taskDefinition)), { status: 'INACTIVE' }) };
      case 'RunTask':
        return this.#runTask(body);
      case 'DescribeTasks':
        return this.#describeTasks(body);
      case 'StopTask':
        return this.#stopTask(body);
      case 'GetLogEvents':
        return this.#logEvents(body);
      case 'DescribeVpcs':
        return '<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-default</vpcId></item></vpcSet></DescribeVpcsResponse>';
      case 'DescribeSubnets': {
        const items = (this.subnets[String(body['Filter.1.Value.1'])] ?? []).map(
          (id) => `<item><subnetId>${id}</subnetId></item>`,
        );
        return `<DescribeSubnetsResponse><subnetSet>${items.join('')}</subnetSet></DescribeSubnetsResponse>`;
      }
      default:
        throw new Refusal('UnknownOperationException', operation);
    }
  }

  #register(body: Body): Body {
    const containers = body.containerDefinitions as Body[];
    const isFargate = (body.requiresCompatibilities as string[] | undefined)?.includes('FARGATE');
    if (isFargate && (typeof body.cpu !== 'string' || typeof body.memory !== 'string')) {
      throw new Refusal('ClientException', 'Fargate requires task definition to have cpu and memory as strings.');
    }
    if (!isFargate && containers.some(({ memory }) => !Number.isInteger(memory))) {
      throw new Refusal(
        'ClientException',
        'Invalid setting for container. At least one of memory and memoryReservation must be set.',
      );
    }
    const revision = this.definitions.filter(({ family }) => family === body.family).length + 1;
    const definition = {
      ...body,
      containerDefinitions: containers.map((container) => ({
        cpu: 0,
        portMappings: [],
        essential: true,
        environment: [],
        mountPoints: [],
        volumesFrom: [],
        systemControls: [],
        ...container,
      })),
      taskDefinitionArn: `arn:aws:ecs:eu-west-1:123456789012:task-definition/${body.family}:${revision}`,
      revision,
      volumes: [],
      status: 'ACTIVE',
      placementConstraints: [],
      compatibilities: ['EC2', ...(isFargate ? ['FARGATE'] : [])],
      registeredAt: 1_700_000_000,
      registeredBy: 'arn:aws:iam::123456789012:user/worker',
    };
    this.definitions.push(definition);
    return { taskDefinition: definition };
  }

  #definition(name: string): Body {
    const found = this.definitions.findLast(({ taskDefinitionArn, family, status }) =>
      name.startsWith('arn:') ? taskDefinitionArn === name : family === name && status === 'ACTIVE',
    );
    if (!found) throw new Refusal('ClientException', 'Unable to describe task definition.');
    return found;
  }

  #runTask(body: Body): Body {
    const token = String(body.clientToken);
    const earlier = this.tasks.get(this.#started.get(token) ?? '');
    if (earlier) return { tasks: [earlier], failures: [] };
    const definition = this.#definition(String(body.taskDefinition));
    this.#checkRun(body, definition);
    const failures = this.noRoom.shift();
    if (failures) return { tasks: [], failures };
    const cluster = String(body.cluster ?? 'default')
      .split('/')
      .at(-1);
    const id = String(this.tasks.size + 1).padStart(32, '0');
    const taskArn = `arn:aws:ecs:eu-west-1:123456789012:task/${cluster}/${id}`;
    const task: FakeTask = {
      taskArn,
      clusterArn: `arn:aws:ecs:eu-west-1:123456789012:cluster/${cluster}`,
      taskDefinitionArn: definition.taskDefinitionArn,
      lastStatus: 'PROVISIONING',
      desiredStatus: 'RUNNING',
      containers: (definition.containerDefinitions as Body[]).map(({ name }) => ({ name, lastStatus: 'PENDING' })),
      overrides: body.overrides,
      tags: body.tags,
    };
    this.tasks.set(taskArn, task);
    this.#started.set(token, taskArn);
    return { tasks: [task], failures: [] };
  }

  #checkRun(body: Body, definition: Body): void {
    const invalid = (message: string) => new Refusal('InvalidParameterException', message);
    if (definition.status !== 'ACTIVE') throw new Refusal('ClientException', 'TaskDefinition is inactive');
    if (body.launchType && body.capacityProviderStrategy) {
      throw invalid('Specifying both a launch type and capacity provider strategy is not supported.');
    }
    if (definition.networkMode === 'awsvpc' && !body.networkConfiguration) {
      throw invalid('Network Configuration must be provided when networkMode awsvpc is specified.');
    }
    const names = (definition.containerDefinitions as Body[]).map(({ name }) => name);
    for (const { name, command, environment, cpu } of (body.overrides as { containerOverrides: Body[] }).containerOverrides) {
      if (!names.includes(name)) throw invalid(`Override for container named ${name} is not a container in the TaskDefinition.`);
      if (!Array.isArray(command) || !Array.isArray(environment)) throw invalid('The overrides are not lists.');
      if (cpu !== undefined && !Number.isInteger(cpu)) throw invalid('The cpu of a container is a number.');
    }
    for (const { key, value } of body.tags as Body[]) {
      if (/[^A-Za-z0-9_./=+:@ -]/.test(`${key}${value}`)) throw invalid(`Invalid tag ${key}`);
    }
  }

  #describeTasks(body: Body): Body {
    const arns = body.tasks as string[];
    if (arns.length > 100) throw new Refusal('InvalidParameterException', 'Task identifier list has too many entries.');
    const missing = arns.filter((arn) => !this.tasks.has(arn));
    return {
      tasks: arns.flatMap((arn) => this.tasks.get(arn) ?? []),
      failures: missing.map((arn) => ({ arn, reason: 'MISSING' })),
    };
  }

  #stopTask(body: Body): Body {
    const task = this.tasks.get(String(body.task));
    if (!task) throw new Refusal('InvalidParameterException', 'The referenced task was not found.');
    if (task.lastStatus !== 'STOPPED') {
      const stopped = { lastStatus: 'STOPPED', desiredStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: body.reason };
      this.change(stopped, { exitCode: 143 }, task.taskArn);
    }
    return { task };
  }

  #logEvents(body: Body): Body {
    const lines = this.logs.get(String(body.logStreamName));
    if (!lines) throw new Refusal('ResourceNotFoundException', 'The specified log stream does not exist.');
    const start = body.nextToken === undefined ? 0 : Number(String(body.nextToken).split('/')[1]);
    // Pages of two lines, so that a log has more than one.
    const events = lines.slice(start, start + 2).map((message) => ({ timestamp: 1, ingestionTime: 2, message }));
    return { events, nextForwardToken: `f/${start + events.length}`, nextBackwardToken: `b/${start}` };
  }
}

class Refusal extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}
