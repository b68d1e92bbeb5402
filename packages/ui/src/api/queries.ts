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

/** When a schedule comes due that need not be saved, given as JSON. */
export const scheduleDates = (schedule: string, limit: number) =>
  queryOptions({
    queryKey: ['schedule-dates', schedule, limit],
    queryFn: ({ signal }) =>
      call('POST /ui/schedules/dates', { body: { schedule: JSON.parse(schedule) as Record<string, unknown>, limit } }, signal),
    retry: false,
    staleTime: 30_000,
  });

export const blockDocumentsOfType = (slug: string) =>
  queryOptions({
    queryKey: ['block-documents', 'of-type', slug],
    queryFn: ({ signal }) =>
      call('POST /block_documents/filter', { body: { block_types: { slug: { any_: [slug] } }, sort: 'NAME_ASC' } }, signal),
  });

export const whyWaiting = (id: string) =>
  queryOptions({ queryKey: ['why', id], queryFn: ({ signal }) => call('GET /ui/flow_runs/{id}/why', { path: { id } }, signal) });

/** What a run keeps under some keys of its input, read from JSON. */
export const runInput = (id: string, keys: readonly string[]) =>
  queryOptions({
    queryKey: ['run-input', id, keys],
    queryFn: async ({ signal }) => {
      const kept = await call('POST /flow_runs/{id}/input/filter', { path: { id }, body: { prefix: '', limit: 200 } }, signal);
      return Object.fromEntries(kept.filter(({ key }) => keys.includes(key)).map(({ key, value }) => [key, parsed(value)]));
    },
  });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export const savedSearches = () =>
  queryOptions({
    queryKey: ['saved-searches'],
    queryFn: ({ signal }) => call('POST /saved_searches/filter', { body: { limit: 200 } }, signal),
  });

/** A kind of infrastructure that a work pool can be for. */
export interface WorkerType {
  type: string;
  display_name: string;
  description: string;
  is_beta: boolean;
  install_command: string;
  template: unknown;
}

/** The kinds of work pools that the server knows, each with its job template. */
export const workerTypes = () =>
  queryOptions({
    queryKey: ['worker-types'],
    queryFn: async ({ signal }): Promise<WorkerType[]> => {
      const view = await call('GET /collections/views/{view}', { path: { view: 'aggregate-worker-metadata' } }, signal);
      return Object.values(view)
        .flatMap((types) => (typeof types === 'object' && types !== null ? Object.values(types) : []))
        .flatMap((found) => readWorkerType(found) ?? []);
    },
    staleTime: 600_000,
  });

function readWorkerType(found: unknown): WorkerType | undefined {
  if (typeof found !== 'object' || found === null || !('type' in found)) return undefined;
  const text = (name: string) => String((found as Record<string, unknown>)[name] ?? '');
  return {
    type: text('type'),
    display_name: text('display_name') || text('type'),
    description: text('description'),
    is_beta: 'is_beta' in found && found.is_beta === true,
    install_command: text('install_command'),
    template: 'default_base_job_configuration' in found ? found.default_base_job_configuration : {},
  };
}

export const concurrencyLimits = () =>
  queryOptions({
    queryKey: ['concurrency-limits'],
    queryFn: ({ signal }) => call('POST /ui/concurrency_limits/page', { body: {} }, signal),
  });

const VARIABLES_A_PAGE = 100;

export const variables = (name: string, tags: readonly string[]) =>
  infiniteQueryOptions({
    queryKey: ['variables', name, tags],
    queryFn: ({ pageParam, signal }) =>
      call(
        'POST /variables/filter',
        {
          body: {
            variables: {
              ...(name ? { name: { like_: `%${name}%` } } : {}),
              ...(tags.length > 0 ? { tags: { all_: [...tags] } } : {}),
            },
            sort: 'NAME_ASC',
            offset: pageParam,
            limit: VARIABLES_A_PAGE,
          },
        },
        signal,
      ),
    initialPageParam: 0,
    getNextPageParam: (page, pages) => (page.length < VARIABLES_A_PAGE ? undefined : pages.length * VARIABLES_A_PAGE),
    placeholderData: keepPreviousData,
  });

const BLOCKS_A_PAGE = 100;

export const blockDocuments = (name: string, type: string) =>
  infiniteQueryOptions({
    queryKey: ['block-documents', name, type],
    queryFn: ({ pageParam, signal }) =>
      call(
        'POST /block_documents/filter',
        {
          body: {
            ...(name ? { block_documents: { name: { like_: `%${name}%` }, is_anonymous: { eq_: false } } } : {}),
            ...(type ? { block_types: { slug: { any_: [type] } } } : {}),
            sort: 'BLOCK_TYPE_AND_NAME_ASC',
            offset: pageParam,
            limit: BLOCKS_A_PAGE,
          },
        },
        signal,
      ),
    initialPageParam: 0,
    getNextPageParam: (page, pages) => (page.length < BLOCKS_A_PAGE ? undefined : pages.length * BLOCKS_A_PAGE),
    placeholderData: keepPreviousData,
  });

export const blockTypes = () =>
  queryOptions({
    queryKey: ['block-types'],
    queryFn: ({ signal }) => call('POST /block_types/filter', { body: { limit: 200 } }, signal),
  });

/** A type of block and the newest form of it. */
export const blockType = (slug: string) =>
  queryOptions({
    queryKey: ['block-type', slug],
    queryFn: async ({ signal }) => {
      const type = await call('GET /block_types/slug/{slug}', { path: { slug } }, signal);
      const [schema] = await call(
        'POST /block_schemas/filter',
        { body: { block_schemas: { block_type_id: { any_: [type.id] } }, limit: 1 } },
        signal,
      );
      if (!schema) throw new ApiError('POST /block_schemas/filter', 404, `The type ${type.name} has no form yet.`, undefined);
      return { type, schema };
    },
  });

/** A saved block; what is secret in it is masked. */
export const blockDocument = (id: string) =>
  queryOptions({
    queryKey: ['block-document', id],
    queryFn: ({ signal }) => call('GET /block_documents/{id}', { path: { id } }, signal),
  });

const ARTIFACTS_A_PAGE = 60;

/** The newest artifact of every key. */
export const latestArtifacts = (name: string, kind: string) =>
  infiniteQueryOptions({
    queryKey: ['artifacts', 'latest', name, kind],
    queryFn: ({ pageParam, signal }) =>
      call(
        'POST /artifacts/latest/filter',
        {
          body: {
            artifacts: {
              ...(name ? { key: { like_: `%${name}%` } } : {}),
              type: kind ? { any_: [kind] } : { not_any_: ['result'] },
            },
            sort: 'UPDATED_DESC',
            offset: pageParam,
            limit: ARTIFACTS_A_PAGE,
          },
        },
        signal,
      ),
    initialPageParam: 0,
    getNextPageParam: (page, pages) => (page.length < ARTIFACTS_A_PAGE ? undefined : pages.length * ARTIFACTS_A_PAGE),
    placeholderData: keepPreviousData,
  });

/** All artifacts of a key, the newest first. */
export const artifactsOfKey = (key: string) =>
  infiniteQueryOptions({
    queryKey: ['artifacts', 'key', key],
    queryFn: ({ pageParam, signal }) =>
      call(
        'POST /artifacts/filter',
        { body: { artifacts: { key: { any_: [key] } }, sort: 'CREATED_DESC', offset: pageParam, limit: ARTIFACTS_A_PAGE } },
        signal,
      ),
    initialPageParam: 0,
    getNextPageParam: (page, pages) => (page.length < ARTIFACTS_A_PAGE ? undefined : pages.length * ARTIFACTS_A_PAGE),
  });

export const artifact = (id: string) =>
  queryOptions({
    queryKey: ['artifacts', 'one', id],
    queryFn: ({ signal }) => call('GET /artifacts/{id}', { path: { id } }, signal),
  });
