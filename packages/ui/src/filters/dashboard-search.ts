import { listOf, oneOf } from './search-params.ts';

export const DASHBOARD_WINDOWS = ['-1h', '-24h', '-7d', '-30d'] as const;

export interface DashboardSearch {
  in?: (typeof DASHBOARD_WINDOWS)[number];
  tag?: string[];
}

export function parseDashboardSearch(raw: Record<string, unknown>): DashboardSearch {
  const window = oneOf(raw.in, DASHBOARD_WINDOWS);
  const tag = listOf(raw.tag);
  return { ...(window && window !== '-24h' ? { in: window } : {}), ...(tag.length > 0 ? { tag } : {}) };
}
