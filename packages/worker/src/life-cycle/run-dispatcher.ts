import type { FlowRun } from '@prefect-ts/protocol';
import { type ApiClient, ObjectNotFound } from 'prefect-ts/client';

export interface RunDispatcherOptions {
  client: ApiClient;
  pool: string;
  queues: readonly string[];
  prefetchSeconds: number;
  /** Aborted when the worker shuts down. */
  signal: AbortSignal;
  /** How many runs may be under way at once; unlimited when undefined. */
  limit: number | undefined;
  /** Takes a run to its end; `onAccepted` is to be called when the server has given it to this worker. */
  submit: (flowRun: FlowRun, onAccepted: () => void) => Promise<void>;
  onError: (flowRun: FlowRun, error: unknown) => void;
  /** Called when asking again may bring more runs. */
  onMorePossible: () => void;
}

/** Asks for due runs and hands each to its submission, within the worker's limit. */
export interface RunDispatcher {
  poll(): Promise<void>;
  /** Takes a run that is already on its infrastructure; nothing happens when it is under way here. */
  adopt(flowRun: FlowRun, follow: () => Promise<void>): void;
  /** Whether a run is under way here. */
  has(flowRunId: string): boolean;
  /** The number of runs under way. */
  readonly running: number;
  /** Settles when no run is under way. */
  drained(): Promise<void>;
}

/** The most runs that the server gives at once. */
const PAGE = 200;

export function createRunDispatcher(options: RunDispatcherOptions): RunDispatcher {
  const underWay = new Map<string, Promise<void>>();
  const limit = options.limit ?? Number.POSITIVE_INFINITY;

  async function poll(): Promise<void> {
    if (underWay.size >= limit) return;
    const before = new Date(Date.now() + Math.floor(options.prefetchSeconds) * 1000);
    const due = await readDueRuns(options, before);
    const pageWasFull = due.length >= PAGE;
    for (const flowRun of due) {
      if (underWay.has(flowRun.id)) continue;
      if (underWay.size >= limit) break;
      start(flowRun, pageWasFull);
    }
  }

  function start(flowRun: FlowRun, askAgain: boolean): void {
    keep(
      flowRun,
      options.submit(flowRun, () => askAgain && options.onMorePossible()),
    );
  }

  function keep(flowRun: FlowRun, work: Promise<void>): void {
    const wasFull = (): boolean => underWay.size + 1 >= limit;
    const run = work
      .catch((error: unknown) => options.onError(flowRun, error))
      .finally(() => {
        underWay.delete(flowRun.id);
        if (wasFull()) options.onMorePossible();
      });
    underWay.set(flowRun.id, run);
  }

  return {
    poll,
    adopt(flowRun, follow) {
      if (!underWay.has(flowRun.id)) keep(flowRun, follow());
    },
    has: (flowRunId) => underWay.has(flowRunId),
    get running() {
      return underWay.size;
    },
    async drained() {
      while (underWay.size > 0) await Promise.all(underWay.values());
    },
  };
}

async function readDueRuns({ client, pool, queues, signal }: RunDispatcherOptions, before: Date): Promise<FlowRun[]> {
  const body = { scheduled_before: before.toISOString(), work_queue_names: [...queues] };
  try {
    const answers = await client.call('POST /work_pools/{name}/get_scheduled_flow_runs', { path: { name: pool }, body, signal });
    return answers.map(({ flow_run }) => flow_run);
  } catch (error) {
    // A named queue, or the pool, may be made later.
    if (error instanceof ObjectNotFound) return [];
    throw error;
  }
}
