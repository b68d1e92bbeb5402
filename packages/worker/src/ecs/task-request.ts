import { splitWords } from '../steps/run-command.ts';
import { containerNameOf, type EcsConfiguration, recordOf, recordsOf } from './configuration.ts';
import { environmentOf, secretSettings } from './task-definition.ts';

/** Says that the definition of a task was made for its run and goes with it. The spelling is what clients look for. */
export const DEREGISTER_TAG = 'prefect.io/degregister-task-definition';

const DEFAULT_COMMAND = 'prefect flow-run execute';

export interface TaskRequestOptions {
  readonly taskDefinitionArn: string;
  /** The containers of that task definition. */
  readonly containers: readonly unknown[];
  /** What ECS calls a `networkConfiguration`; for tasks with a network of their own. */
  readonly network: Readonly<Record<string, unknown>> | undefined;
  /** Whether the task definition is to be deregistered after the run. */
  readonly deregister: boolean;
}

/** Completes the request that starts a task (contract 11.4). */
export function buildTaskRequest(config: EcsConfiguration, options: TaskRequestOptions): Record<string, unknown> {
  const { launchType, capacityProviderStrategy, networkConfiguration, ...template } = recordOf(config.task_run_request);
  const network = networkConfiguration ?? options.network;
  return {
    ...template,
    ...placement(launchType, capacityProviderStrategy),
    ...(network ? { networkConfiguration: network } : {}),
    ...(config.cluster ? { cluster: config.cluster } : {}),
    taskDefinition: options.taskDefinitionArn,
    overrides: overridesOf(config, options.containers),
    tags: tagsOf(config, template.tags, options.deregister),
  };
}

/** ECS takes a launch type or a strategy, never both; Spot is a strategy. */
function placement(launchType: unknown, strategy: unknown): Record<string, unknown> {
  if (Array.isArray(strategy) && strategy.length > 0) return { capacityProviderStrategy: strategy };
  if (launchType === 'FARGATE_SPOT') return { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] };
  return { launchType: launchType ?? 'FARGATE' };
}

function overridesOf(config: EcsConfiguration, definitions: readonly unknown[]): Record<string, unknown> {
  const request = recordOf(config.task_run_request);
  const { containerOverrides, cpu, memory, ...overrides } = recordOf(request.overrides);
  const containers = recordsOf(containerOverrides).map(asEcsWrites);
  const name = containerNameOf(config, definitions);
  const found = containers.findIndex((container) => container.name === name || container.name === undefined);
  const position = found >= 0 ? found : containers.length;
  const container = containers[position] ?? {};
  containers[position] = {
    ...container,
    name,
    command: config.command ? splitWords(config.command) : (container.command ?? splitWords(DEFAULT_COMMAND)),
    environment: environmentFor(config, container.environment),
  };
  return {
    ...overrides,
    ...(cpu === undefined ? {} : { cpu: String(cpu) }),
    ...(memory === undefined ? {} : { memory: String(memory) }),
    containerOverrides: containers,
  };
}

/** Templates write a command as text, an environment as an object and sizes as they like; ECS wants lists and numbers. */
function asEcsWrites({ command, cpu, memory, ...container }: Record<string, unknown>): Record<string, unknown> {
  const environment = environmentOf(container.environment);
  const words = typeof command === 'string' ? splitWords(command) : command;
  return {
    ...container,
    ...(Array.isArray(words) && words.length > 0 ? { command: words } : {}),
    ...(cpu === undefined ? {} : { cpu: Number(cpu) }),
    ...(memory === undefined ? {} : { memory: Number(memory) }),
    ...(environment ? { environment } : {}),
  };
}

/** What the run needs is laid over what the template has; what comes from secrets is left to them. */
function environmentFor(config: EcsConfiguration, fromTemplate: unknown): Record<string, unknown>[] {
  const secrets = secretSettings(config);
  const kept = recordsOf(fromTemplate).filter(({ name }) => !Object.hasOwn(config.env, String(name)));
  return [...kept, ...(environmentOf(config.env) ?? [])].filter(({ name }) => !Object.hasOwn(secrets, String(name)));
}

function tagsOf(config: EcsConfiguration, fromTemplate: unknown, deregister: boolean): { key: string; value: string }[] {
  const given = Array.isArray(fromTemplate)
    ? recordsOf(fromTemplate).map(({ key, value }) => [String(key), value] as const)
    : Object.entries(recordOf(fromTemplate));
  const labels = { ...Object.fromEntries(given), ...config.labels, ...(deregister ? { [DEREGISTER_TAG]: 'true' } : {}) };
  return Object.entries(labels).map(([key, value]) => ({
    key: tagText(key, 128),
    value: tagText(String(value), 256),
  }));
}

/** AWS takes few characters in tags. */
function tagText(text: string, longest: number): string {
  return text.replaceAll(/[^A-Za-z0-9_./=+:@-]+/g, '-').slice(0, longest);
}
