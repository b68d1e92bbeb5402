import { Worker } from 'node:worker_threads';
import { StorageTimeoutError, StorageUnavailableError } from '../errors.ts';
import { namedRow } from './named-rows.ts';

/** What goes to the thread. */
export interface ScanRequest {
  readonly id: number;
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** The thread's first word: it is there, and begins with what was asked. */
export const READY = 0;

/** What comes back: rows as lists of values, since names in every row would be copied for every row. */
export type ScanAnswer =
  | { readonly id: number; readonly columns: readonly string[]; readonly rows: readonly (readonly unknown[])[] }
  | { readonly id: number; readonly error: Error };

interface Call {
  readonly request: ScanRequest;
  readonly resolve: (rows: unknown[]) => void;
  readonly reject: (error: unknown) => void;
}

/** How often the thread moves what the log holds into the database file. */
const CHECKPOINT_EVERY_MILLIS = 2_000;

/** Nothing interrupts a read in a thread, so one that is given up goes on by itself: no more than so many at once. */
const MOST_ABANDONED = 2;

/**
 * A thread with a connection of its own for reads that may take long, so that they never hold up a write. It is started when it is first
 * needed, and again should it die. A read that takes longer than it may is given up with its thread, and another thread goes on with what
 * waited behind it.
 */
export class ScanThread {
  readonly #databasePath: string;
  readonly #timeoutMillis: number;
  /** In the order in which the thread deals with them: the first one is under way. */
  readonly #waiting = new Map<number, Call>();
  #worker: Worker | undefined;
  /** The time of reads does not run while their thread starts. */
  #ready = false;
  #watch: NodeJS.Timeout | undefined;
  #abandoned = 0;
  #lastId = 0;

  constructor(databasePath: string, timeoutSeconds: number) {
    this.#databasePath = databasePath;
    this.#timeoutMillis = timeoutSeconds * 1000;
  }

  all(sql: string, parameters: readonly unknown[]): Promise<unknown[]> {
    this.#lastId += 1;
    const request: ScanRequest = { id: this.#lastId, sql, parameters };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { request, resolve, reject });
      this.#worker ??= this.#start();
      this.#worker.postMessage(request);
      if (this.#waiting.size === 1) this.#watchFirst();
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#watch);
    await this.#worker?.terminate();
  }

  #start(): Worker {
    this.#ready = false;
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
    worker.on('message', (answer: ScanAnswer) => this.#onAnswer(worker, answer));
    worker.on('error', (error) => this.#lost(worker, error));
    worker.on('exit', () => this.#lost(worker, new Error('it ended')));
    return worker;
  }

  #onAnswer(worker: Worker, answer: ScanAnswer): void {
    if (this.#worker !== worker) return;
    if (answer.id === READY) this.#ready = true;
    const call = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    this.#watchFirst();
    if ('error' in answer) call?.reject(answer.error);
    else call?.resolve(answer.rows.map((values) => namedRow(answer.columns, values)));
  }

  /** The read that is under way may take so long from now. */
  #watchFirst(): void {
    clearTimeout(this.#watch);
    if (this.#ready && this.#waiting.size > 0) this.#watch = setTimeout(() => this.#giveUpFirst(), this.#timeoutMillis);
  }

  #giveUpFirst(): void {
    const [first] = this.#waiting.values();
    const worker = this.#worker;
    if (!first || !worker) return;
    first.reject(new StorageTimeoutError());
    // Too many go on already: this one, and who waits behind it, must see its end.
    if (this.#abandoned >= MOST_ABANDONED) {
      for (const { reject } of [...this.#waiting.values()].slice(1)) reject(new StorageTimeoutError());
      const rest = [...this.#waiting.keys()].slice(1);
      for (const id of rest) this.#waiting.delete(id);
      this.#watchFirst();
      return;
    }
    this.#waiting.delete(first.request.id);
    this.#abandoned += 1;
    this.#worker = undefined;
    worker.terminate().finally(() => {
      this.#abandoned -= 1;
    });
    if (this.#waiting.size === 0) return;
    this.#worker = this.#start();
    for (const { request } of this.#waiting.values()) this.#worker.postMessage(request);
  }

  /** Those who wait are told; the next request starts a new thread. An error is followed by an exit, when another may run already. */
  #lost(worker: Worker, cause: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    clearTimeout(this.#watch);
    const error = new StorageUnavailableError('The thread that reads the database stopped.', { cause });
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
