import type { DeploymentFlowRunCreate, DeploymentScheduleCreate, DeploymentUpdate } from '@prefect-ts/protocol';
import { useMutation } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import { tell, tellFailure } from '../widgets/toasts.tsx';
import { useAction } from './use-action.ts';

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

/** Saves a schedule: a new one, or the one whose id is given. */
export function useSaveSchedule(id: string) {
  return useAction({
    act: ({ id: schedule_id, body }: { id: string | undefined; body: DeploymentScheduleCreate }): Promise<unknown> =>
      schedule_id === undefined
        ? call('POST /deployments/{id}/schedules', { path: { id }, body: [body] })
        : call('PATCH /deployments/{id}/schedules/{schedule_id}', { path: { id, schedule_id }, body }),
    done: 'The schedule is saved',
    quietly: true,
    stale: shownOf(id),
  });
}

export function useDeleteSchedule(id: string) {
  return useDeploymentAction(id, (schedule_id: string) =>
    call('DELETE /deployments/{id}/schedules/{schedule_id}', { path: { id, schedule_id } }),
  );
}

/** Changes what a person may change of a deployment without deploying it again. */
export function useEditDeployment(id: string) {
  return useAction({
    act: (body: DeploymentUpdate) => call('PATCH /deployments/{id}', { path: { id }, body }),
    done: 'The deployment is saved',
    quietly: true,
    stale: shownOf(id),
  });
}

function useDeploymentAction<Argument>(id: string, act: (argument: Argument) => Promise<unknown>) {
  return useAction({ act, stale: shownOf(id) });
}

/** The queries that show something of a deployment. */
function shownOf(id: string) {
  return [['deployment', id], ['deployment-row', id], ['deployments'], ['flow-runs']];
}
