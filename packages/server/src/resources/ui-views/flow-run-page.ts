import type { FlowRunSort, UiFlowRun, UiFlowRunPage, UiFlowRunPageRequest } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../../core.ts';
import { changeFeed } from '../../events/change-feed.ts';
import type { Condition } from '../../filters/criteria.ts';
import { matching } from '../../filters/filtered.ts';
import { START, walkedInOrder } from '../flow-runs.ts';
import { selectFlowRunRows, uiFlowRun } from './flow-run-rows.ts';
import { afterCursor, boundedTotal, cutPage, type KeysetOrder, LARGEST_EXACT_TOTAL, orderBy } from './keyset.ts';
import { resolveWindow, type TimeWindow, windowResponse } from './time-window.ts';

const id = 'flow_run.id';
const byStart = { key: START, id } as const;
const byExpected = { key: sql<number>`flow_run.expected_start_time`, id } as const;
const byName = { key: sql<string>`flow_run.name`, id } as const;

const ORDERS: Readonly<Record<FlowRunSort, KeysetOrder>> = {
  ID_DESC: { key: sql<string>`flow_run.id`, id, direction: 'desc' },
  START_TIME_ASC: { ...byStart, direction: 'asc' },
  START_TIME_DESC: { ...byStart, direction: 'desc' },
  EXPECTED_START_TIME_ASC: { ...byExpected, direction: 'asc' },
  EXPECTED_START_TIME_DESC: { ...byExpected, direction: 'desc' },
  NAME_ASC: { ...byName, direction: 'asc' },
  NAME_DESC: { ...byName, direction: 'desc' },
  NEXT_SCHEDULED_START_TIME_ASC: {
    key: sql<number>`coalesce(flow_run.next_scheduled_start_time, flow_run.expected_start_time, 0)`,
    id,
    direction: 'asc',
  },
  END_TIME_DESC: { key: sql<number>`coalesce(flow_run.end_time, 0)`, id, direction: 'desc' },
};

/** One page of flow runs with the names around them. */
export async function flowRunPage(core: Core, request: UiFlowRunPageRequest): Promise<UiFlowRunPage> {
  const position = changeFeed(core).position;
  const db = core.storage.builder;
  const sort = request.sort ?? 'START_TIME_DESC';
  const order = ORDERS[sort];
  const limit = request.limit ?? 50;
  const window = resolveWindow(request.window, core.clock());
  const wanted = pageConditions(core, request, window);
  const [rows, total] = await Promise.all([
    core.scan.all(
      selectFlowRunRows(db)
        .select(order.key.as('page_key'))
        // The ids are found by an index alone where there is one.
        .where('flow_run.id', 'in', (select) =>
          select
            .selectFrom('flow_run')
            .select('flow_run.id')
            .where((where) => where.and([...wanted, ...walkedInOrder(request, sort), ...afterCursor(order, request.cursor)]))
            .orderBy(orderBy(order))
            .limit(limit + 1),
        )
        .orderBy(orderBy(order)),
    ),
    boundedTotal(
      core.scan,
      db
        .selectFrom(
          db
            .selectFrom('flow_run')
            .select('flow_run.id')
            .where((where) => where.and(wanted))
            .limit(LARGEST_EXACT_TOTAL + 1)
            .as('counted'),
        )
        .select(sql<number>`count(*)`.as('count')),
    ),
  ]);
  const { page, next } = cutPage(rows, limit);
  return { results: page.map(uiFlowRun), ...total, next, window: windowResponse(window), position };
}

/** Which of some runs belong to a page, as its rows; order and size of the page do not count. */
export async function flowRunsOfPage(core: Core, request: UiFlowRunPageRequest, ids: readonly string[]): Promise<UiFlowRun[]> {
  const wanted = pageConditions(core, request, resolveWindow(request.window, core.clock()));
  const rows = await core.read.all(
    selectFlowRunRows(core.storage.builder)
      .where('flow_run.id', 'in', ids)
      .where((where) => where.and(wanted)),
  );
  return rows.map(uiFlowRun);
}

function pageConditions(core: Core, request: UiFlowRunPageRequest, { after, before }: TimeWindow): Condition[] {
  return [
    matching(core.storage.builder, 'flow_run', request),
    ...(after === null ? [] : [sql<boolean>`${START} >= ${after}`]),
    ...(before === null ? [] : [sql<boolean>`${START} <= ${before}`]),
  ];
}
