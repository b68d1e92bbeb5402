import { parseTimestamp, type State } from '@prefect-ts/protocol';
import { json, parseJson } from '../storage/json-columns.ts';
import type { JsonText } from '../storage/tables.ts';
import type { RunDraft } from './transition.ts';

/** The draft of a run as its row has it. */
export function draftColumns(row: Omit<RunDraft, 'tags'> & { tags: JsonText }): RunDraft {
  return {
    id: row.id,
    tags: parseJson<string[]>(row.tags),
    state_type: row.state_type,
    state_name: row.state_name,
    state_timestamp: row.state_timestamp,
    run_count: row.run_count,
    start_time: row.start_time,
    end_time: row.end_time,
    total_run_time: row.total_run_time,
    expected_start_time: row.expected_start_time,
    next_scheduled_start_time: row.next_scheduled_start_time,
  };
}

/** What a transition leaves behind on the row of its run. */
export function stateColumns(run: RunDraft, stored: State) {
  return {
    state_id: stored.id,
    state_type: run.state_type,
    state_name: run.state_name,
    state_timestamp: run.state_timestamp,
    state: json(stored),
    run_count: run.run_count,
    start_time: run.start_time,
    end_time: run.end_time,
    total_run_time: run.total_run_time,
    expected_start_time: run.expected_start_time,
    next_scheduled_start_time: run.next_scheduled_start_time,
  };
}

/** The row of the history that a stored state is. */
export function stateRow(runId: string, stored: State) {
  return {
    id: stored.id,
    timestamp: parseTimestamp(stored.timestamp) ?? 0,
    type: stored.type,
    name: stored.name ?? '',
    message: stored.message,
    state_details: json(stored.state_details),
    data: stored.data === null ? null : json(stored.data),
    run_id: runId,
  };
}

export type StateRow = ReturnType<typeof stateRow>;
