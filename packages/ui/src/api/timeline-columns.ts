import type { StateType, UiTimeline } from '@prefect-ts/protocol';

/** One task run as the socket tells it. Times as on the wire. */
export interface TaskRunMark {
  id: string;
  name: string;
  task_key: string;
  state_type: StateType | null;
  state_name: string | null;
  expected_start_time: string | null;
  start_time: string | null;
  end_time: string | null;
  run_count: number;
  subflow_run_id: string | null;
}

/** The timeline with changed and new task runs put in; the columns given are left as they are. */
export function mergeTaskRuns(timeline: UiTimeline, rows: readonly TaskRunMark[]): UiTimeline {
  const merged: UiTimeline = {
    ...timeline,
    states: [...timeline.states],
    task_keys: [...timeline.task_keys],
    id: [...timeline.id],
    name: [...timeline.name],
    task_key: [...timeline.task_key],
    state: [...timeline.state],
    expected: [...timeline.expected],
    start: [...timeline.start],
    end: [...timeline.end],
    run_count: [...timeline.run_count],
    subflow_run_id: [...timeline.subflow_run_id],
  };
  const indexById = new Map(merged.id.map((id, index) => [id, index]));
  const origin = Date.parse(timeline.origin);
  const offset = (at: string | null) => (at === null ? null : Date.parse(at) - origin);
  for (const row of rows) {
    const index = indexById.get(row.id) ?? merged.id.length;
    indexById.set(row.id, index);
    merged.id[index] = row.id;
    merged.name[index] = row.name;
    merged.task_key[index] = indexIn(merged.task_keys, (key) => key === row.task_key, row.task_key);
    merged.state[index] = indexIn(merged.states, (state) => state.type === row.state_type && state.name === row.state_name, {
      type: row.state_type,
      name: row.state_name,
    });
    merged.expected[index] = offset(row.expected_start_time);
    merged.start[index] = offset(row.start_time);
    merged.end[index] = offset(row.end_time);
    merged.run_count[index] = row.run_count;
    merged.subflow_run_id[index] = row.subflow_run_id;
  }
  return merged;
}

/** Where a value stands in a dictionary; it is put at the end if it is not there yet. */
function indexIn<Value>(dictionary: Value[], matches: (value: Value) => boolean, value: Value): number {
  const found = dictionary.findIndex(matches);
  return found >= 0 ? found : dictionary.push(value) - 1;
}
