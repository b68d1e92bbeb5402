import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { CachePolicy, CachePolicyName, KeyFunction } from '../cache/policies.ts';
import type { Duration } from '../durations.ts';
import type { Locks } from '../transactions/locks.ts';
import type { IsolationLevel } from '../transactions/transaction.ts';
import type { TaskHooks } from './hooks.ts';

/** When to take an earlier result instead of running, and for how long. */
export interface CacheOptions {
  readonly policy: CachePolicy | CachePolicyName | KeyFunction;
  /** How long a result counts. Default: for ever. */
  readonly expires?: Duration | undefined;
  /** Folder for the keys, apart from the results. Default: key and result are one file. */
  readonly storage?: string | undefined;
  /** `serializable`: of equal calls at the same time one runs and the others take its result. Needs `locks`. */
  readonly isolation?: IsolationLevel | undefined;
  /** What a serializable cache locks with: `memoryLocks()`, or `fileLocks(folder)` among processes. */
  readonly locks?: Locks | undefined;
}

/** How a task behaves. */
export interface TaskOptions {
  /** What the task is called everywhere; its identity. */
  readonly name: string;
  /** Part of the identity: change it when results of older code should not count any more. */
  readonly version?: string | null | undefined;
  /**
   * Key of a task that is served in another language (in Python `task.task_key`), to `delay` it from here. Default: made from name and
   * version.
   */
  readonly key?: string | null | undefined;
  readonly description?: string | null | undefined;
  /** Checks (and converts) the input before the body sees it. */
  readonly params?: StandardSchemaV1 | null | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Name of each run: text in which `{field}` stands for a field of the input, or a function. */
  readonly runName?: string | ((input: never) => string) | null | undefined;
  /** Extra attempts after a failed one. Default 0. */
  readonly retries?: number | undefined;
  /** Wait before an extra attempt; a list gives one wait each, the last one for the rest. Default 0. */
  readonly retryDelay?: Duration | readonly Duration[] | ((retries: number) => readonly Duration[]) | undefined;
  /** By what share waits are spread around their length. */
  readonly retryJitter?: number | null | undefined;
  /** Decides whether a failure is worth another attempt. */
  readonly retryIf?: ((error: unknown, about: { readonly attempt: number }) => boolean | Promise<boolean>) | null | undefined;
  /** Longest time of one attempt. */
  readonly timeout?: Duration | null | undefined;
  /** Takes earlier results for equal calls; a policy, or a policy with an expiry. */
  readonly cache?: CachePolicy | CachePolicyName | CacheOptions | null | undefined;
  /** Runs in any case and renews the cached result. */
  readonly refreshCache?: boolean | null | undefined;
  /** Whether the result is kept. Default: when a cache is asked for, else as the flow. */
  readonly persist?: boolean | null | undefined;
  /** Folder for results. Default: as the flow. */
  readonly storage?: string | null | undefined;
  /** Name of the result in the storage. Without a cache policy it is also what makes calls equal. */
  readonly storageKey?: string | ((input: never) => string) | null | undefined;
  /** Writes what the body prints with `console` to the run's log. Default: as the flow. */
  readonly logConsole?: boolean | null | undefined;
  readonly on?: TaskHooks | undefined;
}

/** Makes waits that double: `retryDelay: exponentialBackoff(2)` waits 2, 4, 8 … seconds. */
export function exponentialBackoff(factor: number): (retries: number) => number[] {
  return (retries) => Array.from({ length: Math.min(retries, 50) }, (_, attempt) => factor * 2 ** attempt);
}
