import { formatTimestamp, SECOND, type TaskWorkerResponse, uuid4 } from '@prefect-ts/protocol';
import type { Core } from '../core.ts';
import { json, parseJson } from '../storage/json-columns.ts';
import type { WorkUnit } from '../work-unit.ts';
import { returnTaskRuns } from './task-queue.ts';

/** Seconds between two renewals of a connected task worker. */
export const RENEWAL_SECONDS = 10;
/** Seconds after which a worker that nobody renewed has lost its connection with its server. */
const LEASE_SECONDS = 30;

/** Who takes background tasks, as it says itself. */
export interface TaskWorker {
  readonly identifier: string;
  readonly taskKeys: readonly string[];
}

/** Notes that somebody takes background tasks over a connection to this server; gives the id of the connection. */
export async function registerTaskWorker(unit: WorkUnit, serverId: string, worker: TaskWorker): Promise<string> {
  const id = uuid4();
  await unit.run(
    unit.db.insertInto('task_worker').values({
      id,
      identifier: worker.identifier,
      task_keys: json(worker.taskKeys),
      server: serverId,
      ...seenAt(unit),
    }),
  );
  return id;
}

/** Tells that the connection still stands, and buries those of which nobody says so any more; false when it was buried itself. */
export async function renewTaskWorker(unit: WorkUnit, id: string): Promise<boolean> {
  const renewed = await unit.run(unit.db.updateTable('task_worker').set(seenAt(unit)).where('id', '=', id));
  const lapsed = await unit.all(unit.db.selectFrom('task_worker').select('id').where('expiration', '<', unit.now));
  await forgetTaskWorkers(
    unit,
    lapsed.map((worker) => worker.id),
  );
  return renewed > 0;
}

/** Ends connections; what they were handed and did not acknowledge goes to others. */
export async function forgetTaskWorkers(unit: WorkUnit, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await returnTaskRuns(unit, ids);
  await unit.run(unit.db.deleteFrom('task_worker').where('id', 'in', ids));
}

/** Forgets the connections that an earlier process had: where a database has one server only, they ended with it. */
export async function forgetTaskWorkersOfOthers(unit: WorkUnit, serverId: string): Promise<void> {
  const others = await unit.all(unit.db.selectFrom('task_worker').select('id').where('server', '!=', serverId));
  await forgetTaskWorkers(
    unit,
    others.map(({ id }) => id),
  );
}

/** Who takes background tasks now, of any of some keys or of all. */
export async function connectedTaskWorkers(core: Core, taskKeys?: readonly string[]): Promise<TaskWorkerResponse[]> {
  const rows = await core.read.all(
    core.storage.builder
      .selectFrom('task_worker')
      .selectAll()
      .where('expiration', '>=', core.clock())
      .orderBy('identifier')
      .orderBy('id'),
  );
  const workers = rows.map(({ identifier, task_keys, observed }) => ({
    identifier,
    task_keys: parseJson<string[]>(task_keys),
    timestamp: formatTimestamp(observed),
  }));
  return taskKeys ? workers.filter((worker) => worker.task_keys.some((key) => taskKeys.includes(key))) : workers;
}

function seenAt(unit: WorkUnit) {
  return { observed: unit.now, expiration: unit.now + LEASE_SECONDS * SECOND };
}
