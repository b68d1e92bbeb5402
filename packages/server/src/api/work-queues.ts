import { parseTimestamp, type WorkQueueResponse } from '@prefect-ts/protocol';
import { type RawBuilder, sql } from '#kysely';
import type { Core } from '../core.ts';
import { DetailError } from '../errors.ts';
import { matching } from '../filters/filtered.ts';
import { flowRunResponse, selectFlowRuns, timestampOrNull } from '../resources/flow-runs.ts';
import { queueConcurrency } from '../resources/work-pools/concurrency-status.ts';
import { OCCUPYING_OR_CANCELLING, runsOfQueue } from '../resources/work-pools/occupancy.ts';
import { notePolls } from '../resources/work-pools/polls.ts';
import {
  createQueue,
  deleteQueue,
  lockQueueById,
  POLLED_RECENTLY,
  queueIdNotFound,
  queueResponse,
  type StoredQueue,
  selectQueues,
  updateQueue,
  type WorkQueueChanges,
} from '../resources/work-pools/queues.ts';
import { DEFAULT_AGENT_POOL, ensureDefaultAgentPool } from '../resources/work-queues.ts';
import { IntegrityError } from '../storage/errors.ts';
import { parseJson } from '../storage/json-columns.ts';
import { limitOf } from './limits.ts';
import { checkName } from './request-body.ts';
import type { Routes } from './route.ts';

/** Queues by their ids, as clients from before work pools address them. */
export const workQueueRoutes: Routes = {
  'POST /work_queues/': async ({ body }, core) => {
    try {
      const id = await core.write(async (unit) => createQueue(unit, await ensureDefaultAgentPool(unit), body));
      return await readQueue(core, 'work_queue.id', id);
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error;
      throw new DetailError(409, 'A work queue with this name already exists.');
    }
  },

  'GET /work_queues/{id}': ({ path }, core) => readQueue(core, 'work_queue.id', path.id),

  'GET /work_queues/name/{name}': ({ path }, core) => readQueue(core, 'work_queue.name', path.name),

  'POST /work_queues/filter': async ({ body }, core) => {
    const db = core.storage.builder;
    const rows = await core.scan.all(
      selectQueues(db, OCCUPYING_OR_CANCELLING)
        .where(matching(db, 'work_queue', { work_pool_queues: body?.work_queues }))
        .orderBy('work_queue.name')
        .orderBy('work_queue.id')
        .limit(limitOf(body, core.settings))
        .offset(body?.offset ?? 0),
    );
    return rows.map(queueResponse);
  },

  'PATCH /work_queues/{id}': async ({ path, body, sent }, core) => {
    if (typeof body.name === 'string') checkName(body.name, body);
    const changes = Object.fromEntries(Object.entries(body).filter(([member]) => sent(member))) as WorkQueueChanges;
    await core.write(async (unit) => {
      const found = await lockQueueById(unit, path.id);
      if (!found) throw new DetailError(404, `Work Queue ${path.id} not found`);
      await updateQueue(unit, found.pool, found.queue, changes);
    });
    return undefined;
  },

  'DELETE /work_queues/{id}': async ({ path }, core) => {
    await core.write(async (unit) => {
      const found = await lockQueueById(unit, path.id);
      if (!found) throw queueNotFound();
      await deleteQueue(unit, found.pool, found.queue);
    });
    return undefined;
  },

  'POST /work_queues/{id}/get_runs': async ({ path, body, header }, core) => {
    const queue = await queueById(core, path.id);
    if (!queue) throw queueIdNotFound(path.id, '.');
    const before = body?.scheduled_before === undefined ? null : (parseTimestamp(body.scheduled_before) ?? null);
    const limit = limitOf(body, core.settings);
    const runs = await dueRuns(core, queue, before, limit);
    if (header('x-prefect-ui') !== 'true') notePolls(core, [queue]);
    return runs;
  },

  'GET /work_queues/{id}/status': async ({ path }, core) => {
    const queue = await queueById(core, path.id);
    if (!queue) throw queueIdNotFound(path.id);
    const row = await core.scan.first(
      core.storage.builder
        .selectFrom('flow_run')
        .select(sql<number>`count(*)`.as('count'))
        .where(belongsTo(core, queue))
        .where(sql<boolean>`flow_run.state_type = 'SCHEDULED'`)
        .where('state_name', '=', 'Late'),
    );
    const late = Number(row?.count ?? 0);
    const polledRecently = queue.last_polled !== null && queue.last_polled >= core.clock() - POLLED_RECENTLY;
    return {
      healthy: late === 0 && polledRecently,
      late_runs_count: late,
      last_polled: timestampOrNull(queue.last_polled),
      health_check_policy: { maximum_late_runs: 0, maximum_seconds_since_last_polled: 60 },
    };
  },

  'POST /work_queues/{id}/concurrency_status': async ({ path, body }, core) => {
    const queue = await queueById(core, path.id);
    if (!queue) throw new DetailError(404, 'Work queue not found.');
    return queueConcurrency(core, queue, { page: body?.page ?? 1, limit: limitOf(body, core.settings) });
  },
};

async function readQueue(core: Core, by: 'work_queue.id' | 'work_queue.name', value: string): Promise<WorkQueueResponse> {
  const queues = selectQueues(core.storage.builder, OCCUPYING_OR_CANCELLING).where(by, '=', value);
  const row = await core.read.first(by === 'work_queue.name' ? queues.where('work_pool.name', '=', DEFAULT_AGENT_POOL) : queues);
  if (!row) throw queueNotFound();
  return queueResponse(row);
}

function queueById(core: Core, id: string): Promise<StoredQueue | undefined> {
  return core.read.first(core.storage.builder.selectFrom('work_queue').selectAll().where('id', '=', id));
}

function queueNotFound(): DetailError {
  return new DetailError(404, 'work queue not found');
}

async function dueRuns(core: Core, queue: StoredQueue, before: number | null, limit: number) {
  if (queue.is_paused === 1) return [];
  const db = core.storage.builder;
  const belongs = belongsTo(core, queue);
  const room =
    queue.concurrency_limit === null ? limit : Math.min(limit, queue.concurrency_limit - (await occupied(core, belongs)));
  if (room <= 0) return [];
  const runs = selectFlowRuns(db)
    .where(belongs)
    .where(sql<boolean>`flow_run.state_type = 'SCHEDULED'`)
    .orderBy('flow_run.next_scheduled_start_time')
    .orderBy('flow_run.id')
    .limit(room);
  const rows = await core.scan.all(before === null ? runs : runs.where('flow_run.next_scheduled_start_time', '<=', before));
  const now = core.clock();
  return rows.map((row) => flowRunResponse(row, now));
}

async function occupied(core: Core, belongs: RawBuilder<boolean>): Promise<number> {
  const row = await core.scan.first(
    core.storage.builder
      .selectFrom('flow_run')
      .select(sql<number>`count(*)`.as('count'))
      .where(belongs)
      .where(OCCUPYING_OR_CANCELLING),
  );
  return Number(row?.count ?? 0);
}

/** The oldest queues have no runs of their own: a filter says which are theirs. */
function belongsTo(core: Core, queue: StoredQueue): RawBuilder<boolean> {
  const filter = parseJson<{ tags?: string[] | null; deployment_ids?: string[] | null } | null>(queue.filter);
  if (!filter) return runsOfQueue(queue);
  return matching(core.storage.builder, 'flow_run', {
    flow_runs: {
      ...(filter.tags ? { tags: { all_: filter.tags } } : {}),
      ...(filter.deployment_ids ? { deployment_id: { any_: filter.deployment_ids } } : {}),
    },
  });
}
