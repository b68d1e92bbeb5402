import { type RawBuilder, sql } from '#kysely';
import { isPostgres } from '../storage/row-locks.ts';
import type { QueryBuilder } from '../storage/storage.ts';
import { type Condition, combine, conditionsOf, type FilterMember } from './criteria.ts';
import { FILTERS, type FilteredTable } from './resource-filters.ts';

/** The filters of a request, by the names that the API gives them. */
export interface FilterSet {
  readonly flows?: object | null | undefined;
  readonly flow_runs?: object | null | undefined;
  readonly task_runs?: object | null | undefined;
  readonly deployments?: object | null | undefined;
  readonly work_pools?: object | null | undefined;
  readonly work_pool_queues?: object | null | undefined;
  /** What histories call `work_pool_queues`. */
  readonly work_queues?: object | null | undefined;
  readonly variables?: object | null | undefined;
  readonly automations?: object | null | undefined;
  readonly block_types?: object | null | undefined;
  readonly block_schemas?: object | null | undefined;
  readonly block_documents?: object | null | undefined;
}

type FilterName = Exclude<keyof FilterSet, 'work_queues'>;

const TABLES: Readonly<Record<FilterName, FilteredTable>> = {
  flows: 'flow',
  flow_runs: 'flow_run',
  task_runs: 'task_run',
  deployments: 'deployment',
  work_pools: 'work_pool',
  work_pool_queues: 'work_queue',
  variables: 'variable',
  automations: 'automation',
  block_types: 'block_type',
  block_schemas: 'block_schema',
  block_documents: 'block_document',
};

const POOL_OF_QUEUE = 'work_pool join work_queue on work_queue.work_pool_id = work_pool.id';

/** How the rows of one table (outer key) belong to those that a filter speaks of (inner key): what stands after `exists (select 1 from`. */
const RELATIONS: Readonly<Record<string, Partial<Record<FilterName, string>>>> = {
  flow_run: {
    flows: 'flow where flow.id = flow_run.flow_id',
    task_runs: 'task_run where task_run.flow_run_id = flow_run.id',
    deployments: 'deployment where deployment.id = flow_run.deployment_id',
    work_pool_queues: 'work_queue where work_queue.id = flow_run.work_queue_id',
    work_pools: `${POOL_OF_QUEUE} where work_queue.id = flow_run.work_queue_id`,
  },
  task_run: {
    flows: 'flow join flow_run on flow_run.flow_id = flow.id where flow_run.id = task_run.flow_run_id',
    flow_runs: 'flow_run where flow_run.id = task_run.flow_run_id',
    deployments: 'deployment join flow_run on flow_run.deployment_id = deployment.id where flow_run.id = task_run.flow_run_id',
    work_pool_queues:
      'work_queue join flow_run on flow_run.work_queue_id = work_queue.id where flow_run.id = task_run.flow_run_id',
    work_pools: `${POOL_OF_QUEUE} join flow_run on flow_run.work_queue_id = work_queue.id where flow_run.id = task_run.flow_run_id`,
  },
  flow: {
    flow_runs: 'flow_run where flow_run.flow_id = flow.id',
    task_runs: 'task_run join flow_run on flow_run.id = task_run.flow_run_id where flow_run.flow_id = flow.id',
    deployments: 'deployment where deployment.flow_id = flow.id',
    work_pools: `${POOL_OF_QUEUE} join deployment on deployment.work_queue_id = work_queue.id where deployment.flow_id = flow.id`,
    work_pool_queues: 'work_queue join deployment on deployment.work_queue_id = work_queue.id where deployment.flow_id = flow.id',
  },
  deployment: {
    flows: 'flow where flow.id = deployment.flow_id',
    flow_runs: 'flow_run where flow_run.deployment_id = deployment.id',
    task_runs: 'task_run join flow_run on flow_run.id = task_run.flow_run_id where flow_run.deployment_id = deployment.id',
    work_pool_queues: 'work_queue where work_queue.id = deployment.work_queue_id',
    work_pools: `${POOL_OF_QUEUE} where work_queue.id = deployment.work_queue_id`,
  },
  artifact: runsOf('artifact'),
  artifact_collection: runsOf('artifact_collection'),
  block_type: { block_schemas: 'block_schema where block_schema.block_type_id = block_type.id' },
  block_document: {
    block_types: 'block_type where block_type.id = block_document.block_type_id',
    block_schemas: 'block_schema where block_schema.id = block_document.block_schema_id',
  },
};

/** The columns with an index by which rows belong to others. */
const KEYS: Readonly<Record<string, Partial<Record<FilterName, string>>>> = {
  flow_run: {
    flows: 'flow_run.flow_id',
    deployments: 'flow_run.deployment_id',
    work_pool_queues: 'flow_run.work_queue_id',
    work_pools: 'flow_run.work_queue_id',
  },
  task_run: { flow_runs: 'task_run.flow_run_id' },
};

/** The keys of what a filter finds, where there are never many; what stands before its condition. */
const FOUND: Partial<Record<FilterName, string>> = {
  flows: 'select flow.id from flow where',
  deployments: 'select deployment.id from deployment where',
  work_pool_queues: 'select work_queue.id from work_queue where',
  work_pools: `select work_queue.id from ${POOL_OF_QUEUE} where`,
};

function runsOf(table: 'artifact' | 'artifact_collection'): Partial<Record<FilterName, string>> {
  const ofRun = `where flow_run.id = ${table}.flow_run_id`;
  return {
    flows: `flow join flow_run on flow_run.flow_id = flow.id ${ofRun}`,
    flow_runs: `flow_run ${ofRun}`,
    task_runs: `task_run where task_run.id = ${table}.task_run_id`,
    deployments: `deployment join flow_run on flow_run.deployment_id = deployment.id ${ofRun}`,
  };
}

/**
 * The condition that all filters of a request put on the rows of `table`. A filter on another kind of object asks that the row belongs to
 * one that matches. Contract: orchestration 11.2.
 */
export function matching(db: QueryBuilder, table: FilteredTable, filters: FilterSet): RawBuilder<boolean> {
  const given = { ...filters, work_pool_queues: filters.work_pool_queues ?? filters.work_queues };
  const conditions = (Object.keys(TABLES) as FilterName[]).flatMap((name) => {
    const condition = filterCondition(db, TABLES[name], given[name]);
    if (!condition) return [];
    if (TABLES[name] === table) return [condition];
    const relation = RELATIONS[table]?.[name];
    if (!relation) return [];
    const belongs: Condition = sql`exists (select 1 from ${sql.raw(relation)} and ${condition})`;
    const key = KEYS[table]?.[name];
    return key ? [...keyConditions(db, key, name, given[name], condition), belongs] : [belongs];
  });
  return (combine('and_', conditions) ?? sql`1 = 1`) as RawBuilder<boolean>;
}

/**
 * What the key of a row must be for it to belong to what a filter speaks of: named by the filter, or one of those that it finds. It says
 * nothing that the relation does not say; it leads to the index on the key, where the relation would be looked at for every row.
 */
function keyConditions(
  db: QueryBuilder,
  key: string,
  name: FilterName,
  filter: object | null | undefined,
  condition: Condition,
): Condition[] {
  const { id, operator, ...others } = filter as FilterMember;
  const ids = (id as FilterMember | null | undefined)?.any_;
  const alone = Object.values(others).every((member) => member === null || member === undefined);
  const isKey = name !== 'work_pools';
  if (isKey && Array.isArray(ids) && ids.length > 0 && (alone || operator !== 'or_'))
    return [sql`${sql.ref(key)} in (${sql.join(ids)})`];
  const found = FOUND[name];
  return isPostgres(db) || !found ? [] : [sql`${sql.ref(key)} in (${sql.raw(found)} ${condition})`];
}

/** The condition of one filter on the rows of its own table; nothing when it asks for nothing. */
export function filterCondition(
  db: QueryBuilder,
  table: FilteredTable,
  filter: object | null | undefined,
): Condition | undefined {
  if (!filter) return undefined;
  const member = filter as FilterMember;
  return combine(member.operator, conditionsOf(FILTERS[table], member, db));
}
