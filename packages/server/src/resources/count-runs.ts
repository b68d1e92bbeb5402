import type { StateType } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../core.ts';
import { type FilterSet, matching } from '../filters/filtered.ts';
import type { Compilable, QueryBuilder } from '../storage/storage.ts';

type RunTable = 'flow_run' | 'task_run';

/**
 * Counts the runs that match. Most runs are completed, and the indexes are of the others: where only states are asked for, those that are not
 * wanted are taken from the number of all.
 */
export async function countRuns(core: Core, table: RunTable, filters: FilterSet): Promise<number> {
  const row = await core.scan.first(countOf(core.storage.builder, table, filters));
  return Number(row?.count ?? 0);
}

function countOf(db: QueryBuilder, table: RunTable, filters: FilterSet): Compilable<{ count: number }> {
  const counted = db.selectFrom(table).select(sql<number>`count(*)`.as('count'));
  // SQLite counts all rows by the pages of an index, but only where nothing is asked of them.
  if (isEmpty(filters)) return counted;
  const types = onlyStateTypes(table, filters);
  if (types === undefined) return counted.where(matching(db, table, filters));
  const unwanted = counted
    .where(sql<boolean>`state_type is distinct from 'COMPLETED'`)
    .where((where) => where.or([where('state_type', 'is', null), where('state_type', 'not in', types)]));
  return db.selectNoFrom(sql<number>`(${counted}) - (${unwanted})`.as('count'));
}

/** The state types that are all a filter asks for, completed ones among them. */
function onlyStateTypes(table: RunTable, filters: FilterSet): StateType[] | undefined {
  const ofRuns = only(filters, `${table}s`);
  const type = only(only(ofRuns, 'state'), 'type');
  const types = only(type, 'any_') as StateType[] | undefined;
  return types?.includes('COMPLETED') ? types : undefined;
}

/** A member of an object whose other members ask for nothing. */
function only(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const asked = Object.entries(value).filter(([key, member]) => isAsked(key, member));
  return asked.length === 1 && asked[0]?.[0] === name ? asked[0][1] : undefined;
}

function isEmpty(filters: FilterSet): boolean {
  return Object.entries(filters).every(([key, member]) => !FILTERS_OF_RUNS.has(key) || !isAsked(key, member));
}

/** What stands in a request beside its filters. */
const FILTERS_OF_RUNS = new Set([
  'flows',
  'flow_runs',
  'task_runs',
  'deployments',
  'work_pools',
  'work_pool_queues',
  'work_queues',
]);

function isAsked(key: string, member: unknown): boolean {
  return member !== null && member !== undefined && !['operator', 'sort', 'limit', 'page', 'offset'].includes(key);
}
