import type { ConcurrencyLimitV2Create, UiConcurrencyLimit } from '@prefect-ts/protocol';
import { call } from '../api/client.ts';
import { useAction } from './use-action.ts';

const SHOWN = [['concurrency-limits'], ['why']];

/** Saves a limit that takes slots by name: a new one, or the one whose id is given. */
export function useSaveGlobalLimit() {
  return useAction({
    act: ({ id, body }: { id: string | undefined; body: ConcurrencyLimitV2Create }): Promise<unknown> =>
      id === undefined
        ? call('POST /v2/concurrency_limits/', { body })
        : call('PATCH /v2/concurrency_limits/{id_or_name}', { path: { id_or_name: id }, body }),
    done: 'The limit is saved',
    quietly: true,
    stale: SHOWN,
  });
}

/** Sets how many task runs with a tag run at once. */
export function useSaveTagLimit() {
  return useAction({
    act: (body: { tag: string; concurrency_limit: number }) => call('POST /concurrency_limits/', { body }),
    done: 'The limit is saved',
    quietly: true,
    stale: SHOWN,
  });
}

export function useToggleLimit() {
  return useAction({
    act: ({ id, active }: { id: string; active: boolean }) =>
      call('PATCH /v2/concurrency_limits/{id_or_name}', { path: { id_or_name: id }, body: { active } }),
    stale: SHOWN,
  });
}

/** Takes every slot of a limit back from whoever holds it. */
export function useResetLimit() {
  return useAction({
    act: (limit: UiConcurrencyLimit): Promise<unknown> =>
      limit.tag === null
        ? call('PATCH /v2/concurrency_limits/{id_or_name}', { path: { id_or_name: limit.id }, body: { active_slots: 0 } })
        : call('POST /concurrency_limits/tag/{tag}/reset', { path: { tag: limit.tag }, body: {} }),
    done: 'All slots are free',
    stale: SHOWN,
  });
}

export function useDeleteLimit() {
  return useAction({
    act: (limit: UiConcurrencyLimit): Promise<unknown> =>
      limit.tag === null
        ? call('DELETE /v2/concurrency_limits/{id_or_name}', { path: { id_or_name: limit.id } })
        : call('DELETE /concurrency_limits/tag/{tag}', { path: { tag: limit.tag } }),
    done: 'The limit is deleted',
    stale: SHOWN,
  });
}
