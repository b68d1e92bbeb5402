import type { UiFlowRunPageRequest } from '@prefect-ts/protocol';
import { call } from '../api/client.ts';

export type BulkVerb = 'cancel' | 'retry' | 'delete';

/** How far an action on many runs has come. */
export interface BulkProgress {
  done: number;
  total: number;
  refused: { id: string; reason: string }[];
}

/** So many runs go into one request. */
const BATCH = 50;
/** So many runs are acted on at once at most; the rest is told. */
export const MOST_RUNS = 10_000;

const STATES = {
  cancel: { type: 'CANCELLING', name: 'Cancelling', message: 'Cancelled from the dashboard' },
  retry: { type: 'SCHEDULED', name: 'AwaitingRetry', message: 'Retried from the dashboard' },
} as const;

/** The ids of all runs that a list would show, up to {@link MOST_RUNS}. */
export async function matchingRunIds(request: UiFlowRunPageRequest, signal: AbortSignal): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: { results: { id: string }[]; next: string | null } = await call(
      'POST /ui/flow_runs/page',
      { body: { ...request, limit: 200, cursor } },
      signal,
    );
    ids.push(...page.results.map(({ id }) => id));
    cursor = page.next;
  } while (cursor !== null && ids.length < MOST_RUNS);
  return ids.slice(0, MOST_RUNS);
}

/**
 * Does one thing to many runs, batch after batch, and tells after each how far it is. A run that refuses does not stop the others.
 *
 * @throws ApiError when a whole batch fails.
 */
export async function actOnRuns(
  verb: BulkVerb,
  ids: readonly string[],
  signal: AbortSignal,
  onProgress: (progress: BulkProgress) => void,
): Promise<BulkProgress> {
  let progress: BulkProgress = { done: 0, total: ids.length, refused: [] };
  for (let start = 0; start < ids.length && !signal.aborted; start += BATCH) {
    const batch = ids.slice(start, start + BATCH);
    const refused = await actOnBatch(verb, batch);
    progress = { ...progress, done: progress.done + batch.length, refused: [...progress.refused, ...refused] };
    onProgress(progress);
  }
  return progress;
}

async function actOnBatch(verb: BulkVerb, ids: string[]): Promise<BulkProgress['refused']> {
  const flow_runs = { id: { any_: ids } };
  if (verb === 'delete') {
    const { deleted } = await call('POST /flow_runs/bulk_delete', { body: { flow_runs, limit: BATCH } });
    return ids.filter((id) => !deleted.includes(id)).map((id) => ({ id, reason: 'It was not there any more.' }));
  }
  const { results } = await call('POST /flow_runs/bulk_set_state', { body: { flow_runs, state: STATES[verb], limit: BATCH } });
  return results.flatMap(({ flow_run_id, status, details }) =>
    status === 'ACCEPT' ? [] : [{ id: flow_run_id, reason: reasonOf(details, status) }],
  );
}

function reasonOf(details: object | null | undefined, status: string): string {
  const reason = details && 'reason' in details ? String(details.reason ?? '') : '';
  return reason || `The server answered ${status}.`;
}
