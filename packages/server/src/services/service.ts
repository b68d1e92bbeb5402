import { nowMicros, SECOND } from '@prefect-ts/protocol';
import type { Core } from '../core.ts';

/** A loop of the server. Several servers on one database may run it; it says itself how they share the work. */
export interface Service {
  readonly name: string;
  /** Seconds between the end of one round and the start of the next; null when the settings turn the service off. */
  every(settings: Core['settings']): number | null;
  /** One round. What it throws is logged, and the next round comes regardless. */
  run(core: Core): Promise<void>;
}

export interface RunningServices {
  /** Ends every loop once its round is over. */
  stop(): Promise<void>;
}

/** Runs services, each in its own loop that is timed, logged and outlives its failures. */
export function runServices(core: Core, services: readonly Service[]): RunningServices {
  const stopping = new AbortController();
  const loops = services.map((service) => runLoop(core, service, stopping.signal));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

async function runLoop(core: Core, service: Service, signal: AbortSignal): Promise<void> {
  const seconds = service.every(core.settings);
  if (seconds === null) return;
  while (!signal.aborted) {
    const start = nowMicros();
    try {
      await service.run(core);
      core.log.debug({ service: service.name, seconds: (nowMicros() - start) / SECOND }, 'a service ran');
    } catch (error) {
      core.log.error({ err: error, service: service.name }, 'a service failed');
    }
    await pause(seconds, signal);
  }
}

/** Waits, unless the signal comes first. */
function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, seconds * 1000);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
