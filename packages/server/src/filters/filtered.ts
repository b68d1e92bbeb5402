import { type RawBuilder, sql } from 'kysely';
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
}

type FilterName = 'flows' | 'flow_runs' | 'task_runs' | 'deployments' | 'work_pools' | 'work_pool_queues';

const TABLES: Readonly<Record<FilterName, FilteredTable>> = {
  flows: 'flow',
  flow_runs: 'flow_run',
  task_runs: 'task_run',
  deployments: 'deployment',
  work_pools: 'work_pool',
  work_pool_queues: 'work_queue',
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
  artifact: {
    flows: 'flow join flow_run on flow_run.flow_id = flow.id where flow_run.id = artifact.flow_run_id',
    flow_runs: 'flow_run where flow_run.id = artifact.flow_run_id',
    task_runs: 'task_run where task_run.id = artifact.task_run_id',
    deployments: 'deployment join flow_run on flow_run.deployment_id = deployment.id where flow_run.id = artifact.flow_run_id',
  },
};

/**
 * The condition that all filters of a request put on the rows of `table`. A filter on another kind of object asks that the row belongs to
 * one that matches. Contract: orchestration 11.2.
 */
export function matching(db: QueryBuilder, table: FilteredTable, filters: FilterSet): RawBuilder<boolean> {
  const given: Record<FilterName, object | null | undefined> = {
    flows: filters.flows,
    flow_runs: filters.flow_runs,
    task_runs: filters.task_runs,
    deployments: filters.deployments,
    work_pools: filters.work_pools,
    work_pool_queues: filters.work_pool_queues ?? filters.work_queues,
  };
  const conditions = (Object.keys(given) as FilterName[]).flatMap((name) => {
    const condition = filterCondition(db, TABLES[name], given[name]);
    if (!condition) return [];
    if (TABLES[name] === table) return [condition];
    const relation = RELATIONS[table]?.[name];
    return relation ? [sql`exists (select 1 from ${sql.raw(relation)} and ${condition})` as Condition] : [];
  });
  return (combine('and_', conditions) ?? sql`1 = 1`) as RawBuilder<boolean>;
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
