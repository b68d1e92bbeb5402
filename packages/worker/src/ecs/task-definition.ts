import { COMPATIBLE_VERSION } from '@prefect-ts/protocol';
import { isRecord } from '../job-template/placeholders.ts';
import { containerNameOf, type EcsConfiguration, isFargate, recordOf, recordsOf, type TaskOwner } from './configuration.ts';

/** A task definition as it is registered. */
export interface TaskDefinitionRequest extends Record<string, unknown> {
  family: string;
  containerDefinitions: Record<string, unknown>[];
}

const DEFAULT_CPU = 1024;
const DEFAULT_MEMORY = 2048;
const DEFAULT_IMAGE = `prefecthq/prefect:${COMPATIBLE_VERSION}-python3.12`;
const LOG_GROUP = 'prefect';

/** Completes the task definition of a configuration (contract 11.4). */
export function buildTaskDefinition(config: EcsConfiguration, owner: TaskOwner, region: string): TaskDefinitionRequest {
  const template = recordOf(config.task_definition);
  const containers = recordsOf(template.containerDefinitions);
  const name = containerNameOf(config, containers);
  const position = positionOf(name, containers);
  const container: Record<string, unknown> = { image: DEFAULT_IMAGE, ...containers[position], name };
  const request = recordOf(config.task_run_request);
  const size = isFargate(request) ? sizeOfTask(template) : sizeOfContainer(template, container);
  const { cpu: _cpu, memory: _memory, ...rest } = template;
  containers[position] = {
    ...container,
    ...size.container,
    ...secretsOf(config, container),
    ...(config.configure_cloudwatch_logs ? { logConfiguration: logConfiguration(config, owner, region) } : {}),
  };
  return {
    ...rest,
    ...size.task,
    family: familyOf(template, owner),
    containerDefinitions: containers,
    ...(config.execution_role_arn ? { executionRoleArn: config.execution_role_arn } : {}),
  };
}

/** Where the container stands, or the first that has no name yet; else it is added. */
function positionOf(name: string, containers: readonly Record<string, unknown>[]): number {
  const byName = containers.findIndex((container) => container.name === name);
  if (byName >= 0) return byName;
  const nameless = containers.findIndex((container) => container.name === undefined);
  return nameless >= 0 ? nameless : containers.length;
}

/** Fargate wants the size of the whole task, as text, and its own kind of network. */
function sizeOfTask(template: Record<string, unknown>) {
  const compatibilities = Array.isArray(template.requiresCompatibilities) ? template.requiresCompatibilities : [];
  const task = {
    cpu: String(template.cpu ?? DEFAULT_CPU),
    memory: String(template.memory ?? DEFAULT_MEMORY),
    requiresCompatibilities: [...new Set([...compatibilities, 'FARGATE'])],
    networkMode: 'awsvpc',
  };
  return { task, container: {} };
}

/** Machines of one's own want the size of the container, as numbers. */
function sizeOfContainer(template: Record<string, unknown>, container: Record<string, unknown>) {
  const task = {
    ...(template.cpu === undefined ? {} : { cpu: String(template.cpu) }),
    ...(template.memory === undefined ? {} : { memory: String(template.memory) }),
  };
  const size = {
    cpu: Number(container.cpu ?? template.cpu ?? DEFAULT_CPU),
    memory: Number(container.memory ?? template.memory ?? DEFAULT_MEMORY),
  };
  return { task, container: size };
}

function familyOf(template: Record<string, unknown>, { pool, subject }: TaskOwner): string {
  const family = template.family ? String(template.family) : `prefect_${pool}_${subject}`;
  return family.replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, 255);
}

function logConfiguration(config: EcsConfiguration, { pool, subject }: TaskOwner, region: string): Record<string, unknown> {
  const options = {
    'awslogs-create-group': 'true',
    'awslogs-group': LOG_GROUP,
    'awslogs-region': region,
    'awslogs-stream-prefix': config.cloudwatch_logs_prefix || `prefect-logs_${pool}_${subject}`,
    ...config.cloudwatch_logs_options,
  };
  return { logDriver: 'awslogs', options };
}

/** Settings of the API that come from secrets of AWS: their names, and where they are. */
export function secretSettings(config: EcsConfiguration): Record<string, string> {
  return {
    ...(config.prefect_api_key_secret_arn ? { PREFECT_API_KEY: config.prefect_api_key_secret_arn } : {}),
    ...(config.prefect_api_auth_string_secret_arn ? { PREFECT_API_AUTH_STRING: config.prefect_api_auth_string_secret_arn } : {}),
  };
}

function secretsOf(config: EcsConfiguration, container: Record<string, unknown>): Record<string, unknown> {
  const settings = secretSettings(config);
  const others = (list: unknown) => recordsOf(list).filter(({ name }) => !Object.hasOwn(settings, String(name)));
  const environment = environmentOf(container.environment);
  if (Object.keys(settings).length === 0) return environment ? { environment } : {};
  const secrets = Object.entries(settings).map(([name, valueFrom]) => ({ name, valueFrom }));
  return {
    secrets: [...others(container.secrets), ...secrets],
    ...(environment ? { environment: others(environment) } : {}),
  };
}

/** An environment as ECS lists it, from a list or from an object. */
export function environmentOf(environment: unknown): Record<string, unknown>[] | undefined {
  if (Array.isArray(environment)) return recordsOf(environment).filter(({ value }) => value !== undefined);
  if (!isRecord(environment)) return undefined;
  const set = Object.entries(environment).filter(([, value]) => value !== null && value !== undefined);
  return set.map(([name, value]) => ({ name, value: String(value) }));
}
