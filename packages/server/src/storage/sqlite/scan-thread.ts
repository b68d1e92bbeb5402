import { Worker } from 'node:worker_threads';
import { StorageUnavailableError } from '../errors.ts';
import { namedRow } from './named-rows.ts';

/** What goes to the thread. */
export interface ScanRequest {
  readonly id: number;
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** What comes back: rows as lists of values, since names in every row would be copied for every row. */
export type ScanAnswer =
  | { readonly id: number; readonly columns: readonly string[]; readonly rows: readonly (readonly unknown[])[] }
  | { readonly id: number; readonly error: Error };

interface Caller {
  readonly resolve: (rows: unknown[]) => void;
  readonly reject: (error: unknown) => void;
}

/** How often the thread moves what the log holds into the database file. */
const CHECKPOINT_EVERY_MILLIS = 2_000;

/**
 * A thread with a connection of its own for reads that may take long, so that they never hold up a write. It is started when it is first
 * needed, and again should it die.
 */
export class ScanThread {
  readonly #databasePath: string;
  readonly #waiting = new Map<number, Caller>();
  #worker: Worker | undefined;
  #lastId = 0;

  constructor(databasePath: string) {
    this.#databasePath = databasePath;
  }

  all(sql: string, parameters: readonly unknown[]): Promise<unknown[]> {
    this.#worker ??= this.#start();
    this.#lastId += 1;
    const request: ScanRequest = { id: this.#lastId, sql, parameters };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      this.#worker?.postMessage(request);
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const worker = new Worker(new URL('./scan-entry.js', import.meta.url), {
      // It holds one answer at a time.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
      workerData: {
        program: new URL(`./scan-worker.${extension}`, import.meta.url).href,
        databasePath: this.#databasePath,
        checkpointEveryMillis: CHECKPOINT_EVERY_MILLIS,
      },
    });
    worker.unref();
    worker.on('message', (answer: ScanAnswer) => {
      const caller = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('error' in answer) caller?.reject(answer.error);
      else caller?.resolve(answer.rows.map((values) => namedRow(answer.columns, values)));
    });
    worker.on('error', (error) => this.#lost(worker, error));
    worker.on('exit', () => this.#lost(worker, new Error('it ended')));
    return worker;
  }

  /** Those who wait are told; the next request starts a new thread. An error is followed by an exit, when another may run already. */
  #lost(worker: Worker, cause: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const error = new StorageUnavailableError('The thread that reads the database stopped.', { cause });
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
