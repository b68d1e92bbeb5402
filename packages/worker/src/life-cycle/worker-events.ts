import { COMPATIBLE_VERSION, formatTimestamp, nowMicros, type RelatedResource, uuid7 } from '@prefect-ts/protocol';
import type { ApiClient } from 'prefect-ts/client';
import { type Logger, slug } from 'prefect-ts/runner';
import type { FlowRunToStart } from '../base-worker.ts';

export interface WorkerEventsOptions {
  client: ApiClient;
  log: Logger;
  workerName: string;
  workerType: string;
}

/** The events that a worker emits about itself. */
export interface WorkerEvents {
  /** Emits an event and gives its id at once; a failure to deliver it is only logged. */
  emit(event: string, related: readonly RelatedResource[], follows?: string): string;
  /** Waits until all events are delivered or given up. */
  flush(): Promise<void>;
}

export function workerEvents({ client, log, workerName, workerType }: WorkerEventsOptions): WorkerEvents {
  const resource = {
    'prefect.resource.id': `prefect.worker.${workerType}.${slug(workerName)}`,
    'prefect.resource.name': workerName,
    'prefect.version': COMPATIBLE_VERSION,
    'prefect.worker-type': workerType,
  };
  const underWay = new Set<Promise<unknown>>();
  return {
    emit(event, related, follows) {
      const id = uuid7();
      const body = [
        {
          id,
          event,
          occurred: formatTimestamp(nowMicros()),
          resource,
          related: [...related],
          payload: {},
          follows: follows ?? null,
        },
      ];
      const delivery = client
        .call('POST /events', { body })
        .catch((error: Error) => log.debug(`Event ${event} was not delivered: ${error.message}`))
        .finally(() => underWay.delete(delivery));
      underWay.add(delivery);
      return id;
    },
    async flush() {
      await Promise.all(underWay);
    },
  };
}

/** The work pool as a related resource. */
export function relatedPool(pool: { id: string; name: string }): RelatedResource {
  return related('work-pool', pool.id, pool.name);
}

/** What a run's events are related to. */
export function relatedToRun(
  { flow, deployment, ...flowRun }: FlowRunToStart,
  pool: { id: string; name: string },
  infrastructure: Record<string, string> = {},
): RelatedResource[] {
  const tags = [...new Set([...flowRun.tags, ...(deployment?.tags ?? [])])].sort();
  return [
    { ...related('flow-run', flowRun.id, flowRun.name), ...infrastructure },
    ...(deployment ? [related('deployment', deployment.id, deployment.name)] : []),
    ...(flow ? [related('flow', flow.id, flow.name)] : []),
    ...tags.map((tag) => ({ 'prefect.resource.id': `prefect.tag.${tag}`, 'prefect.resource.role': 'tag' })),
    relatedPool(pool),
  ];
}

function related(role: string, id: string, name: string): RelatedResource {
  return { 'prefect.resource.id': `prefect.${role}.${id}`, 'prefect.resource.role': role, 'prefect.resource.name': name };
}
