import type { Worker } from 'node:worker_threads';
import type { Settings } from '../settings/index.ts';
import type { PulseJob, PulseLoss, PulseOrder } from './job.ts';

/**
 * Says in a thread of its own, again and again, what the server has to hear while work goes on. Code that keeps the event loop busy for
 * minutes would otherwise look like a crash, and lose its slots.
 */
export class Pulse {
  readonly #settings: Settings;
  readonly #lost = new Map<number, (reason: string) => void>();
  #worker: Worker | undefined;
  #jobs = 0;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** Does a job from now on, first after the time given. @returns how to stop */
  keep(job: PulseJob, everySeconds: number, onLost: (reason: string) => void = () => {}): () => void {
    const id = ++this.#jobs;
    this.#lost.set(id, onLost);
    this.#order({ type: 'start', id, everyMs: everySeconds * 1000, job });
    return () => {
      this.#lost.delete(id);
      if (this.#worker) this.#order({ type: 'stop', id });
    };
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #order(order: PulseOrder): void {
    this.#worker ??= this.#open();
    this.#worker.postMessage(order);
  }

  #open(): Worker {
    // Most processes that load this never need a thread.
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    const worker = new Worker(new URL('./thread.ts', import.meta.url), {
      workerData: this.#settings.toEnvironment(),
      execArgv: [],
    });
    worker.on('message', ({ id, reason }: PulseLoss) => this.#lost.get(id)?.(reason));
    worker.on('error', (error) => process.emitWarning(`The thread of heartbeats ended: ${error.message}`, 'PrefectWarning'));
    // Last, because listening keeps the process alive.
    worker.unref();
    return worker;
  }
}
