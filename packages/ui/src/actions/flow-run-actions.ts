import { type FlowRunResponse, isTerminal } from '@prefect-ts/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import { tell, tellFailure } from '../widgets/toasts.tsx';

/** What can be done to a flow run in the state it is in. */
export function allowedActions(run: FlowRunResponse) {
  const over = isTerminal(run.state_type);
  return {
    cancel: !over && run.state_type !== 'CANCELLING',
    retry: over && run.state_type !== 'COMPLETED' && run.deployment_id !== null,
    resume: run.state_type === 'PAUSED',
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

/** Lets a paused run that waits for no input go on. */
export function useResumeFlowRun(id: string) {
  return useFlowRunAction(id, 'The run goes on', () =>
    call('POST /flow_runs/{id}/resume', { path: { id }, body: {} }).then(expectAccepted),
  );
}

export function useDeleteFlowRun(id: string) {
  return useFlowRunAction(id, 'The run is deleted', () => call('DELETE /flow_runs/{id}', { path: { id } }));
}

function useFlowRunAction(id: string, done: string, act: () => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: () => tell(done),
    onError: (error) => tellFailure(error.message),
    onSettled: () => queries.invalidateQueries({ queryKey: ['flow-run', id] }),
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
