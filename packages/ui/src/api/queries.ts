import type { UiFlowRunPageRequest, UiTimeWindow } from '@prefect-ts/protocol';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ApiError, call } from './client.ts';

/** Keys and options of every query. The socket keeps answers fresh, so that none grows stale by age. */

export const flowRunPages = (request: UiFlowRunPageRequest) =>
  infiniteQueryOptions({
    queryKey: ['flow-runs', request],
    queryFn: ({ pageParam, signal }) =>
      call('POST /ui/flow_runs/page', { body: { limit: 50, ...request, cursor: pageParam } }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const flowRun = (id: string) =>
  queryOptions({
    queryKey: ['flow-run', id],
    queryFn: ({ signal }) => call('GET /flow_runs/{id}', { path: { id } }, signal),
  });

/** The names around a flow run: its flow, deployment, parent; and where the live feed stood when they were read. */
export const flowRunRow = (id: string) =>
  queryOptions({
    queryKey: ['flow-run-row', id],
    queryFn: async ({ signal }) => {
      const page = await call('POST /ui/flow_runs/page', { body: { flow_runs: { id: { any_: [id] } }, limit: 1 } }, signal);
      const [row] = page.results;
      if (!row) throw new ApiError('POST /ui/flow_runs/page', 404, 'Flow run not found', undefined);
      return { row, position: page.position };
    },
  });

export const timeline = (id: string) =>
  queryOptions({
    queryKey: ['timeline', id],
    queryFn: ({ signal }) => call('GET /ui/flow_runs/{id}/timeline', { path: { id } }, signal),
  });

export const flowRunStates = (flow_run_id: string) =>
  queryOptions({
    queryKey: ['flow-run-states', flow_run_id],
    queryFn: ({ signal }) => call('GET /flow_run_states/', { query: { flow_run_id } }, signal),
  });

export const flowRunArtifacts = (flowRunId: string) =>
  queryOptions({
    queryKey: ['artifacts', flowRunId],
    queryFn: ({ signal }) =>
      call(
        'POST /artifacts/filter',
        { body: { artifacts: { flow_run_id: { any_: [flowRunId] }, type: { not_any_: ['result'] } }, sort: 'CREATED_DESC' } },
        signal,
      ),
  });

export const taskRun = (id: string) =>
  queryOptions({
    queryKey: ['task-run', id],
    queryFn: ({ signal }) => call('GET /task_runs/{id}', { path: { id } }, signal),
  });

export const taskRunStates = (task_run_id: string) =>
  queryOptions({
    queryKey: ['task-run-states', task_run_id],
    queryFn: ({ signal }) => call('GET /task_run_states/', { query: { task_run_id } }, signal),
  });

export const flows = (name: string) =>
  infiniteQueryOptions({
    queryKey: ['flows', name],
    queryFn: ({ pageParam, signal }) =>
      call('POST /ui/flows/page', { body: { ...(name ? { flows: { name: { like_: name } } } : {}), cursor: pageParam } }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export interface DeploymentListFilter {
  name?: string;
  tag?: string[];
  pool?: string[];
  flow?: string[];
}

export const deployments = (filter: DeploymentListFilter) =>
  infiniteQueryOptions({
    queryKey: ['deployments', filter],
    queryFn: ({ pageParam, signal }) =>
      call(
        'POST /ui/deployments/page',
        {
          body: {
            deployments: {
              ...(filter.name ? { flow_or_deployment_name: { like_: filter.name } } : {}),
              ...(filter.tag ? { tags: { all_: filter.tag } } : {}),
            },
            ...(filter.flow ? { flows: { name: { any_: filter.flow } } } : {}),
            ...(filter.pool ? { work_pools: { name: { any_: filter.pool } } } : {}),
            cursor: pageParam,
          },
        },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const deployment = (id: string) =>
  queryOptions({
    queryKey: ['deployment', id],
    queryFn: ({ signal }) => call('GET /deployments/{id}', { path: { id } }, signal),
  });

/** The names and runs around a deployment. */
export const deploymentRow = (id: string) =>
  queryOptions({
    queryKey: ['deployment-row', id],
    queryFn: async ({ signal }) => {
      const page = await call('POST /ui/deployments/page', { body: { deployments: { id: { any_: [id] } }, limit: 1 } }, signal);
      const [row] = page.results;
      if (!row) throw new ApiError('POST /ui/deployments/page', 404, 'Deployment not found', undefined);
      return { row, position: page.position };
    },
  });

export const workPools = () =>
  queryOptions({
    queryKey: ['work-pools'],
    queryFn: ({ signal }) => call('POST /ui/work_pools/page', { body: { limit: 200 } }, signal),
  });

export const workPoolRow = (name: string) =>
  queryOptions({
    queryKey: ['work-pool-row', name],
    queryFn: async ({ signal }) => {
      const page = await call('POST /ui/work_pools/page', { body: { work_pools: { name: { any_: [name] } }, limit: 1 } }, signal);
      const [row] = page.results;
      if (!row) throw new ApiError('POST /ui/work_pools/page', 404, `There is no work pool named "${name}".`, undefined);
      return { row, position: page.position };
    },
  });

export const workers = (work_pool_name: string) =>
  queryOptions({
    queryKey: ['workers', work_pool_name],
    queryFn: ({ signal }) =>
      call('POST /work_pools/{work_pool_name}/workers/filter', { path: { work_pool_name }, body: {} }, signal),
  });

export const workQueues = (work_pool_name: string) =>
  queryOptions({
    queryKey: ['work-queues', work_pool_name],
    queryFn: ({ signal }) =>
      call('POST /work_pools/{work_pool_name}/queues/filter', { path: { work_pool_name }, body: {} }, signal),
  });

export const overview = (window: UiTimeWindow, tags: string[]) =>
  queryOptions({
    queryKey: ['overview', window, tags],
    queryFn: ({ signal }) =>
      call(
        'POST /ui/overview',
        { body: { window, ...(tags.length > 0 ? { flow_runs: { tags: { all_: tags } } } : {}) } },
        signal,
      ),
    placeholderData: keepPreviousData,
  });

export const serverVersion = () =>
  queryOptions({ queryKey: ['version'], queryFn: ({ signal }) => call('GET /admin/version', {}, signal) });

export const flow = (id: string) =>
  queryOptions({ queryKey: ['flow', id], queryFn: ({ signal }) => call('GET /flows/{id}', { path: { id } }, signal) });

export const workPool = (name: string) =>
  queryOptions({
    queryKey: ['work-pool', name],
    queryFn: ({ signal }) => call('GET /work_pools/{name}', { path: { name } }, signal),
  });

/** Objects of all kinds by a part of their name, or by id. */
export const search = (text: string) =>
  queryOptions({
    queryKey: ['search', text],
    queryFn: ({ signal }) => call('POST /ui/search', { body: { text } }, signal),
    placeholderData: keepPreviousData,
    enabled: text.trim() !== '',
  });

/** What depends on what in a run. */
export const flowRunGraph = (id: string) =>
  queryOptions({
    queryKey: ['flow-run-graph', id],
    queryFn: ({ signal }) => call('GET /flow_runs/{id}/graph-v2', { path: { id } }, signal),
  });
