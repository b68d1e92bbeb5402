import type { UiFlowRun, UiFlowRunPage } from '@prefect-ts/protocol';
import type { LiveChange } from './live.ts';

/** The pages of a list that have been loaded so far, as the query cache keeps them. */
export interface LoadedPages {
  pages: UiFlowRunPage[];
  pageParams: unknown[];
}

/**
 * Loaded pages with live changes put in. A run that is there is replaced in place; one that does not match any more
 * leaves; a new one comes to the top. Rows never change their order.
 */
export function mergeFlowRuns(loaded: LoadedPages, changes: readonly LiveChange[]): LoadedPages {
  const changed = new Map<string, UiFlowRun>();
  const gone = new Set<string>();
  for (const change of changes) {
    if (change.kind === 'flow_run') {
      changed.set(change.row.id, change.row);
      gone.delete(change.row.id);
    } else if (change.kind === 'flow_run_gone') {
      gone.add(change.id);
      changed.delete(change.id);
    }
  }
  let removed = 0;
  const pages = loaded.pages.map((page) => {
    const kept = page.results.filter((row) => !gone.has(row.id));
    removed += page.results.length - kept.length;
    const results = kept.map((row) => {
      const next = changed.get(row.id);
      changed.delete(row.id);
      return next ?? row;
    });
    return { ...page, results };
  });
  const added = [...changed.values()].reverse();
  const total = (page: UiFlowRunPage) => page.total + added.length - removed;
  return {
    ...loaded,
    pages: pages.map((page, index) => ({
      ...page,
      total: total(page),
      results: index === 0 ? [...added, ...page.results] : page.results,
    })),
  };
}
