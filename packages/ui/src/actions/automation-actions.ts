import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import { tell, tellFailure } from '../widgets/toasts.tsx';

/** Switches an automation on or off. */
export function useEnableAutomation(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (enabled: boolean) => call('PATCH /automations/{id}', { path: { id }, body: { enabled } }),
    onError: (error) => tellFailure(error.message),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['automations'] }),
        queries.invalidateQueries({ queryKey: ['automation', id] }),
      ]),
  });
}

export function useDeleteAutomation(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => call('DELETE /automations/{id}', { path: { id } }),
    onSuccess: () => {
      tell('The automation is deleted');
      return queries.invalidateQueries({ queryKey: ['automations'] });
    },
    onError: (error) => tellFailure(error.message),
  });
}
