import { nowMicros, SECOND } from '@prefect-ts/protocol';
import type { Core } from '../core.ts';
import type { Topics } from '../events/bus.ts';

/** A loop of the server. Several servers on one database may run it; it says itself how they share the work. */
export interface Service {
  readonly name: string;
  /** Seconds between the end of one round and the start of the next; null when the settings turn the service off. */
  every(settings: Core['settings']): number | null;
  /** News that begins the next round at once. */
  readonly wakesOn?: keyof Topics;
  /**
   * One round. What it throws is logged, and the next round comes regardless. The signal says that the server stops: a round that may be
   * long ends then where it can go on later.
   */
  run(core: Core, signal?: AbortSignal): Promise<void>;
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

/** The first clients come before the first rounds. */
const FIRST_ROUND_AFTER_SECONDS = 0.2;

async function runLoop(core: Core, service: Service, signal: AbortSignal): Promise<void> {
  const seconds = service.every(core.settings);
  if (seconds === null) return;
  const news = new News();
  const ignore = service.wakesOn && core.bus.subscribe(service.wakesOn, () => news.arrive());
  core.pulse.beat(service.name, seconds);
  await pause(FIRST_ROUND_AFTER_SECONDS, signal, news);
  while (!signal.aborted) {
    news.clear();
    const start = nowMicros();
    core.pulse.beat(service.name, seconds);
    let failed = false;
    try {
      await service.run(core, signal);
      core.log.debug({ service: service.name, seconds: (nowMicros() - start) / SECOND }, 'a service ran');
    } catch (error) {
      failed = true;
      core.log.error({ err: error, service: service.name }, 'a service failed');
    }
    core.pulse.round(service.name, (nowMicros() - start) / SECOND, failed);
    core.pulse.beat(service.name, seconds);
    await pause(seconds, signal, news);
  }
  core.pulse.end(service.name);
  ignore?.();
}

/** News that arrive together begin one round. */
const COALESCE_MILLIS = 20;

/** Remembers that something arrived, and tells the one who waits for it. */
class News {
  #arrived = false;
  #tell: (() => void) | undefined;

  arrive(): void {
    this.#arrived = true;
    this.#tell?.();
  }

  clear(): void {
    this.#arrived = false;
  }

  /** Calls back as soon as something has arrived. */
  expect(tell: (() => void) | undefined): void {
    this.#tell = tell;
    if (this.#arrived) tell?.();
  }
}

/** Waits, unless the signal or news come first. */
function pause(seconds: number, signal: AbortSignal, news: News): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    let timer = setTimeout(done, seconds * 1000);
    signal.addEventListener('abort', done, { once: true });
    news.expect(() => {
      news.expect(undefined);
      clearTimeout(timer);
      timer = setTimeout(done, COALESCE_MILLIS);
    });
    function done(): void {
      clearTimeout(timer);
      news.expect(undefined);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
