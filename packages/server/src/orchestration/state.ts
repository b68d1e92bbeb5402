import {
  defaultStateName,
  formatTimestamp,
  type Micros,
  type State,
  type StateDetails,
  type StateType,
  uuid7,
} from '@prefect-ts/protocol';

/** A state that somebody asks for: the server gives it its id and time. */
export interface StateProposal {
  type: StateType;
  name?: string | null | undefined;
  message?: string | null | undefined;
  data?: unknown;
  state_details?: Partial<{ [Key in keyof StateDetails]: StateDetails[Key] | undefined }> | undefined;
}

const NO_DETAILS: StateDetails = {
  flow_run_id: null,
  task_run_id: null,
  child_flow_run_id: null,
  scheduled_time: null,
  cache_key: null,
  cache_expiration: null,
  deferred: false,
  untrackable_result: false,
  pause_timeout: null,
  pause_reschedule: false,
  pause_key: null,
  run_input_keyset: null,
  refresh_cache: null,
  retriable: null,
  transition_id: null,
  task_parameters_id: null,
  traceparent: null,
  deployment_concurrency_lease_id: null,
};

/** Makes a state of a proposal: every detail present, the name defaulted, a scheduled time for what is scheduled. */
export function makeState(proposal: StateProposal, now: Micros): State {
  const timestamp = formatTimestamp(now);
  const state_details: StateDetails = { ...NO_DETAILS };
  for (const [key, value] of Object.entries(proposal.state_details ?? {}))
    if (value !== undefined) Object.assign(state_details, { [key]: value });
  if (proposal.type === 'SCHEDULED') state_details.scheduled_time ??= timestamp;
  return {
    id: uuid7(now / 1000),
    type: proposal.type,
    name: proposal.name || defaultStateName(proposal.type),
    timestamp,
    message: proposal.message ?? null,
    data: proposal.data ?? null,
    state_details,
  };
}

/** Tells whether a state's data outlives the process: a JSON object that does not say it was not persisted. */
export function hasPersistedData(state: State | null): boolean {
  const data = state?.data;
  return typeof data === 'object' && data !== null && !Array.isArray(data) && (data as { type?: unknown }).type !== 'unpersisted';
}
