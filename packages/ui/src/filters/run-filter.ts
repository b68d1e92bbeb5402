import type { FlowRunFilter, FlowRunSort, StateType, UiFlowRunPageRequest, UiTimeWindow } from '@prefect-ts/protocol';
import { listOf, oneOf, textOf } from './search-params.ts';

/** The states that a list can be narrowed to: every state type, and `late`, which is a name. */
export const RUN_STATES = [
  'running',
  'completed',
  'failed',
  'crashed',
  'late',
  'scheduled',
  'pending',
  'paused',
  'cancelling',
  'cancelled',
] as const;
export type RunState = (typeof RUN_STATES)[number];

export const RUN_WINDOWS = ['-1h', '-24h', '-7d', '-30d', '+24h', '+7d', 'all'] as const;
export type RunWindow = (typeof RUN_WINDOWS)[number];
export const DEFAULT_WINDOW: RunWindow = '-7d';

export const RUN_SORTS = ['newest', 'oldest', 'name', 'ended'] as const;
export type RunSort = (typeof RUN_SORTS)[number];

/** Which runs a list shows, as it stands in the URL. Members that are absent narrow nothing. */
export interface RunFilter {
  state?: RunState[];
  flow?: string[];
  /** `flow name/deployment name`. */
  deployment?: string;
  pool?: string[];
  tag?: string[];
  /** A part of the run's name. */
  name?: string;
  in?: RunWindow;
  sort?: RunSort;
}

/** Reads a filter from search params; what does not parse is dropped. */
export function parseRunFilter(raw: Record<string, unknown>): RunFilter {
  const filter: RunFilter = {};
  const states = listOf(raw.state).filter((text): text is RunState => (RUN_STATES as readonly string[]).includes(text));
  if (states.length > 0) filter.state = states;
  for (const key of ['flow', 'pool', 'tag'] as const) {
    const values = listOf(raw[key]);
    if (values.length > 0) filter[key] = values;
  }
  const deployment = textOf(raw.deployment);
  if (deployment?.includes('/')) filter.deployment = deployment;
  const name = textOf(raw.name);
  if (name) filter.name = name;
  const window = oneOf(raw.in, RUN_WINDOWS);
  if (window && window !== DEFAULT_WINDOW) filter.in = window;
  const sort = oneOf(raw.sort, RUN_SORTS);
  if (sort && sort !== 'newest') filter.sort = sort;
  return filter;
}

/** Whether anything but the window and the order narrows the list. */
export function isNarrowed(filter: RunFilter): boolean {
  const { in: _window, sort: _sort, ...rest } = filter;
  return Object.keys(rest).length > 0;
}

/** The filter as a request, in the filter objects of the API. A relative window stays relative: the server resolves it. */
export function runPageRequest(filter: RunFilter): UiFlowRunPageRequest {
  const request: UiFlowRunPageRequest = { sort: SORTS[filter.sort ?? 'newest'] };
  const window = windowRequest(filter.in ?? DEFAULT_WINDOW);
  if (window) request.window = window;
  const runs: FlowRunFilter = {};
  if (filter.state) runs.state = stateFilter(filter.state);
  if (filter.tag) runs.tags = { all_: filter.tag };
  if (filter.name) runs.name = { like_: filter.name };
  if (Object.keys(runs).length > 0) request.flow_runs = runs;
  const [flowOfDeployment, deployment] = splitDeployment(filter.deployment);
  if (deployment !== undefined) request.deployments = { name: { any_: [deployment] } };
  const flows = flowOfDeployment === undefined ? filter.flow : [flowOfDeployment];
  if (flows) request.flows = { name: { any_: flows } };
  if (filter.pool) request.work_pools = { name: { any_: filter.pool } };
  return request;
}

const SORTS: Record<RunSort, FlowRunSort> = {
  newest: 'START_TIME_DESC',
  oldest: 'START_TIME_ASC',
  name: 'NAME_ASC',
  ended: 'END_TIME_DESC',
};

function windowRequest(window: RunWindow): UiTimeWindow | undefined {
  return window === 'all' ? undefined : { relative: window };
}

function stateFilter(states: RunState[]): NonNullable<FlowRunFilter['state']> {
  const types = states.filter((state) => state !== 'late').map((state) => state.toUpperCase() as StateType);
  const late = states.includes('late') ? { name: { any_: ['Late'] } } : {};
  if (types.length === 0) return late;
  return states.includes('late') ? { operator: 'or_', type: { any_: types }, ...late } : { type: { any_: types } };
}

function splitDeployment(text: string | undefined): [flow?: string, deployment?: string] {
  if (text === undefined) return [];
  const slash = text.indexOf('/');
  return [text.slice(0, slash), text.slice(slash + 1)];
}
