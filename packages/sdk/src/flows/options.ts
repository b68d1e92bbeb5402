import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Duration } from '../durations.ts';
import type { JsonSchema } from '../schema/json-schema.ts';
import type { FlowHooks } from './hooks.ts';

/** How the tasks that a flow submits are run. */
export interface TaskRunner {
  /** Tasks that run at once; undefined: no bound. */
  readonly concurrency?: number | undefined;
}

/** Runs submitted tasks in this process, only so many at once. */
export function pool(options: { readonly concurrency: number }): TaskRunner {
  return options;
}

/** How a flow behaves. */
export interface FlowOptions {
  /** What the flow is called everywhere; its identity. */
  readonly name: string;
  /** Default: a hash of the file that defines the flow. */
  readonly version?: string | null | undefined;
  readonly description?: string | null | undefined;
  /** Checks (and converts) the parameters before the body sees them, and describes them to the dashboard. */
  readonly params?: StandardSchemaV1 | null | undefined;
  /** The parameters as JSON Schema, where `params` cannot write it itself. */
  readonly jsonSchema?: JsonSchema | null | undefined;
  /** Name of each run: text in which `{field}` stands for a parameter, or a function of the parameters. */
  readonly runName?: string | ((parameters: never) => string) | null | undefined;
  /** Extra executions after a failed one. Default 0. */
  readonly retries?: number | undefined;
  /** Wait before an extra execution, in whole seconds. Default 0. */
  readonly retryDelay?: Duration | undefined;
  /** Longest time of one execution. */
  readonly timeout?: Duration | null | undefined;
  /** Whether parameters are checked. Default true. */
  readonly validate?: boolean | undefined;
  readonly runner?: TaskRunner | null | undefined;
  /** Whether results of the flow and its tasks are kept. Default: when a storage is given, else as the settings say. */
  readonly persist?: boolean | null | undefined;
  /** Folder for results. */
  readonly storage?: string | null | undefined;
  /** Writes what the flow and its tasks print with `console` to the log of the run. */
  readonly logConsole?: boolean | null | undefined;
  /** Tags of each run. */
  readonly tags?: readonly string[] | undefined;
  /** Fails the flow when a submitted run failed and nobody looked at it. Default false: a warning. */
  readonly strictFutures?: boolean | undefined;
  readonly on?: FlowHooks | undefined;
}
