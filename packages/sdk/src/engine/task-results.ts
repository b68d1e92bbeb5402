import { formatTimestamp, nowMicros, SECOND, uuid4 } from '@prefect-ts/protocol';
import { CachePolicy } from '../cache/policies.ts';
import { localStore, type ResultStore } from '../results/local-store.ts';
import { readTaskRecord, writeTaskRecord } from '../results/records.ts';
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

/** The state of a run whose result was there already; undefined when it has to run. */
export async function readCached(scope: TaskRunScope, key: string): Promise<StateInit | undefined> {
  if (scope.task.refreshCache ?? scope.session.defaults.refreshCache) return undefined;
  const record = await readTaskRecord(storeOf(scope), key);
  if (!record) return undefined;
  return { type: 'COMPLETED', name: 'Cached', outcome: { kind: 'value', value: record.value }, metadata: record.metadata };
}

/** Keeps what came out of the run where that is asked for, and notes in the state where it lies. */
export async function keepTaskResult(scope: TaskRunScope, ended: StateInit, key: string | null): Promise<StateInit> {
  if (!persists(scope) || ended.metadata) return ended;
  // A failure must never be found under the key of the call.
  const name = ended.type === 'COMPLETED' && key !== null ? key : uuid4().replaceAll('-', '');
  const { cacheExpires } = scope.task;
  const expiration = cacheExpires === undefined ? null : formatTimestamp(nowMicros() + Math.round(cacheExpires * SECOND));
  try {
    const value = await valueToKeep(ended);
    return { ...ended, metadata: await writeTaskRecord(storeOf(scope), name, value, expiration) };
  } catch (error) {
    scope.log.warn('The result could not be kept; the run goes on without.', error);
    return ended;
  }
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
