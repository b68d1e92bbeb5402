import { parentPort, workerData } from 'node:worker_threads';
import type { ApiClient } from '../client/client.ts';
import type { PulseJob, PulseLoss, PulseOrder } from './job.ts';

// The program of the thread behind a Pulse. It loads the client when the first job is due: most runs are over before.

const timers = new Map<number, NodeJS.Timeout>();
const renewed = new Map<number, number>();
let client: Promise<ApiClient> | undefined;

parentPort?.on('message', (order: PulseOrder) => {
  if (order.type === 'stop') return stop(order.id);
  renewed.set(order.id, Date.now());
  timers.set(
    order.id,
    setInterval(() => void beat(order.id, order.job), order.everyMs),
  );
});

function stop(id: number): void {
  clearInterval(timers.get(id));
  timers.delete(id);
  renewed.delete(id);
}

async function beat(id: number, job: PulseJob): Promise<void> {
  client ??= openClient();
  if (job.kind === 'heartbeat') return sendHeartbeat(await client, job.event);
  try {
    await renew(await client, job);
    renewed.set(id, Date.now());
  } catch (error) {
    // A lease that was not renewed lasts for its time; one that the server does not know is gone.
    const gone = error instanceof Error && 'status' in error && (error.status === 404 || error.status === 410);
    const since = renewed.get(id);
    if (since === undefined || (!gone && Date.now() - since < job.seconds * 1000)) return;
    stop(id);
    parentPort?.postMessage({ id, reason: error instanceof Error ? error.message : String(error) } satisfies PulseLoss);
  }
}

async function renew(api: ApiClient, { leaseId, seconds }: { leaseId: string; seconds: number }): Promise<void> {
  await api.call('POST /v2/concurrency_limits/leases/{lease_id}/renew', {
    path: { lease_id: leaseId },
    body: { lease_duration: seconds },
  });
}

async function sendHeartbeat(api: ApiClient, event: Readonly<Record<string, unknown>>): Promise<void> {
  const { formatTimestamp, nowMicros, uuid7 } = await import('@prefect-ts/protocol');
  const complete = { ...event, id: uuid7(), occurred: formatTimestamp(nowMicros()) };
  // One that is lost is followed by the next.
  await api.call('POST /events', { body: [complete as never] }).catch(() => undefined);
}

async function openClient(): Promise<ApiClient> {
  const [{ clientFromSettings }, { loadSettings }] = await Promise.all([
    import('../client/client-from-settings.ts'),
    import('../settings/load.ts'),
  ]);
  return clientFromSettings(loadSettings({ env: workerData as NodeJS.ProcessEnv }));
}
