import type { WorkPoolCreate, WorkPoolUpdate, WorkQueueCreate, WorkQueueUpdate } from '@prefect-ts/protocol';
import { call } from '../api/client.ts';
import { useAction } from './use-action.ts';

const SHOWN = [['work-pools'], ['work-pool-row'], ['work-pool'], ['work-queues'], ['workers']];

/** Stops or takes up again the work of a pool. */
export function usePauseWorkPool(name: string) {
  return useAction({
    act: (is_paused: boolean) => call('PATCH /work_pools/{name}', { path: { name }, body: { is_paused } }),
    stale: SHOWN,
  });
}

export function useCreateWorkPool() {
  return useAction({
    act: (body: WorkPoolCreate) => call('POST /work_pools/', { body }),
    done: 'The work pool is made',
    quietly: true,
    stale: SHOWN,
  });
}

export function useEditWorkPool(name: string) {
  return useAction({
    act: (body: WorkPoolUpdate) => call('PATCH /work_pools/{name}', { path: { name }, body }),
    done: 'The work pool is saved',
    quietly: true,
    stale: SHOWN,
  });
}

export function useDeleteWorkPool(name: string) {
  return useAction({
    act: () => call('DELETE /work_pools/{name}', { path: { name } }),
    done: 'The work pool is deleted',
    stale: [['work-pools']],
  });
}

export function usePauseWorkQueue(work_pool_name: string) {
  return useAction({
    act: ({ name, is_paused }: { name: string; is_paused: boolean }) =>
      call('PATCH /work_pools/{work_pool_name}/queues/{name}', { path: { work_pool_name, name }, body: { is_paused } }),
    stale: SHOWN,
  });
}

/** Saves a queue: a new one, or the one whose name is given. */
export function useSaveWorkQueue(work_pool_name: string) {
  return useAction({
    act: ({ name, body }: { name: string | undefined; body: WorkQueueCreate & WorkQueueUpdate }): Promise<unknown> =>
      name === undefined
        ? call('POST /work_pools/{work_pool_name}/queues', { path: { work_pool_name }, body })
        : call('PATCH /work_pools/{work_pool_name}/queues/{name}', { path: { work_pool_name, name }, body }),
    done: 'The work queue is saved',
    quietly: true,
    stale: SHOWN,
  });
}

/** Moves a queue to another place in the line; the others make room. */
export function usePrioritizeWorkQueue(work_pool_name: string) {
  return useAction({
    act: ({ name, priority }: { name: string; priority: number }) =>
      call('PATCH /work_pools/{work_pool_name}/queues/{name}', { path: { work_pool_name, name }, body: { priority } }),
    stale: SHOWN,
  });
}

export function useDeleteWorkQueue(work_pool_name: string) {
  return useAction({
    act: (name: string) => call('DELETE /work_pools/{work_pool_name}/queues/{name}', { path: { work_pool_name, name } }),
    done: 'The work queue is deleted',
    stale: SHOWN,
  });
}

/** Forgets a worker; one that is still there comes back with its next heartbeat. */
export function useRemoveWorker(work_pool_name: string) {
  return useAction({
    act: (name: string) => call('DELETE /work_pools/{work_pool_name}/workers/{name}', { path: { work_pool_name, name } }),
    done: 'The worker is removed',
    stale: SHOWN,
  });
}
