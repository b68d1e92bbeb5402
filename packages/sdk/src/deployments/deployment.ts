import type { ConcurrencyOptionsInput } from '@prefect-ts/protocol';
import { type Duration, toSeconds } from '../durations.ts';
import { ConfigurationError } from '../errors.ts';
import type { Flow } from '../flows/flow.ts';
import type { Schedule } from '../schedules/schedules.ts';
import type { ParameterSchema } from '../schema/parameter-schema.ts';
import { type DeploymentDefinition, type DeploymentFields, simpleVersion } from './definition.ts';
import type { CodeSource } from './sources.ts';
import type { DeploymentTrigger } from './triggers.ts';

/** How many runs of a deployment may be under way, and what becomes of one more. */
export type DeploymentConcurrency =
  | number
  | {
      readonly limit: number;
      /** Default `enqueue`: it waits. */
      readonly onConflict?: 'enqueue' | 'cancel-new';
      /** How long a run may take to start before its slot is given away. */
      readonly grace?: Duration;
    };

/** What a deployment says. What is left out keeps its value on the server. */
export interface DeploymentOptions<P = Record<string, unknown>> {
  readonly schedules?: readonly Schedule[] | undefined;
  readonly paused?: boolean | undefined;
  readonly concurrency?: DeploymentConcurrency | undefined;
  readonly triggers?: readonly DeploymentTrigger[] | undefined;
  /** Parameters that runs have unless they are given others. */
  readonly params?: Partial<P> | undefined;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Default: the flow's. */
  readonly version?: string | undefined;
  /** Whether the server checks parameters. Default true, where the flow can describe them. */
  readonly enforceSchema?: boolean | undefined;
  readonly workPool?: string | undefined;
  readonly workQueue?: string | undefined;
  readonly jobVariables?: Readonly<Record<string, unknown>> | undefined;
  /** Where workers get the code from. */
  readonly source?: CodeSource | undefined;
  /** Where the flow is: `path:export`. Default: found by itself. */
  readonly entrypoint?: string | undefined;
}

/** A deployment of a flow as plain data; `serve` and `deploy` bring it to a server. */
export interface Deployment {
  readonly flowName: string;
  readonly name: string;
  /** Path of the file that defines the flow. */
  readonly file: string | undefined;
  readonly description: string | undefined;
  readonly version: string | undefined;
  readonly parameterSchema: ParameterSchema | undefined;
  readonly options: DeploymentOptions<never>;
}

/**
 * Describes a deployment of a flow; nothing is sent.
 *
 * @example deployment(etl, 'nightly', { schedules: [cron('0 3 * * *')] })
 */
export function deployment<I, O>(flow: Flow<I, O>, name: string, options: DeploymentOptions<I> = {}): Deployment {
  const stem = name.replace(/\.[cm]?[jt]sx?$|\.py$/, '');
  const forbidden = /[/%&<>]/.exec(stem);
  if (stem === '' || forbidden) {
    throw new ConfigurationError(`A deployment cannot be called ${JSON.stringify(name)}.`, {
      hint: 'A name is not empty and has none of / % & < > in it.',
    });
  }
  return {
    flowName: flow.name,
    name: stem,
    file: flow.file,
    description: flow.description,
    version: flow.version,
    parameterSchema: flow.parameterSchema(),
    options: options as DeploymentOptions<never>,
  };
}

/** What the server gets of a deployment. */
export function toDefinition(deployment: Deployment, entrypoint: string, extra: DeploymentFields = {}): DeploymentDefinition {
  const { options, parameterSchema } = deployment;
  const version = options.version ?? deployment.version;
  const description = options.description ?? deployment.description;
  const fields: DeploymentFields = {
    entrypoint,
    enforce_parameter_schema: (options.enforceSchema ?? true) && parameterSchema !== undefined,
    parameter_openapi_schema: { ...(parameterSchema ?? { title: 'Parameters', type: 'object', properties: {} }) },
    ...(version === undefined ? {} : { version, version_info: simpleVersion(version) }),
    ...(description === undefined ? {} : { description }),
    ...(options.schedules === undefined ? {} : { schedules: [...options.schedules] }),
    ...(options.paused === undefined ? {} : { paused: options.paused }),
    ...(options.params === undefined ? {} : { parameters: { ...(options.params as Record<string, unknown>) } }),
    ...(options.tags === undefined ? {} : { tags: [...options.tags] }),
    ...(options.workQueue === undefined ? {} : { work_queue_name: options.workQueue }),
    ...(options.jobVariables === undefined ? {} : { job_variables: { ...options.jobVariables } }),
    ...concurrencyFields(options.concurrency),
    ...extra,
  };
  return { flowName: deployment.flowName, name: deployment.name, fields, triggers: options.triggers ?? [] };
}

function concurrencyFields(concurrency: DeploymentConcurrency | undefined): DeploymentFields {
  if (concurrency === undefined) return {};
  if (typeof concurrency === 'number') return { concurrency_limit: concurrency };
  const { limit, onConflict, grace } = concurrency;
  const options: ConcurrencyOptionsInput = {
    collision_strategy: onConflict === 'cancel-new' ? 'CANCEL_NEW' : 'ENQUEUE',
    ...(grace === undefined ? {} : { grace_period_seconds: Math.round(toSeconds(grace)) }),
  };
  return { concurrency_limit: limit, concurrency_options: options };
}
