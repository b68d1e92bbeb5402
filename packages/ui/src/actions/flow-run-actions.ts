import { type FlowRunResponse, isTerminal, type StateType } from '@prefect-ts/protocol';
import { call } from '../api/client.ts';
import { useAction } from './use-action.ts';

/** What can be done to a flow run in the state it is in. */
export function allowedActions(run: FlowRunResponse) {
  const over = isTerminal(run.state_type);
  return {
    cancel: !over && run.state_type !== 'CANCELLING',
    retry: over && run.state_type !== 'COMPLETED' && run.deployment_id !== null,
    pause: run.state_type === 'RUNNING' && run.deployment_id !== null,
    // One that asks for input is resumed by its form.
    resume: run.state_type === 'PAUSED' && !run.state?.state_details.run_input_keyset,
    runAgain: run.deployment_id !== null,
    remove: over || run.state_type === 'SCHEDULED',
  };
}

/** Asks that a run be stopped; a worker then ends its infrastructure. */
export function useCancelFlowRun(id: string) {
  return useFlowRunAction(id, 'The run is being cancelled', () =>
    call('POST /flow_runs/{id}/set_state', { path: { id }, body: { state: { type: 'CANCELLING', name: 'Cancelling' } } }).then(
      expectAccepted,
    ),
  );
}

/** Puts the same run back in line; its finished work is reused. */
export function useRetryFlowRun(id: string) {
  return useFlowRunAction(id, 'The run is scheduled again', () =>
    call('POST /flow_runs/{id}/set_state', {
      path: { id },
      body: { state: { type: 'SCHEDULED', name: 'AwaitingRetry', message: 'Retried from the dashboard' } },
    }).then(expectAccepted),
  );
}

/** Lets a paused run go on, with what it asked for if it asked. */
export function useResumeFlowRun(id: string) {
  return useFlowRunAction(id, 'The run goes on', (run_input: Record<string, unknown> | undefined) =>
    call('POST /flow_runs/{id}/resume', { path: { id }, body: run_input ? { run_input } : {} }).then(expectAccepted),
  );
}

/** A run that nobody resumes within this time fails. */
const LONGEST_SUSPENSION_MS = 24 * 3_600_000;

/** Asks a running run to stop before its next task and give its place away until somebody resumes it. */
export function useSuspendFlowRun(id: string) {
  return useFlowRunAction(id, 'The run stops before its next task', () => {
    const pause_timeout = new Date(Date.now() + LONGEST_SUSPENSION_MS).toISOString();
    return call('POST /flow_runs/{id}/set_state', {
      path: { id },
      body: {
        state: {
          type: 'PAUSED',
          name: 'Suspended',
          message: 'Suspended from the dashboard',
          state_details: { pause_reschedule: true, pause_timeout },
        },
      },
    }).then(expectAccepted);
  });
}

/** Puts a run into any state, whatever the rules say; nothing is stopped by it. */
export function useForceState(id: string) {
  return useFlowRunAction(id, 'The state is changed', ({ type, message }: { type: StateType; message: string }) =>
    call('POST /flow_runs/{id}/set_state', {
      path: { id },
      body: { state: { type, message: message || 'Set from the dashboard' }, force: true },
    }).then(expectAccepted),
  );
}

export function useDeleteFlowRun(id: string) {
  return useFlowRunAction(id, 'The run is deleted', () => call('DELETE /flow_runs/{id}', { path: { id } }));
}

function useFlowRunAction<Argument = void>(id: string, done: string, act: (argument: Argument) => Promise<unknown>) {
  return useAction({
    act,
    done,
    stale: [
      ['flow-run', id],
      ['why', id],
    ],
  });
}

interface TransitionOutcome {
  status: string;
  details: object;
}

/** A transition may be refused with a good HTTP status; the reason is then in the details. */
function expectAccepted(outcome: TransitionOutcome): void {
  if (outcome.status === 'ACCEPT') return;
  const reason = 'reason' in outcome.details ? String(outcome.details.reason) : '';
  throw new Error(reason || `The server answered ${outcome.status}.`);
}
