import { formatTimestamp, type WorkQueue } from '@prefect-ts/protocol';
import { parseJson } from '../../storage/json-columns.ts';
import { timestampOrNull } from '../flow-runs.ts';
import type { StoredQueue } from '../work-pools/queues.ts';

interface QueueFilter {
  readonly tags?: readonly string[] | null;
  readonly deployment_ids?: readonly string[] | null;
}

/** Tells whether a queue's filter, which queues had before pools, lets a deployment's runs through; a queue without one does. */
export function matchesDeployment(
  { filter }: Pick<StoredQueue, 'filter'>,
  deployment: { readonly id: string; readonly tags: readonly string[] },
): boolean {
  const { tags, deployment_ids: ids } = parseJson<QueueFilter | null>(filter) ?? {};
  return (tags ?? []).every((tag) => deployment.tags.includes(tag)) && (!ids || ids.includes(deployment.id));
}

/** A queue as the oldest routes answer it. */
export function queueOfDeploymentResponse(row: StoredQueue): WorkQueue {
  return {
    id: row.id,
    created: formatTimestamp(row.created),
    updated: formatTimestamp(row.updated),
    name: row.name,
    description: row.description,
    is_paused: row.is_paused === 1,
    concurrency_limit: row.concurrency_limit,
    priority: row.priority,
    work_pool_id: row.work_pool_id,
    filter: parseJson<NonNullable<WorkQueue['filter']> | null>(row.filter),
    last_polled: timestampOrNull(row.last_polled),
  };
}
