import type { TaskRun } from '@prefect-ts/protocol';
import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { type FilterSet, matching } from '../filters/filtered.ts';
import { proposeTaskRunState } from '../orchestration/task-run-transition.ts';
import { releaseSlotsHeldBy } from '../resources/concurrency-limits/leases.ts';
import { countRuns } from '../resources/count-runs.ts';
import { createTaskRun } from '../resources/create-task-run.ts';
import { TASK_RUN_SORTS, taskRunResponse } from '../resources/task-runs.ts';
import { statement } from '../storage/statement.ts';
import { isNewer } from './flow-runs.ts';
import { limitOf, page } from './limits.ts';
import { invalidValue } from './request-body.ts';
import { Reply, type Routes } from './route.ts';

const taskRunById = statement((db, p: { id: string }) => db.selectFrom('task_run').selectAll().where('id', '=', p.id));

export const taskRunRoutes: Routes = {
  'POST /task_runs/': async ({ body, client }, core) => {
    const longest = core.settings.maxCacheKeyLength;
    if (body.cache_key && body.cache_key.length > longest)
      throw invalidValue(
        ['body', 'cache_key'],
        `Cache key exceeded maximum allowed length of ${longest} characters.`,
        body.cache_key,
        body,
      );
    const { id, created } = await core.write((unit) => createTaskRun(unit, body, client));
    return new Reply(created ? 201 : 200, await readTaskRun(core, id));
  },

  'GET /task_runs/{id}': ({ path }, core) => readTaskRun(core, path.id),

  'PATCH /task_runs/{id}': async ({ path, body }, core) => {
    const changed = await core.write((unit) =>
      unit.run(
        unit.db
          .updateTable('task_run')
          .set({ updated: unit.now, ...(body.name ? { name: body.name } : {}) })
          .where('id', '=', path.id),
      ),
    );
    if (changed === 0) throw new DetailError(404, 'Task run not found');
    return undefined;
  },

  'DELETE /task_runs/{id}': async ({ path }, core) => {
    const deleted = await core.write(async (unit) => {
      await releaseSlotsHeldBy(unit, unit.db.selectFrom('task_run').select('id').where('id', '=', path.id));
      await unit.run(unit.db.updateTable('flow_run').set({ parent_task_run_id: null }).where('parent_task_run_id', '=', path.id));
      await unit.run(unit.db.deleteFrom('log').where('task_run_id', '=', path.id));
      return unit.run(unit.db.deleteFrom('task_run').where('id', '=', path.id));
    });
    if (deleted === 0) throw new DetailError(404, 'Task not found');
    return undefined;
  },

  'POST /task_runs/{id}/set_state': async ({ path, body, client }, core) => {
    const before = core.clock();
    const result = await core.write((unit) =>
      proposeTaskRunState(unit, path.id, body.state, { force: body.force ?? false, client }),
    );
    return new Reply(isNewer(result.state?.timestamp, before) ? 201 : 200, result);
  },

  'POST /task_runs/filter': ({ body }, core) => listTaskRuns(core, body, limitOf(body, core.settings), body.offset ?? 0),

  'POST /task_runs/paginate': async ({ body }, core) => {
    const limit = limitOf(body, core.settings);
    const number = body.page ?? 1;
    const [count, runs] = await Promise.all([
      countRuns(core, 'task_run', body),
      listTaskRuns(core, body, limit, (number - 1) * limit),
    ]);
    return page(runs.map(reduced), count, limit, number);
  },

  'POST /task_runs/count': ({ body }, core) => countRuns(core, 'task_run', body),
};

async function readTaskRun(core: Core, id: string): Promise<TaskRun> {
  const row = await core.read.first(taskRunById(core.storage.builder, { id }));
  if (!row) throw new DetailError(404, 'Task not found');
  return taskRunResponse(row, core.clock());
}

async function listTaskRuns(
  core: Core,
  body: FilterSet & { readonly sort?: keyof typeof TASK_RUN_SORTS | undefined },
  limit: number,
  offset: number,
): Promise<TaskRun[]> {
  const db = core.storage.builder;
  const order = TASK_RUN_SORTS[body.sort ?? 'ID_DESC'];
  const ids = db
    .selectFrom('task_run')
    .select('task_run.id')
    .where(matching(db, 'task_run', body))
    .orderBy(order)
    .limit(limit)
    .offset(offset);
  const rows = await core.scan.all(db.selectFrom('task_run').selectAll().where('task_run.id', 'in', ids).orderBy(order));
  const now = core.clock();
  return rows.map((row) => taskRunResponse(row, now));
}

const PAGED_MEMBERS = [
  'id',
  'created',
  'updated',
  'name',
  'flow_run_id',
  'task_key',
  'state_id',
  'state',
  'task_version',
  'task_inputs',
  'empirical_policy',
  'tags',
  'start_time',
  'end_time',
  'total_run_time',
  'estimated_run_time',
  'estimated_start_time_delta',
] as const satisfies readonly (keyof TaskRun)[];

/** Paged lists of task runs leave out what their page does not show. */
function reduced(run: TaskRun): Pick<TaskRun, (typeof PAGED_MEMBERS)[number]> {
  return Object.fromEntries(PAGED_MEMBERS.map((member) => [member, run[member]])) as Pick<
    TaskRun,
    (typeof PAGED_MEMBERS)[number]
  >;
}
