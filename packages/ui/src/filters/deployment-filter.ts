import type { DeploymentListFilter } from '../api/queries.ts';
import { listOf, textOf } from './search-params.ts';

/** Reads the filter of the deployments list from search params. */
export function parseDeploymentFilter(raw: Record<string, unknown>): DeploymentListFilter {
  const filter: DeploymentListFilter = {};
  const name = textOf(raw.name);
  if (name) filter.name = name;
  for (const key of ['tag', 'pool', 'flow'] as const) {
    const values = listOf(raw[key]);
    if (values.length > 0) filter[key] = values;
  }
  return filter;
}
