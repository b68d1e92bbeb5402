import { createHash } from 'node:crypto';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { CachePolicy, type CachePolicyName, policyNamed } from '../cache/policies.ts';
import { toSeconds } from '../durations.ts';
import { ConfigurationError, InvalidNameError } from '../errors.ts';
import type { Locks } from '../transactions/locks.ts';
import type { IsolationLevel, TransactionHook } from '../transactions/transaction.ts';
import type { TaskHook, TaskHookName } from './hooks.ts';
import type { CacheOptions, TaskOptions } from './options.ts';

/** A body takes the input and the context of its run. */
export type AnyBody = (input: never, context: never) => unknown;

/** A task with its options checked and put into one form, as the engine reads it. */
export interface TaskDefinition {
  readonly name: string;
  /** `<name>-<8 hex>`: the same in every process, so that others may refer to the task by it. */
  readonly key: string;
  readonly version: string | undefined;
  readonly description: string | undefined;
  readonly schema: StandardSchemaV1 | undefined;
  /** Sorted, without doubles. */
  readonly tags: readonly string[];
  readonly runName: string | ((input: unknown) => string) | undefined;
  readonly retries: number | undefined;
  /** Seconds, one for each retry; the last counts for the rest. */
  readonly retryDelays: readonly number[];
  readonly retryJitter: number | undefined;
  readonly retryIf: TaskOptions['retryIf'];
  /** Seconds. */
  readonly timeout: number | undefined;
  readonly cachePolicy: CachePolicy | undefined;
  /** Seconds. */
  readonly cacheExpires: number | undefined;
  /** Folder of the keys of the cache, apart from the results. */
  readonly cacheStorage: string | undefined;
  readonly isolation: IsolationLevel | undefined;
  readonly locks: Locks | undefined;
  /** Text of the body. */
  readonly source: string;
  readonly refreshCache: boolean | undefined;
  readonly persist: boolean | undefined;
  readonly storage: string | undefined;
  readonly storageKey: string | ((input: unknown) => string) | undefined;
  readonly logConsole: boolean | undefined;
  readonly hooks: Readonly<Record<TaskHookName, TaskHook[]>>;
  /** What to do when the transaction around a run is committed, or rolled back. */
  readonly commit: TransactionHook[];
  readonly rollback: TransactionHook[];
  readonly body: (input: unknown, context: unknown) => unknown;
}

function keyOf({ name, version }: TaskOptions): string {
  const hash = createHash('md5').update(`${name}@${version ?? ''}`);
  return `${name}-${hash.digest('hex').slice(0, 8)}`;
}

const MOST_DELAYS = 50;

/** Checks the options of a task. */
export function defineTask(options: TaskOptions, body: AnyBody): TaskDefinition {
  if (typeof options.name !== 'string' || options.name === '') {
    throw new InvalidNameError('A task needs a name.', { hint: "Write task('load', …) or task({ name: 'load', … }, …)." });
  }
  const { policy, expires, ...cache } = readCache(options.cache);
  const named = options.storageKey !== undefined && options.storageKey !== null;
  const caches = policy?.caches ?? false;
  const persist = options.persist ?? (caches || named || options.storage ? true : undefined);
  return {
    name: options.name,
    key: options.key ?? keyOf(options),
    version: options.version ?? undefined,
    description: options.description ?? undefined,
    schema: options.params ?? undefined,
    tags: [...new Set(options.tags)].sort(),
    runName: (options.runName ?? undefined) as TaskDefinition['runName'],
    retries: options.retries,
    retryDelays: readDelays(options),
    retryJitter: readJitter(options.retryJitter ?? undefined),
    retryIf: options.retryIf,
    timeout: options.timeout ? toSeconds(options.timeout) || undefined : undefined,
    cachePolicy: policy,
    cacheExpires: expires,
    cacheStorage: cache.storage,
    isolation: cache.isolation,
    locks: cache.locks,
    get source() {
      return String(body);
    },
    refreshCache: options.refreshCache ?? undefined,
    persist,
    storage: options.storage ?? undefined,
    storageKey: (options.storageKey ?? undefined) as TaskDefinition['storageKey'],
    logConsole: options.logConsole ?? undefined,
    hooks: {
      running: listOf(options.on?.running),
      completion: listOf(options.on?.completion),
      failure: listOf(options.on?.failure),
    },
    commit: listOf(options.on?.commit),
    rollback: listOf(options.on?.rollback),
    body: body as TaskDefinition['body'],
  };
}

function readDelays({ retries = 0, retryDelay = 0 }: TaskOptions): number[] {
  const given = typeof retryDelay === 'function' ? retryDelay(retries) : retryDelay;
  const delays = (typeof given === 'number' || typeof given === 'string' ? [given] : given).map(toSeconds);
  if (delays.length <= MOST_DELAYS) return delays;
  throw new ConfigurationError(`retryDelay has ${delays.length} entries; at most ${MOST_DELAYS} are allowed.`);
}

function readJitter(jitter: number | undefined): number | undefined {
  if (jitter === undefined || jitter >= 0) return jitter;
  throw new ConfigurationError(`retryJitter is ${jitter}; it cannot be negative.`);
}

interface ReadCache extends Pick<CacheOptions, 'storage' | 'isolation' | 'locks'> {
  readonly policy?: CachePolicy | undefined;
  /** Seconds. */
  readonly expires?: number | undefined;
}

function readCache(cache: TaskOptions['cache']): ReadCache {
  if (cache === undefined || cache === null) return {};
  if (typeof cache === 'string' || !('policy' in cache)) return { policy: policyNamed(cache) };
  const { expires, storage, isolation, locks } = cache;
  if (isolation === 'serializable' && !locks) {
    throw new ConfigurationError('A serializable cache needs locks.', {
      hint: 'Give `cache` locks: memoryLocks() for one process, fileLocks(folder) for several.',
    });
  }
  return { policy: policyOf(cache), expires: expires === undefined ? undefined : toSeconds(expires), storage, isolation, locks };
}

function policyOf({ policy }: CacheOptions): CachePolicy {
  return typeof policy === 'function' ? CachePolicy.key(policy) : policyNamed(policy as CachePolicy | CachePolicyName);
}

function listOf<T>(hooks: T | readonly T[] | undefined): T[] {
  if (hooks === undefined) return [];
  return Array.isArray(hooks) ? [...(hooks as readonly T[])] : [hooks as T];
}
