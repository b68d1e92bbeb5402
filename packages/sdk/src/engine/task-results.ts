import { formatTimestamp, nowMicros, SECOND, uuid4 } from '@prefect-ts/protocol';
import { CachePolicy } from '../cache/policies.ts';
import { SerializationError } from '../errors.ts';
import { localStore, type ResultStore } from '../results/local-store.ts';
import {
  type PreparedRecord,
  prepareTaskRecord,
  type ResultRecord,
  readTaskRecord,
  writeTaskRecord,
} from '../results/records.ts';
import { errorOfState } from '../states/result.ts';
import { State, type StateInit } from '../states/state.ts';
import { formatRunName } from './run-name.ts';
import type { TaskRunScope } from './task-scope.ts';

/** The key of this call in the cache; null when it is not cached. */
export async function computeCacheKey(scope: TaskRunScope): Promise<string | null> {
  const { task, run, flow, session } = scope;
  if (!persists(scope) || session.defaults.disableCaching) return null;
  if (task.storageKey !== undefined && task.cachePolicy === undefined) return formatRunName(task.storageKey, scope.input);
  const policy = task.cachePolicy ?? (session.defaults.noCacheByDefault ? CachePolicy.none : CachePolicy.default);
  try {
    return await policy.keyFor(
      {
        taskName: task.name,
        taskVersion: task.version,
        taskSource: task.source,
        flowRunId: flow?.run.id ?? null,
        taskRunId: run.id,
        flowParameters: flow?.parameters,
      },
      scope.input,
    );
  } catch (error) {
    scope.log.error('Error encountered when computing cache key - result will not be persisted.', error);
    return null;
  }
}

/** What was kept under a key before; undefined when there is nothing, it has expired, or another language wrote it in its own way. */
export async function readKept(scope: TaskRunScope, key: string): Promise<ResultRecord | undefined> {
  try {
    return await readTaskRecord(storeOf(scope), key, keysOf(scope));
  } catch (error) {
    if (!(error instanceof SerializationError)) throw error;
    scope.log.warn(`What is kept under ${key} cannot be read, so the task runs.`, error);
    return undefined;
  }
}

/** Makes the record of a result under its key; undefined, with a warning, for a result that cannot be written. */
export function recordOf(scope: TaskRunScope, key: string, value: unknown): PreparedRecord | undefined {
  try {
    return prepareTaskRecord(storeOf(scope), key, value, expirationOf(scope), keysOf(scope));
  } catch (error) {
    scope.log.warn('The result could not be kept; the run goes on without.', error);
    return undefined;
  }
}

/** Keeps what came out of a run that has no key, where that is asked for, and notes in the state where it lies. */
export async function keepTaskResult(scope: TaskRunScope, ended: StateInit): Promise<StateInit> {
  if (!persists(scope) || ended.metadata) return ended;
  try {
    const name = uuid4().replaceAll('-', '');
    return { ...ended, metadata: await writeTaskRecord(storeOf(scope), name, await valueToKeep(ended), expirationOf(scope)) };
  } catch (error) {
    scope.log.warn('The result could not be kept; the run goes on without.', error);
    return ended;
  }
}

function expirationOf({ task: { cacheExpires } }: TaskRunScope): string | null {
  return cacheExpires === undefined ? null : formatTimestamp(nowMicros() + Math.round(cacheExpires * SECOND));
}

function keysOf({ task: { cacheStorage } }: TaskRunScope): ResultStore | undefined {
  return cacheStorage === undefined ? undefined : localStore(cacheStorage);
}

function valueToKeep(ended: StateInit): Promise<unknown> {
  const state = new State(ended);
  return state.isCompleted() ? state.result() : errorOfState(state);
}

function persists({ task, flow, session }: TaskRunScope): boolean {
  return task.persist ?? session.defaults.taskPersist ?? flow?.persist ?? session.defaults.persist;
}

function storeOf({ task, flow, session }: TaskRunScope): ResultStore {
  if (task.storage) return localStore(task.storage);
  return flow?.store ?? session.results;
}
