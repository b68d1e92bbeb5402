import { type FlowSort, formatTimestamp, type UiFlowPage, type UiFlowPageRequest } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../../core.ts';
import { changeFeed } from '../../events/change-feed.ts';
import { matching } from '../../filters/filtered.ts';
import { parseJson } from '../../storage/json-columns.ts';
import { afterCursor, boundedTotal, cutPage, type KeysetOrder, LARGEST_EXACT_TOTAL, orderBy } from './keyset.ts';
import { lastRuns, nextRuns } from './run-marks.ts';

const id = 'flow.id';
const ORDERS: Readonly<Record<FlowSort, KeysetOrder>> = {
  NAME_ASC: { key: sql<string>`flow.name`, id, direction: 'asc' },
  NAME_DESC: { key: sql<string>`flow.name`, id, direction: 'desc' },
  CREATED_DESC: { key: sql<number>`flow.created`, id, direction: 'desc' },
  UPDATED_DESC: { key: sql<number>`flow.updated`, id, direction: 'desc' },
};

/** One page of flows with their last and next runs. */
export async function flowPage(core: Core, request: UiFlowPageRequest): Promise<UiFlowPage> {
  const position = changeFeed(core).position;
  const db = core.storage.builder;
  const order = ORDERS[request.sort ?? 'NAME_ASC'];
  const limit = request.limit ?? 50;
  const wanted = matching(db, 'flow', request);
  const [rows, total] = await Promise.all([
    core.scan.all(
      db
        .selectFrom('flow')
        .select(['flow.id', 'flow.name', 'flow.tags', 'flow.created'])
        .select(sql<number>`(select count(*) from deployment where deployment.flow_id = flow.id)`.as('deployment_count'))
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
            .selectFrom('flow')
            .select('flow.id')
            .where(wanted)
            .limit(LARGEST_EXACT_TOTAL + 1)
            .as('counted'),
        )
        .select(sql<number>`count(*)`.as('count')),
    ),
  ]);
  const { page, next } = cutPage(rows, limit);
  const ids = page.map((row) => row.id);
  const [last, upcoming] = await Promise.all([lastRuns(core, 'flow_id', ids), nextRuns(core, 'flow_id', ids)]);
  return {
    results: page.map((row) => ({
      id: row.id,
      name: row.name,
      tags: parseJson<string[]>(row.tags),
      created: formatTimestamp(row.created),
      deployment_count: Number(row.deployment_count),
      last_runs: last.get(row.id) ?? [],
      next_run: upcoming.get(row.id) ?? null,
    })),
    ...total,
    next,
    window: { after: null, before: null },
    position,
  };
}
