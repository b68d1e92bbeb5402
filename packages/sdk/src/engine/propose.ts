import { uuid4 } from '@prefect-ts/protocol';
import { type AbortNode, AbortReason, pause, RunSuspended } from '../context/abort.ts';
import type { Session } from '../session/session.ts';
import { State, type StateInit, stateFromAnswer } from '../states/state.ts';
import type { FlowRunScope } from './flow-scope.ts';

/** The server does not want the run to go on: end without another word. */
export class RunAborted extends AbortReason {
  override readonly code = 'RUN_ABORTED';
}

export interface ProposeOptions {
  /** Sets the state whatever the rules say. */
  readonly force?: boolean;
  /** Ends the waiting that the server may ask for. */
  readonly node?: AbortNode | undefined;
}

/**
 * Asks the server to move a flow run to a state, and gives the state that it is in then: the proposed one, or the one that the server
 * chose instead.
 *
 * @throws RunAborted, RunSuspended
 */
export async function proposeState(
  session: Session,
  flowRunId: string,
  proposed: State,
  options: ProposeOptions = {},
): Promise<State> {
  const body = {
    state: {
      type: proposed.type,
      name: proposed.name,
      message: proposed.message,
      data: proposed.metadata,
      state_details: { ...proposed.details, transition_id: uuid4() },
    },
    force: options.force ?? false,
  };
  for (;;) {
    const answer = await session.client.call('POST /flow_runs/{id}/set_state', { path: { id: flowRunId }, body });
    const { state, details } = answer;
    switch (answer.status) {
      case 'ACCEPT':
        return state ? proposed.with({ id: state.id, details: { ...state.state_details, flow_run_id: flowRunId } }) : proposed;
      case 'REJECT': {
        // An end that the server words in its own way is still the end that was proposed.
        const outcome = state?.type === proposed.type ? proposed.outcome : undefined;
        const chosen = state ? stateFromAnswer(state, outcome) : proposed;
        if (chosen.type === 'PAUSED') throw new RunSuspended(chosen.message ?? 'The run is paused.');
        return chosen;
      }
      case 'WAIT': {
        const seconds = 'delay_seconds' in details ? details.delay_seconds : 1;
        if (options.node) await pause(seconds * 1000, options.node);
        else await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
        break;
      }
      case 'ABORT':
        throw new RunAborted(('reason' in details && details.reason) || 'The server does not let the run go on.');
    }
  }
}

/** {@link proposeState} for a run of this process, which then is in the state that the server answers with. */
export async function proposeFor(scope: FlowRunScope, init: StateInit, force = false): Promise<State> {
  const details = { ...init.details, flow_run_id: scope.run.id };
  scope.state = await proposeState(scope.session, scope.run.id, new State({ ...init, details }), { force, node: scope.node });
  return scope.state;
}
