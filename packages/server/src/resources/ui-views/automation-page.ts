import {
  type Automation,
  type AutomationSort,
  formatTimestamp,
  type Micros,
  SECOND,
  type UiAutomationPage,
  type UiAutomationPageRequest,
} from '@prefect-ts/protocol';
import { sql } from '#kysely';
import { automationResponse } from '../../automations/automations.ts';
import type { Core } from '../../core.ts';
import { changeFeed } from '../../events/change-feed.ts';
import { matching } from '../../filters/filtered.ts';
import { afterCursor, boundedTotal, cutPage, type KeysetOrder, LARGEST_EXACT_TOTAL, orderBy } from './keyset.ts';

const id = 'automation.id';
const ORDERS: Readonly<Record<AutomationSort, KeysetOrder>> = {
  NAME_ASC: { key: sql<string>`automation.name`, id, direction: 'asc' },
  NAME_DESC: { key: sql<string>`automation.name`, id, direction: 'desc' },
  CREATED_DESC: { key: sql<number>`automation.created`, id, direction: 'desc' },
  UPDATED_DESC: { key: sql<number>`automation.updated`, id, direction: 'desc' },
};

/** So far back firings are counted. */
const WEEK: Micros = 7 * 86_400 * SECOND;
const TRIGGERED = 'prefect.automation.triggered';
const FAILED = 'prefect.automation.action.failed';

/** One page of automations with how often each fired in the last seven days, and how many of its actions failed. */
export async function automationPage(core: Core, request: UiAutomationPageRequest): Promise<UiAutomationPage> {
  const position = changeFeed(core).position;
  const db = core.storage.builder;
  const order = ORDERS[request.sort ?? 'NAME_ASC'];
  const limit = request.limit ?? 50;
  const filter = matching(db, 'automation', request);
  const { name } = request;
  const wanted = name ? sql<boolean>`(${filter} and lower(automation.name) like ${likePattern(name)} escape '\\')` : filter;
  const [rows, total] = await Promise.all([
    core.scan.all(
      db
        .selectFrom('automation')
        .selectAll('automation')
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
            .selectFrom('automation')
            .select('automation.id')
            .where(wanted)
            .limit(LARGEST_EXACT_TOTAL + 1)
            .as('counted'),
        )
        .select(sql<number>`count(*)`.as('count')),
    ),
  ]);
  const { page, next } = cutPage(rows, limit);
  const automations = page.map(automationResponse);
  const [told, names] = await Promise.all([
    countFirings(
      core,
      automations.map((automation) => automation.id),
    ),
    namesOfTargets(core, automations),
  ]);
  return {
    results: automations.map((automation) => ({ ...automation, ...(told.get(automation.id) ?? NEVER_FIRED) })),
    names,
    ...total,
    next,
    window: { after: null, before: null },
    position,
  };
}

interface Firings {
  last_fired: string | null;
  fired: number;
  failed: number;
}

const NEVER_FIRED: Firings = { last_fired: null, fired: 0, failed: 0 };

async function countFirings(core: Core, ids: readonly string[]): Promise<Map<string, Firings>> {
  if (ids.length === 0) return new Map();
  const resources = ids.map((automation) => `prefect.automation.${automation}`);
  const rows = await core.scan.all(
    core.storage.builder
      .selectFrom('event')
      .select(['event', 'resource_id', sql<number>`count(*)`.as('count'), sql<Micros>`max(occurred)`.as('last')])
      .where('occurred', '>=', core.clock() - WEEK)
      .where('event', 'in', [TRIGGERED, FAILED])
      .where('resource_id', 'in', resources)
      .groupBy(['event', 'resource_id']),
  );
  const firings = new Map<string, Firings>();
  for (const { event, resource_id, count, last } of rows) {
    const automation = resource_id.slice('prefect.automation.'.length);
    const before = firings.get(automation) ?? NEVER_FIRED;
    const more =
      event === FAILED ? { failed: Number(count) } : { fired: Number(count), last_fired: formatTimestamp(Number(last)) };
    firings.set(automation, { ...before, ...more });
  }
  return firings;
}

/** What the objects that actions name by id are called. */
async function namesOfTargets(core: Core, automations: readonly Automation[]): Promise<Record<string, string>> {
  const db = core.storage.builder;
  const actions = automations.flatMap((one) => [...one.actions, ...one.actions_on_trigger, ...one.actions_on_resolve]);
  const idsOf = (member: string) =>
    actions.flatMap((action) => {
      const id: unknown = Reflect.get(action, member);
      return typeof id === 'string' && id !== '' ? [id] : [];
    });
  const read = async (table: 'work_pool' | 'work_queue' | 'automation' | 'block_document', member: string) => {
    const ids = idsOf(member);
    return ids.length === 0 ? [] : core.scan.all(db.selectFrom(table).select(['id', 'name']).where('id', 'in', ids));
  };
  const deployments = idsOf('deployment_id');
  const rows = await Promise.all([
    deployments.length === 0
      ? []
      : core.scan.all(
          db
            .selectFrom('deployment')
            .innerJoin('flow', 'flow.id', 'deployment.flow_id')
            .select(['deployment.id', sql<string>`flow.name || '/' || deployment.name`.as('name')])
            .where('deployment.id', 'in', deployments),
        ),
    read('work_pool', 'work_pool_id'),
    read('work_queue', 'work_queue_id'),
    read('automation', 'automation_id'),
    read('block_document', 'block_document_id'),
  ]);
  return Object.fromEntries(rows.flat().map(({ id: target, name }) => [target, name ?? '']));
}

/** A part of a text, wherever it stands, without case. */
function likePattern(text: string): string {
  return `%${text.toLowerCase().replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
}
