import type { State } from '@prefect-ts/protocol';
import { type RawBuilder, sql } from '#kysely';
import type { QueryBuilder, Reader } from '../storage/storage.ts';
import type { TaskRunTable } from '../storage/tables.ts';
import type { WorkUnit } from '../work-unit.ts';

/** Puts a background task into the queue of its key; one that is there already goes to its end. Contract: orchestration 15.5. */
export async function enqueueTaskRun(unit: WorkUnit, run: { readonly id: string; readonly task_key: string }, state: State) {
  const place = { queued: unit.now, is_retry: state.name === 'AwaitingRetry' ? 1 : 0, task_worker_id: null } as const;
  await unit.run(
    unit.db
      .insertInto('queued_task_run')
      .values({ task_run_id: run.id, task_key: run.task_key, ...place })
      .onConflict((conflict) => conflict.column('task_run_id').doUpdateSet(place)),
  );
  unit.announce('tasks', { taskKeys: [run.task_key] });
}

/** Whether one of these keys has a task that nobody was handed. */
export async function hasQueuedTaskRun(reader: Reader, db: QueryBuilder, taskKeys: readonly string[]): Promise<boolean> {
  return (await reader.first(db.selectNoFrom(nextOf(taskKeys).as('id'))))?.id != null;
}

/** Takes the next background task for a worker: keys in their order, and of each its retries first, then the oldest. */
export async function claimTaskRun(
  unit: WorkUnit,
  workerId: string,
  taskKeys: readonly string[],
): Promise<TaskRunTable | undefined> {
  const { db } = unit;
  for (;;) {
    const next = await unit.first(db.selectNoFrom(nextOf(taskKeys).as('id')));
    if (next?.id == null) return undefined;
    const claim = db
      .updateTable('queued_task_run')
      .set({ task_worker_id: workerId })
      .where('task_run_id', '=', next.id)
      .where('task_worker_id', 'is', null);
    // Another server may have been faster.
    if ((await unit.run(claim)) === 0) continue;
    const run = await unit.first(db.selectFrom('task_run').selectAll().where('id', '=', next.id));
    if (run?.state_type === 'SCHEDULED') return run;
    // Cancelled meanwhile, or begun by somebody else.
    await acknowledgeTaskRun(unit, workerId, next.id);
  }
}

/** A worker has received a task: what becomes of it is the worker's business from here on. */
export async function acknowledgeTaskRun(unit: WorkUnit, workerId: string, taskRunId: string): Promise<void> {
  await unit.run(
    unit.db.deleteFrom('queued_task_run').where('task_run_id', '=', taskRunId).where('task_worker_id', '=', workerId),
  );
}

/** Gives back what workers were handed and never acknowledged; it is handed out before everything else. */
export async function returnTaskRuns(unit: WorkUnit, workerIds: readonly string[]): Promise<void> {
  if (workerIds.length === 0) return;
  const returned = await unit.all(
    unit.db
      .updateTable('queued_task_run')
      .set({ task_worker_id: null, is_retry: 1 })
      .where('task_worker_id', 'in', workerIds)
      .returning('task_key'),
  );
  if (returned.length > 0) unit.announce('tasks', { taskKeys: [...new Set(returned.map(({ task_key }) => task_key))] });
}

/** One look into the index for each key, however long the queues are. */
function nextOf(taskKeys: readonly string[]): RawBuilder<string | null> {
  const keys = sql.join(taskKeys.map((key, rank) => sql`(${key}, ${sql.lit(rank)})`));
  const oldest = sql`select task_run_id from queued_task_run where task_key = keys.column1 and task_worker_id is null
    order by is_retry desc, queued limit 1`;
  return sql`(select id from (select (${oldest}) as id, keys.column2 as place from (values ${keys}) as keys) as found
    where id is not null order by place limit 1)`;
}
