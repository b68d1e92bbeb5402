import { formatTimestamp, type State, type StateDetails, type StateType } from '@prefect-ts/protocol';
import { DetailError } from '../errors.ts';
import { parseJson } from '../storage/json-columns.ts';
import type { Routes } from './route.ts';

interface StateRow {
  readonly id: string;
  readonly timestamp: number;
  readonly type: StateType;
  readonly name: string;
  readonly message: string | null;
  readonly state_details: string;
  readonly data: string | null;
}

const COLUMNS = ['id', 'timestamp', 'type', 'name', 'message', 'state_details', 'data'] as const;

/** The history of runs, state by state. */
export const stateRoutes: Routes = {
  'GET /flow_run_states/': async ({ query }, core) =>
    (
      await core.scan.all(
        core.storage.builder
          .selectFrom('flow_run_state')
          .select(COLUMNS)
          .where('flow_run_id', '=', query.flow_run_id)
          .orderBy('timestamp'),
      )
    ).map(stateResponse),

  'GET /flow_run_states/{id}': async ({ path }, core) =>
    found(await core.read.first(core.storage.builder.selectFrom('flow_run_state').select(COLUMNS).where('id', '=', path.id))),

  'GET /task_run_states/': async ({ query }, core) =>
    (
      await core.scan.all(
        core.storage.builder
          .selectFrom('task_run_state')
          .select(COLUMNS)
          .where('task_run_id', '=', query.task_run_id)
          .orderBy('timestamp'),
      )
    ).map(stateResponse),

  'GET /task_run_states/{id}': async ({ path }, core) =>
    found(await core.read.first(core.storage.builder.selectFrom('task_run_state').select(COLUMNS).where('id', '=', path.id))),
};

function found(row: StateRow | undefined): State {
  // Clients know this text for states of either kind.
  if (!row) throw new DetailError(404, 'Flow run state not found');
  return stateResponse(row);
}

function stateResponse(row: StateRow): State {
  return {
    id: row.id,
    type: row.type,
    name: row.name,
    timestamp: formatTimestamp(row.timestamp),
    message: row.message,
    data: parseJson(row.data),
    state_details: parseJson<StateDetails>(row.state_details),
  };
}
