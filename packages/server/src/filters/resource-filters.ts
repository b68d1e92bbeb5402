import { sql } from '#kysely';
import { parseTextQuery } from '../events/text-query.ts';
import { isPostgres } from '../storage/row-locks.ts';
import {
  type Condition,
  type Criteria,
  type Criterion,
  column,
  type FilterMember,
  jsonMember,
  nested,
  textArray,
} from './criteria.ts';
import { textConditions } from './text-conditions.ts';

/** Columns are named with their table where a filter may stand inside of another table's query. */
function stateOf(table: string) {
  return nested({
    type: stateType(`${table}.state_type`),
    name: column(`${table}.state_name`, 'any_', 'not_any_'),
  });
}

/** A condition that leaves out completed runs also says so in the words of the index that is only of the others. */
function stateType(name: string): Criterion {
  const [isOneOf, isNoneOf] = [column(name, 'any_'), column(name, 'not_any_')];
  const notCompleted = sql`${sql.ref(name)} is distinct from 'COMPLETED'`;
  return (value, db) => {
    const inIndex = (conditions: readonly Condition[], excludes: boolean | undefined) =>
      excludes ? conditions.map((condition): Condition => sql`(${condition} and ${notCompleted})`) : conditions;
    return [
      ...inIndex(isOneOf(value, db), asksForOthers(value)),
      ...inIndex(isNoneOf(value, db), (value.not_any_ as readonly string[] | null | undefined)?.includes('COMPLETED')),
    ];
  };
}

/** Whether a filter of state types asks for some, and not for completed runs. */
export function asksForOthers(type: FilterMember | null | undefined): boolean {
  const any = type?.any_ as readonly string[] | null | undefined;
  return Boolean(any && any.length > 0 && !any.includes('COMPLETED'));
}

const flow: Criteria = {
  id: column('flow.id', 'any_', 'not_any_'),
  name: column('flow.name', 'any_', 'like_'),
  tags: textArray('flow.tags'),
  deployment: ({ is_null_ }) =>
    typeof is_null_ === 'boolean'
      ? [sql`${sql.raw(is_null_ ? 'not exists' : 'exists')} (select 1 from deployment as d where d.flow_id = flow.id)`]
      : [],
};

const flowRunStart = sql`coalesce(flow_run.start_time, flow_run.expected_start_time, 0)`;

const flowRun: Criteria = {
  id: column('flow_run.id', 'any_', 'not_any_'),
  name: column('flow_run.name', 'any_', 'like_'),
  tags: textArray('flow_run.tags'),
  deployment_id: column('flow_run.deployment_id', 'any_', 'is_null_'),
  work_queue_name: column('flow_run.work_queue_name', 'any_', 'is_null_'),
  state: stateOf('flow_run'),
  flow_version: column('flow_run.flow_version', 'any_'),
  start_time: (value, db) => [
    ...column(flowRunStart, 'before_', 'after_')(value, db),
    ...column('flow_run.start_time', 'is_null_')(value, db),
  ],
  end_time: column('flow_run.end_time', 'before_', 'after_', 'is_null_'),
  expected_start_time: column('flow_run.expected_start_time', 'before_', 'after_'),
  next_scheduled_start_time: column('flow_run.next_scheduled_start_time', 'before_', 'after_'),
  parent_flow_run_id: (value, db) =>
    column('parent.flow_run_id', 'any_')(value, db).map(
      (ofParent) => sql`flow_run.parent_task_run_id in (select parent.id from task_run as parent where ${ofParent})`,
    ),
  parent_task_run_id: column('flow_run.parent_task_run_id', 'any_', 'is_null_'),
  idempotency_key: column('flow_run.idempotency_key', 'any_', 'not_any_'),
  created_by: (value, db) => [
    ...column(jsonMember('flow_run.created_by', 'id')(db), 'any_')({ any_: value.id_ }, db),
    ...column(jsonMember('flow_run.created_by', 'type')(db), 'any_')({ any_: value.type_ }, db),
    ...column('flow_run.created_by', 'is_null_')(value, db),
  ],
};

const taskRun: Criteria = {
  id: column('task_run.id', 'any_'),
  name: column('task_run.name', 'any_', 'like_'),
  tags: textArray('task_run.tags'),
  state: stateOf('task_run'),
  start_time: column('task_run.start_time', 'before_', 'after_', 'is_null_'),
  end_time: column('task_run.end_time', 'before_', 'after_', 'is_null_'),
  expected_start_time: column('task_run.expected_start_time', 'before_', 'after_'),
  subflow_runs: ({ exists_ }) =>
    typeof exists_ === 'boolean'
      ? [
          sql`${sql.raw(exists_ ? 'exists' : 'not exists')} (select 1 from flow_run as sub where sub.parent_task_run_id = task_run.id)`,
        ]
      : [],
  // The object alone already asks for runs inside of a flow run.
  flow_run_id: (value, db) =>
    value.is_null_ === true || !value.any_
      ? column('task_run.flow_run_id', 'is_null_')({ is_null_: value.is_null_ === true }, db)
      : column('task_run.flow_run_id', 'any_')(value, db),
};

const deployment: Criteria = {
  id: column('deployment.id', 'any_', 'not_any_'),
  name: column('deployment.name', 'any_', 'like_'),
  flow_or_deployment_name: (value, db) =>
    typeof value.like_ === 'string' && value.like_ !== ''
      ? [
          sql`(${sql.join(
            [
              ...column('deployment.name', 'like_')(value, db),
              ...column(sql`(select f.name from flow as f where f.id = deployment.flow_id)`, 'like_')(value, db),
            ],
            sql` or `,
          )})`,
        ]
      : [],
  paused: column('deployment.paused', 'eq_'),
  tags: textArray('deployment.tags'),
  work_queue_name: column('deployment.work_queue_name', 'any_'),
};

const workPool: Criteria = {
  id: column('work_pool.id', 'any_'),
  name: column('work_pool.name', 'any_'),
  type: column('work_pool.type', 'any_'),
};

const workQueue: Criteria = {
  id: column('work_queue.id', 'any_'),
  name: column('work_queue.name', 'any_', 'startswith_'),
};

const worker: Criteria = {
  last_heartbeat_time: column('worker.last_heartbeat_time', 'before_', 'after_'),
  status: column('worker.status', 'any_', 'not_any_'),
};

const log: Criteria = {
  level: column('log.level', 'ge_', 'le_'),
  timestamp: column('log.timestamp', 'before_', 'after_'),
  flow_run_id: column('log.flow_run_id', 'any_'),
  task_run_id: column('log.task_run_id', 'any_', 'is_null_'),
  text: (value, db) =>
    typeof value.query === 'string'
      ? textConditions(sql`(log.message || ' ' || log.name)`, parseTextQuery(value.query), isPostgres(db))
      : [],
};

/** Artifacts and the collections that show the latest of a key are found by the same things. */
function artifactsIn(table: 'artifact' | 'artifact_collection'): Criteria {
  return {
    key: (value, db) => [
      ...column(`${table}.key`, 'any_', 'like_')(value, db),
      ...(typeof value.exists_ === 'boolean' ? column(`${table}.key`, 'is_null_')({ is_null_: !value.exists_ }, db) : []),
    ],
    flow_run_id: column(`${table}.flow_run_id`, 'any_'),
    task_run_id: column(`${table}.task_run_id`, 'any_'),
    type: column(`${table}.type`, 'any_', 'not_any_'),
  };
}

const artifact: Criteria = { id: column('artifact.id', 'any_'), ...artifactsIn('artifact') };

const artifactCollection: Criteria = {
  latest_id: column('artifact_collection.latest_id', 'any_'),
  ...artifactsIn('artifact_collection'),
};

const automation: Criteria = {
  id: column('automation.id', 'any_'),
  name: column('automation.name', 'any_'),
  created: column('automation.created', 'before_'),
  tags: textArray('automation.tags'),
};

const variable: Criteria = {
  id: column('variable.id', 'any_'),
  name: column('variable.name', 'any_', 'like_'),
  tags: textArray('variable.tags'),
};

const blockType: Criteria = {
  name: column('block_type.name', 'like_'),
  slug: column('block_type.slug', 'any_'),
};

const blockSchema: Criteria = {
  id: column('block_schema.id', 'any_'),
  block_type_id: column('block_schema.block_type_id', 'any_'),
  block_capabilities: textArray('block_schema.capabilities'),
  version: column('block_schema.version', 'any_'),
};

const blockDocument: Criteria = {
  id: column('block_document.id', 'any_'),
  name: column('block_document.name', 'any_', 'like_'),
  block_type_id: column('block_document.block_type_id', 'any_'),
  is_anonymous: column('block_document.is_anonymous', 'eq_'),
};

/** Every kind of object that can be filtered, under the name of its table. */
export const FILTERS = {
  flow,
  flow_run: flowRun,
  task_run: taskRun,
  deployment,
  work_pool: workPool,
  work_queue: workQueue,
  worker,
  log,
  artifact,
  artifact_collection: artifactCollection,
  automation,
  variable,
  block_type: blockType,
  block_schema: blockSchema,
  block_document: blockDocument,
} satisfies Record<string, Criteria>;

export type FilteredTable = keyof typeof FILTERS;
