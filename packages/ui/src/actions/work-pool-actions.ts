import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import { tellFailure } from '../widgets/toasts.tsx';

/** Stops or takes up again the work of a pool. */
export function usePauseWorkPool(name: string) {
  return usePoolAction((is_paused: boolean) => call('PATCH /work_pools/{name}', { path: { name }, body: { is_paused } }));
}

export function usePauseWorkQueue(work_pool_name: string) {
  return usePoolAction(({ name, is_paused }: { name: string; is_paused: boolean }) =>
    call('PATCH /work_pools/{work_pool_name}/queues/{name}', { path: { work_pool_name, name }, body: { is_paused } }),
  );
}

function usePoolAction<Argument>(act: (argument: Argument) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onError: (error) => tellFailure(error.message),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['work-pools'] }),
        queries.invalidateQueries({ queryKey: ['work-pool-row'] }),
        queries.invalidateQueries({ queryKey: ['work-queues'] }),
      ]),
  });
}
