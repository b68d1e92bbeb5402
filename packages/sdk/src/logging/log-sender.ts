import type { LogCreate } from '@prefect-ts/protocol';
import { PrefectHTTPStatusError } from '../client/errors.ts';
import { LogQueue } from './log-queue.ts';

export interface LogSenderOptions {
  readonly post: (batch: LogCreate[]) => Promise<void>;
  readonly warn: (message: string) => void;
  /** Milliseconds between batches. */
  readonly intervalMs: number;
  /** Bytes of one batch. */
  readonly batchBytes: number;
  /** Bytes of one log; what is above is cut. */
  readonly maxLogBytes: number;
  /** Bytes that are held in memory while the server is away; what comes after goes to a file. Default: four batches. */
  readonly memoryBytes?: number | undefined;
  /** Bytes of that file. Default 1 GiB. */
  readonly diskBytes?: number | undefined;
  /** Milliseconds after a failure before the next try; they double up to ten times that. Default 1000. */
  readonly retryMs?: number | undefined;
}

const BYTES_AROUND_MESSAGE = 250;
const CUT = '... [truncated]';
const GIBIBYTE = 1024 ** 3;

/**
 * Collects log lines and sends them in batches, in order. While the server is away they wait, in memory and then in a file; a batch that
 * the server refuses is dropped with a notice.
 */
export class LogSender {
  readonly #options: LogSenderOptions;
  readonly #flushAt: number;
  readonly #retryMs: number;
  readonly #queue: LogQueue;
  #waiting: LogCreate[] = [];
  #waitingBytes = 0;
  #sending: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #wake: () => void = () => {};
  #failures = 0;
  #closed = false;

  constructor(options: LogSenderOptions) {
    this.#options = options;
    this.#flushAt = Math.max(options.batchBytes - options.maxLogBytes, options.maxLogBytes);
    this.#retryMs = options.retryMs ?? 1000;
    this.#queue = new LogQueue({
      memoryBytes: options.memoryBytes ?? 4 * options.batchBytes,
      diskBytes: options.diskBytes ?? GIBIBYTE,
    });
  }

  /** Number of lines that the server does not have. */
  get unsent(): number {
    return this.#waiting.length + this.#queue.lines;
  }

  /** Takes a log line. */
  send(log: LogCreate): void {
    const fitting = this.#cut(log);
    this.#waiting.push(fitting);
    this.#waitingBytes += fitting.message.length + BYTES_AROUND_MESSAGE;
    if (this.#waitingBytes >= this.#flushAt) this.#sendWaiting();
    else this.#timer ??= setTimeout(() => this.#sendWaiting(), this.#options.intervalMs).unref();
  }

  /** Sends what waits; returns when the server has it, or after the time given. @returns whether the server has all */
  async flush(timeoutMs: number): Promise<boolean> {
    this.#sendWaiting();
    // The server may have come back during the rest.
    this.#wake();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([this.#sending, late]);
    clearTimeout(timer);
    return this.unsent === 0;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#wake();
    this.#queue.close();
  }

  #sendWaiting(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length > 0) {
      const batch = this.#waiting;
      if (!this.#queue.push(batch, this.#waitingBytes)) this.#drop(batch, 'there is no room for more');
      this.#waiting = [];
      this.#waitingBytes = 0;
    }
    this.#sending ??= this.#sendQueue().finally(() => {
      this.#sending = undefined;
    });
  }

  async #sendQueue(): Promise<void> {
    for (let batch = this.#queue.peek(); batch && !this.#closed; batch = this.#queue.peek()) {
      try {
        await this.#options.post(batch);
        this.#failures = 0;
        this.#queue.shift();
      } catch (error) {
        if (isRefusal(error)) {
          this.#drop(batch, textOf(error));
          this.#queue.shift();
          continue;
        }
        if (this.#failures++ === 0) this.#options.warn(`Log lines wait until the API is back: ${textOf(error)}`);
        await this.#rest();
      }
    }
  }

  /** Waits before another try; the process does not stay for it. */
  #rest(): Promise<void> {
    const ms = this.#retryMs * Math.min(2 ** (this.#failures - 1), 10);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms).unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #drop(batch: readonly LogCreate[], reason: string): void {
    this.#options.warn(`${batch.length} log lines could not be sent to the API: ${reason}`);
  }

  #cut(log: LogCreate): LogCreate {
    const { maxLogBytes } = this.#options;
    // A character takes at most six bytes in JSON: most lines need no counting.
    if (log.message.length * 6 + BYTES_AROUND_MESSAGE <= maxLogBytes) return log;
    if (Buffer.byteLength(JSON.stringify(log)) <= maxLogBytes) return log;
    const room = maxLogBytes - BYTES_AROUND_MESSAGE - CUT.length;
    let message = log.message.slice(0, room);
    while (Buffer.byteLength(JSON.stringify(message)) > room) message = message.slice(0, Math.floor(message.length * 0.9));
    return { ...log, message: message + CUT };
  }
}

/** The server answered, and will answer the same again. */
function isRefusal(error: unknown): boolean {
  return error instanceof PrefectHTTPStatusError && error.status < 500 && ![408, 429].includes(error.status);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
