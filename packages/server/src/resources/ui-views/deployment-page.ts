import { type DeploymentSort, formatTimestamp, type UiDeploymentPage, type UiDeploymentPageRequest } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../../core.ts';
import { changeFeed } from '../../events/change-feed.ts';
import { matching } from '../../filters/filtered.ts';
import { parseJson } from '../../storage/json-columns.ts';
import { readSchedules, scheduleResponse } from '../deployments/schedules.ts';
import { afterCursor, boundedTotal, cutPage, type KeysetOrder, LARGEST_EXACT_TOTAL, orderBy } from './keyset.ts';
import { lastRuns, nextRuns } from './run-marks.ts';

const id = 'deployment.id';
const ORDERS: Readonly<Record<DeploymentSort, KeysetOrder>> = {
  NAME_ASC: { key: sql<string>`deployment.name`, id, direction: 'asc' },
  NAME_DESC: { key: sql<string>`deployment.name`, id, direction: 'desc' },
  CREATED_DESC: { key: sql<number>`deployment.created`, id, direction: 'desc' },
  UPDATED_DESC: { key: sql<number>`deployment.updated`, id, direction: 'desc' },
};

/** One page of deployments with their schedules, last and next runs. */
export async function deploymentPage(core: Core, request: UiDeploymentPageRequest): Promise<UiDeploymentPage> {
  const position = changeFeed(core).position;
  const db = core.storage.builder;
  const order = ORDERS[request.sort ?? 'NAME_ASC'];
  const limit = request.limit ?? 50;
  const wanted = matching(db, 'deployment', request);
  const [rows, total] = await Promise.all([
    core.scan.all(
      selectRows(db)
        .select(order.key.as('page_key'))
        .where((where) => where.and([wanted, ...afterCursor(order, request.cursor)]))
        .orderBy(orderBy(order))
        .limit(limit + 1),
    ),
    boundedTotal(
      core.scan,
      db
        .selectFrom(
          db
            .selectFrom('deployment')
            .select('deployment.id')
            .where(wanted)
            .limit(LARGEST_EXACT_TOTAL + 1)
            .as('counted'),
        )
        .select(sql<number>`count(*)`.as('count')),
    ),
  ]);
  const { page, next } = cutPage(rows, limit);
  const ids = page.map((row) => row.id);
  const [schedules, last, upcoming] = await Promise.all([
    readSchedules(core.scan, db, ids),
    lastRuns(core, 'deployment_id', ids),
    nextRuns(core, 'deployment_id', ids),
  ]);
  return {
    results: page.map(({ paused, tags, updated, page_key: _key, ...row }) => ({
      ...row,
      paused: paused === 1,
      tags: parseJson<string[]>(tags),
      schedules: (schedules.get(row.id) ?? []).map(scheduleResponse),
      last_runs: last.get(row.id) ?? [],
      next_run: upcoming.get(row.id) ?? null,
      updated: formatTimestamp(updated),
    })),
    ...total,
    next,
    window: { after: null, before: null },
    position,
  };
}

function selectRows(db: Core['storage']['builder']) {
  return db
    .selectFrom('deployment')
    .innerJoin('flow', 'flow.id', 'deployment.flow_id')
    .leftJoin('work_queue', 'work_queue.id', 'deployment.work_queue_id')
    .leftJoin('work_pool', 'work_pool.id', 'work_queue.work_pool_id')
    .select([
      'deployment.id',
      'deployment.name',
      'deployment.description',
      'deployment.flow_id',
      'flow.name as flow_name',
      'deployment.status',
      'deployment.paused',
      'deployment.version',
      'deployment.tags',
      'work_pool.name as work_pool_name',
      'work_queue.name as work_queue_name',
      'deployment.updated',
    ]);
}
