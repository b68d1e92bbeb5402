import type { DeploymentFlowRunCreate } from '@prefect-ts/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import { tell, tellFailure } from '../widgets/toasts.tsx';

/** Starts a run of a deployment. */
export function useRunDeployment(id: string) {
  return useMutation({
    mutationFn: (body: DeploymentFlowRunCreate) => call('POST /deployments/{id}/create_flow_run', { path: { id }, body }),
    onError: (error) => tellFailure(error.message),
  });
}

/** Stops or takes up again the schedules of a deployment. */
export function usePauseDeployment(id: string) {
  return useDeploymentAction(id, (paused: boolean) =>
    paused
      ? call('POST /deployments/{id}/pause_deployment', { path: { id } })
      : call('POST /deployments/{id}/resume_deployment', { path: { id } }),
  );
}

export function useToggleSchedule(id: string) {
  return useDeploymentAction(id, ({ scheduleId, active }: { scheduleId: string; active: boolean }) =>
    call('PATCH /deployments/{id}/schedules/{schedule_id}', { path: { id, schedule_id: scheduleId }, body: { active } }),
  );
}

export function useDeleteDeployment(id: string) {
  return useMutation({
    mutationFn: () => call('DELETE /deployments/{id}', { path: { id } }),
    onSuccess: () => tell('The deployment is deleted'),
    onError: (error) => tellFailure(error.message),
  });
}

function useDeploymentAction<Argument>(id: string, act: (argument: Argument) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onError: (error) => tellFailure(error.message),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['deployment', id] }),
        queries.invalidateQueries({ queryKey: ['deployment-row', id] }),
        queries.invalidateQueries({ queryKey: ['deployments'] }),
      ]),
  });
}
