import { formatTimestamp, type Micros, type StateType, type UiTimeline } from '@prefect-ts/protocol';
import { sql } from '#kysely';
import type { Core } from '../../core.ts';
import { DetailError } from '../../errors.ts';
import { changeFeed } from '../../events/change-feed.ts';
import type { QueryBuilder } from '../../storage/storage.ts';
import { timestampOrNull } from '../flow-runs.ts';

/** The task runs of a flow run, column by column: names that come often are written once. */
export async function flowRunTimeline(core: Core, id: string): Promise<UiTimeline> {
  const position = changeFeed(core).position;
  const db = core.storage.builder;
  const run = await core.read.first(
    db.selectFrom('flow_run').select(['created', 'expected_start_time', 'start_time']).where('id', '=', id),
  );
  if (!run) throw new DetailError(404, 'Flow run not found');
  const rows = await core.scan.all(selectTaskRunMarks(db).where('task_run.flow_run_id', '=', id).orderBy('task_run.created'));
  const origin = run.start_time ?? run.expected_start_time ?? run.created;
  const offset = (time: Micros | null) => (time === null ? null : Math.round((time - origin) / 1000));
  const states = new Dictionary<{ type: StateType | null; name: string | null }>((state) => `${state.type} ${state.name}`);
  const taskKeys = new Dictionary<string>((key) => key);
  return {
    position,
    origin: formatTimestamp(origin),
    task_key: rows.map((row) => taskKeys.indexOf(row.task_key)),
    state: rows.map((row) => states.indexOf({ type: row.state_type, name: row.state_name })),
    states: states.values,
    task_keys: taskKeys.values,
    id: rows.map((row) => row.id),
    name: rows.map((row) => row.name),
    expected: rows.map((row) => offset(row.expected_start_time)),
    start: rows.map((row) => offset(row.start_time)),
    end: rows.map((row) => offset(row.end_time)),
    run_count: rows.map((row) => row.run_count),
    subflow_run_id: rows.map((row) => row.subflow_run_id),
  };
}

/** Some task runs of a flow run as the live page puts them into its columns. */
export async function taskRunMarks(core: Core, flowRunId: string, ids: readonly string[]) {
  const rows = await core.read.all(
    selectTaskRunMarks(core.storage.builder).where('task_run.flow_run_id', '=', flowRunId).where('task_run.id', 'in', ids),
  );
  return rows.map((row) => ({
    ...row,
    expected_start_time: timestampOrNull(row.expected_start_time),
    start_time: timestampOrNull(row.start_time),
    end_time: timestampOrNull(row.end_time),
  }));
}

function selectTaskRunMarks(db: QueryBuilder) {
  return db
    .selectFrom('task_run')
    .select([
      'task_run.id',
      'task_run.name',
      'task_run.task_key',
      'task_run.state_type',
      'task_run.state_name',
      'task_run.expected_start_time',
      'task_run.start_time',
      'task_run.end_time',
      'task_run.run_count',
    ])
    .select(
      sql<string | null>`(select sub.id from flow_run as sub where sub.parent_task_run_id = task_run.id limit 1)`.as(
        'subflow_run_id',
      ),
    );
}

/** Values by the order in which they first came. */
class Dictionary<Value> {
  readonly values: Value[] = [];
  readonly #places = new Map<string, number>();
  readonly #keyOf: (value: Value) => string;

  constructor(keyOf: (value: Value) => string) {
    this.#keyOf = keyOf;
  }

  indexOf(value: Value): number {
    const key = this.#keyOf(value);
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.values.push(value) - 1;
      this.#places.set(key, place);
    }
    return place;
  }
}
