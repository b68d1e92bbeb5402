import type { ApiClient } from '../client/client.ts';
import { subscribeToRunEvents } from './run-events.ts';

/** Tells supervisors when someone asked to cancel one of their runs. */
export interface CancellationWatch {
  /** Calls back once when the run is (or just was) asked to cancel; the returned function ends the watch for it. */
  watch(flowRunId: string, onCancelling: () => void): () => void;
  close(): void;
}

const POLL_SECONDS = 10;
const REMEMBERED_RUNS = 10_000;

/**
 * Listens to the server's events, and asks the API while it cannot.
 *
 * @param pollSeconds how often to ask. Default 10
 */
export function watchCancellations(client: ApiClient, pollSeconds = POLL_SECONDS): CancellationWatch {
  const watched = new Map<string, () => void>();
  // A run may be cancelled while its process is only being prepared.
  const heardEarly = new Set<string>();

  function report(flowRunId: string): void {
    const onCancelling = watched.get(flowRunId);
    if (onCancelling === undefined) heardEarly.add(flowRunId);
    if (heardEarly.size > REMEMBERED_RUNS) heardEarly.clear();
    watched.delete(flowRunId);
    onCancelling?.();
  }

  async function ask(): Promise<void> {
    if (watched.size === 0) return;
    const runs = await client.call('POST /flow_runs/filter', {
      body: { flow_runs: { id: { any_: [...watched.keys()] }, state: { type: { any_: ['CANCELLING'] } } } },
    });
    for (const run of runs) report(run.id);
  }

  const askQuietly = (): void => {
    // The next event or poll mends what this one missed.
    ask().catch(() => undefined);
  };

  const events = subscribeToRunEvents({
    client,
    events: ['prefect.flow-run.Cancelling'],
    onEvent: (event) => report((event.resource['prefect.resource.id'] ?? '').replace('prefect.flow-run.', '')),
    onReady: askQuietly,
  });

  const timer = setInterval(() => {
    if (!events.listening) askQuietly();
  }, pollSeconds * 1000);

  return {
    watch(flowRunId, onCancelling) {
      if (heardEarly.delete(flowRunId)) {
        queueMicrotask(onCancelling);
        return () => undefined;
      }
      watched.set(flowRunId, onCancelling);
      return () => {
        if (watched.get(flowRunId) === onCancelling) watched.delete(flowRunId);
      };
    },
    close() {
      clearInterval(timer);
      events.close();
    },
  };
}
