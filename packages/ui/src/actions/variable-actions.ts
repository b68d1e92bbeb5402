import type { VariableCreate } from '@prefect-ts/protocol';
import { call } from '../api/client.ts';
import { useAction } from './use-action.ts';

const SHOWN = [['variables']];

/** Saves a variable: a new one, or the one whose id is given. */
export function useSaveVariable() {
  return useAction({
    act: ({ id, body }: { id: string | undefined; body: VariableCreate }): Promise<unknown> =>
      id === undefined ? call('POST /variables/', { body }) : call('PATCH /variables/{id}', { path: { id }, body }),
    done: 'The variable is saved',
    quietly: true,
    stale: SHOWN,
  });
}

export function useDeleteVariables() {
  return useAction({
    act: async (ids: readonly string[]) => {
      for (const id of ids) await call('DELETE /variables/{id}', { path: { id } });
    },
    done: 'Deleted',
    stale: SHOWN,
  });
}
