import { Worker } from 'node:worker_threads';

/** What goes to the thread, and what comes back. */
export interface ScanRequest {
  id: number;
  sql: string;
  parameters: readonly unknown[];
}
export type ScanAnswer = { id: number; rows: unknown[] } | { id: number; error: Error };

/** How often the thread moves what the log holds into the database file. */
const CHECKPOINT_EVERY_MILLIS = 2_000;

/** A thread with a connection of its own for reads that may take long, so that they never hold up a write. */
export class ScanThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve: (rows: unknown[]) => void; reject: (error: unknown) => void }>();
  #lastId = 0;

  constructor(databasePath: string) {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    this.#worker = new Worker(new URL(`./scan-worker.${extension}`, import.meta.url), {
      workerData: { databasePath, checkpointEveryMillis: CHECKPOINT_EVERY_MILLIS },
    });
    this.#worker.unref();
    this.#worker.on('message', (answer: ScanAnswer) => {
      const caller = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('error' in answer) caller?.reject(answer.error);
      else caller?.resolve(answer.rows);
    });
    this.#worker.on('error', (error) => {
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    });
  }

  all(sql: string, parameters: readonly unknown[]): Promise<unknown[]> {
    this.#lastId += 1;
    const request: ScanRequest = { id: this.#lastId, sql, parameters };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      this.#worker.postMessage(request);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
