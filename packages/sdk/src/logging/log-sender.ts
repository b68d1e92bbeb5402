import type { LogCreate } from '@prefect-ts/protocol';

export interface LogSenderOptions {
  readonly post: (batch: LogCreate[]) => Promise<void>;
  readonly warn: (message: string) => void;
  /** Milliseconds between batches. */
  readonly intervalMs: number;
  /** Bytes of one batch. */
  readonly batchBytes: number;
  /** Bytes of one log; what is above is cut. */
  readonly maxLogBytes: number;
}

const BYTES_AROUND_MESSAGE = 250;
const CUT = '... [truncated]';

/** Collects log lines and sends them in batches, in order. A batch that the server does not take is dropped with a notice. */
export class LogSender {
  readonly #options: LogSenderOptions;
  readonly #flushAt: number;
  #waiting: LogCreate[] = [];
  #waitingBytes = 0;
  #sending: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LogSenderOptions) {
    this.#options = options;
    this.#flushAt = Math.max(options.batchBytes - options.maxLogBytes, options.maxLogBytes);
  }

  /** Takes a log line. */
  send(log: LogCreate): void {
    const fitting = this.#cut(log);
    this.#waiting.push(fitting);
    this.#waitingBytes += fitting.message.length + BYTES_AROUND_MESSAGE;
    if (this.#waitingBytes >= this.#flushAt) this.#sendWaiting();
    else this.#timer ??= setTimeout(() => this.#sendWaiting(), this.#options.intervalMs).unref();
  }

  /** Sends what waits; returns when the server has it, or after the time given. */
  async flush(timeoutMs: number): Promise<void> {
    this.#sendWaiting();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([this.#sending, late]);
    clearTimeout(timer);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
  }

  #sendWaiting(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#sending = this.#sending.then(() => this.#post(batch));
  }

  async #post(batch: LogCreate[]): Promise<void> {
    try {
      await this.#options.post(batch);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.#options.warn(`${batch.length} log lines could not be sent to the API: ${text}`);
    }
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
