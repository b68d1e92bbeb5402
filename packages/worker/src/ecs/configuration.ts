import { entrypointLanguage } from 'prefect-ts/runner';
import type { FlowRunToStart } from '../base-worker.ts';
import type { JobConfiguration } from '../job-template/job-configuration.ts';
import { isRecord } from '../job-template/placeholders.ts';

/** The job configuration of a task of ECS, as the template of its pool gives it. */
export interface EcsConfiguration extends JobConfiguration {
  readonly aws_credentials?: Readonly<Record<string, unknown>> | null;
  readonly cluster?: string | null;
  readonly container_name?: string | null;
  readonly vpc_id?: string | null;
  /** What ECS calls an `awsvpcConfiguration`. */
  readonly network_configuration?: Readonly<Record<string, unknown>> | null;
  readonly execution_role_arn?: string | null;
  readonly configure_cloudwatch_logs?: boolean | null;
  readonly cloudwatch_logs_options?: Readonly<Record<string, string>> | null;
  readonly cloudwatch_logs_prefix?: string | null;
  readonly prefect_api_key_secret_arn?: string | null;
  readonly prefect_api_auth_string_secret_arn?: string | null;
  readonly auto_deregister_task_definition?: boolean | null;
  readonly match_latest_revision_in_family?: boolean | null;
  /** Whether to show what the run prints to CloudWatch in the worker's log too. */
  readonly stream_output?: boolean | null;
  /** Seconds that a task may take to run; 0 for no limit. */
  readonly task_start_timeout_seconds?: number | null;
  /** Seconds between looks at a task; 0 for the default of 5. */
  readonly task_watch_poll_interval?: number | null;
  readonly task_definition?: Readonly<Record<string, unknown>> | null;
  readonly task_run_request?: Readonly<Record<string, unknown>> | null;
}

/** The variables of an ECS pool or run contradict each other. */
export class InvalidEcsConfigurationError extends Error {
  override readonly name = 'InvalidEcsConfigurationError';
}

/** What belongs to whom: the names that a task definition and its logs get. */
export interface TaskOwner {
  readonly pool: string;
  /** The id of the deployment, or of the flow of a run without one. */
  readonly subject: string;
}

/** For whom a run's task definition is. */
export function ownerOf(flowRun: FlowRunToStart, config: EcsConfiguration): TaskOwner {
  return { pool: config.labels['prefect.io/work-pool-name'] ?? 'pool', subject: flowRun.deployment_id ?? flowRun.flow_id };
}

/** Refuses variables that only make sense with others. */
export function checkConfiguration(config: EcsConfiguration, entrypoint: string): void {
  const options = config.cloudwatch_logs_options ?? {};
  if (lacksImage(config, entrypoint)) {
    throw new InvalidEcsConfigurationError(
      `No image is set. Set the job variable 'image' of the work pool or the deployment to one that holds the code of '${entrypoint}'.`,
    );
  }
  if (Object.keys(config.network_configuration ?? {}).length > 0 && !config.vpc_id) {
    throw new InvalidEcsConfigurationError('`network_configuration` is set, but not `vpc_id`: the network that it is about.');
  }
  if (Object.keys(options).length > 0 && !config.configure_cloudwatch_logs) {
    throw new InvalidEcsConfigurationError('`cloudwatch_logs_options` are set, but not `configure_cloudwatch_logs`.');
  }
  if (config.configure_cloudwatch_logs && !hasExecutionRole(config)) {
    throw new InvalidEcsConfigurationError(
      '`configure_cloudwatch_logs` needs `execution_role_arn`: the role that may write the logs.',
    );
  }
}

/** The official images are for Python only. */
function lacksImage(config: EcsConfiguration, entrypoint: string): boolean {
  if (givenDefinition(config) !== undefined || config.command !== null || entrypointLanguage(entrypoint) !== 'typescript')
    return false;
  return !recordsOf(recordOf(config.task_definition).containerDefinitions).some(({ image }) => Boolean(image));
}

function hasExecutionRole(config: EcsConfiguration): boolean {
  if (givenDefinition(config) !== undefined) return true;
  return Boolean(config.execution_role_arn || config.task_definition?.executionRoleArn);
}

/** The task definition that is to be used as it is. */
export function givenDefinition(config: EcsConfiguration): string | undefined {
  const given = config.task_run_request?.taskDefinition;
  return typeof given === 'string' && given !== '' ? given : undefined;
}

const DEFAULT_CONTAINER = 'prefect';

/** The container that the run executes in, of the containers that a task definition names. */
export function containerNameOf(config: EcsConfiguration, containers: readonly unknown[]): string {
  const names = containers.flatMap((container) =>
    isRecord(container) && typeof container.name === 'string' ? [container.name] : [],
  );
  if (config.container_name) return config.container_name;
  return names.find((name) => name === DEFAULT_CONTAINER) ?? names[0] ?? DEFAULT_CONTAINER;
}

/** Whether tasks run on machines of AWS rather than on one's own. */
export function isFargate(request: Readonly<Record<string, unknown>>): boolean {
  const strategy = Array.isArray(request.capacityProviderStrategy) ? request.capacityProviderStrategy : [];
  if (strategy.length > 0) {
    return strategy.some((entry) => isRecord(entry) && String(entry.capacityProvider).startsWith('FARGATE'));
  }
  const type = request.launchType ?? 'FARGATE';
  return type === 'FARGATE' || type === 'FARGATE_SPOT';
}

/** A deep copy without entries that are null; AWS takes none. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((entry) => entry !== null).map(withoutNulls);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([, entry]) => entry !== null && entry !== undefined);
  return Object.fromEntries(entries.map(([key, entry]) => [key, withoutNulls(entry)]));
}

/** The object that a template has at some place, without nulls; an empty one where it has none. */
export function recordOf(value: unknown): Record<string, unknown> {
  const clean = withoutNulls(value);
  return isRecord(clean) ? clean : {};
}

/** The objects of a list that a template has at some place. */
export function recordsOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(recordOf) : [];
}
