import type { ApiClient } from 'prefect-ts/client';
import { openLastingSocket, type RunEvents, retryPatiently, subscribeToRunEvents } from 'prefect-ts/runner';

export interface WakeChannelOptions {
  client: ApiClient;
  pool: { id: string; name: string };
  workerName: string;
  /** The queues that the worker serves; all of the pool when empty. */
  queues: readonly string[];
  /** How long before its time a run is taken. */
  prefetchSeconds: number;
  /** Called when runs of the pool may be due. */
  onWake: () => void;
}

/** Tells a worker to poll now. */
export interface WakeChannel {
  close(): void;
}

/** How often to ask a server that has no such channel, in case it was replaced by one that has. */
const REFUSED_RETRY_SECONDS = 300;

/**
 * Listens for runs that become due. Our server has a websocket for that, which also knows of slots that become free; from another server
 * the worker hears of new runs by its events. Both only make a run start sooner: what is missed, the next poll finds.
 */
export function openWakeChannel(options: WakeChannelOptions): WakeChannel {
  const { client, pool, onWake } = options;
  let events: RunEvents | undefined;
  const socket = openLastingSocket({
    client,
    path: `/work_pools/${encodeURIComponent(pool.name)}/wake`,
    onReady(send) {
      events?.close();
      events = undefined;
      const { queues, prefetchSeconds, workerName } = options;
      send({ type: 'subscribe', work_queue_names: queues, worker_name: workerName, prefetch_seconds: prefetchSeconds });
      // Something may have become due before the subscription.
      onWake();
    },
    onMessage(message) {
      if (message.type === 'wake') onWake();
    },
    retryAfter(failures, trouble) {
      if (trouble !== 'refused') return retryPatiently(failures);
      events ??= hearOfNewRuns(options);
      return REFUSED_RETRY_SECONDS;
    },
  });
  return {
    close() {
      socket.close();
      events?.close();
    },
  };
}

function hearOfNewRuns({ client, pool, onWake }: WakeChannelOptions): RunEvents {
  return subscribeToRunEvents({
    client,
    events: ['prefect.flow-run.Scheduled'],
    relatedTo: [`prefect.work-pool.${pool.id}`],
    onEvent: onWake,
    onReady: onWake,
  });
}
