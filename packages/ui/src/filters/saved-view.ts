import type { SavedSearch } from '@prefect-ts/protocol';
import { isNarrowed, parseRunFilter, type RunFilter } from './run-filter.ts';
import { parseSearch, stringifySearch } from './search-params.ts';

/** A filter of runs that has a name. */
export interface RunView {
  /** Of the saved search; those that come with the dashboard have none. */
  id?: string;
  name: string;
  filter: RunFilter;
}

/** What most people look for, before they save anything. */
export const STANDARD_VIEWS: readonly RunView[] = [
  { name: 'Needs me', filter: { state: ['paused'], in: 'all' } },
  { name: 'Failed today', filter: { state: ['failed', 'crashed'], in: '-24h' } },
  { name: 'Running', filter: { state: ['running'], in: 'all' } },
  { name: 'Late', filter: { state: ['late'], in: 'all' } },
  { name: 'Upcoming', filter: { state: ['scheduled'], in: '+24h', sort: 'oldest' } },
];

const OBJECT = 'flow_run';
const PROPERTY = 'query';

/** A filter as saved searches keep it: one entry that holds what would stand in the URL. */
export function savedFilters(filter: RunFilter): SavedSearch['filters'] {
  return [
    { object: OBJECT, property: PROPERTY, type: 'string', operation: 'equals', value: stringifySearch({ ...filter }).slice(1) },
  ];
}

/** The view of a saved search; none for one that other clients saved in another way. */
export function viewOf({ id, name, filters }: SavedSearch): RunView | undefined {
  const kept = filters.find(({ object, property }) => object === OBJECT && property === PROPERTY);
  return typeof kept?.value === 'string' ? { id, name, filter: parseRunFilter(parseSearch(kept.value)) } : undefined;
}

/** Whether two filters show the same. */
export function sameFilter(a: RunFilter, b: RunFilter): boolean {
  return canonical(a) === canonical(b);
}

function canonical(filter: RunFilter): string {
  const params = new URLSearchParams(stringifySearch({ ...filter }));
  params.sort();
  return params.toString();
}

/** Whether a filter is worth a name. */
export function isWorthSaving(filter: RunFilter): boolean {
  return isNarrowed(filter) || filter.in !== undefined;
}
