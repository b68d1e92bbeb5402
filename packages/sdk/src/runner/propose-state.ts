import { type State, type StateCreate, type StateDetailsInput, uuid4 } from '@prefect-ts/protocol';
import type { ApiClient } from '../client/client.ts';
import { outlastDowntime } from './outlast-downtime.ts';

/** What the server made of a proposed state. */
export interface ProposalAnswer {
  /** Whether the run now is in the proposed state. */
  accepted: boolean;
  status: 'ACCEPT' | 'REJECT' | 'ABORT' | 'WAIT';
  /** The state that the run is in, where the answer tells. */
  state: State | null;
  /** Why the server did not accept. */
  reason: string | undefined;
}

export interface ProposeOptions {
  /** Skips the server's rules. */
  force?: boolean;
  /** For how long to try while the server is away, in seconds. Default: ten minutes. */
  patienceSeconds?: number | undefined;
}

/**
 * Proposes a state for a flow run on behalf of its supervisor. Outlasts minutes of downtime; a proposal whose answer was lost is recognised
 * by its transition id when it is sent again.
 */
export async function proposeState(
  client: ApiClient,
  flowRunId: string,
  state: Omit<StateCreate, 'state_details'> & { state_details?: StateDetailsInput },
  { force = false, patienceSeconds }: ProposeOptions = {},
): Promise<ProposalAnswer> {
  const transitionId = uuid4();
  const body = { state: { ...state, state_details: { ...state.state_details, transition_id: transitionId } }, force };
  const send = () => client.call('POST /flow_runs/{id}/set_state', { path: { id: flowRunId }, body });
  const answer = await outlastDowntime(send, patienceSeconds);
  const { status, details } = answer;
  const repeated = status === 'REJECT' && answer.state?.state_details.transition_id === transitionId;
  const accepted = repeated || (status === 'ACCEPT' && answer.state?.type === state.type);
  return { accepted, status, state: answer.state, reason: 'reason' in details ? (details.reason ?? undefined) : undefined };
}
