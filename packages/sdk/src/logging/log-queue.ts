import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogCreate } from '@prefect-ts/protocol';

/** How much a queue holds. */
export interface LogQueueLimits {
  /** Bytes in memory; what comes after goes to a file. */
  readonly memoryBytes: number;
  /** Bytes in the file; what comes after is refused. */
  readonly diskBytes: number;
}

interface Spilled {
  readonly place: number;
  readonly bytes: number;
  readonly lines: number;
}

/** Batches of log lines that wait for the server, the oldest in memory and the rest in a file of this process. */
export class LogQueue {
  readonly #limits: LogQueueLimits;
  #memory: { readonly batch: LogCreate[]; readonly bytes: number }[] = [];
  #memoryBytes = 0;
  #spilled: Spilled[] = [];
  #file: { readonly folder: string; readonly handle: number; end: number } | undefined;
  #lines = 0;

  constructor(limits: LogQueueLimits) {
    this.#limits = limits;
  }

  /** Number of lines that wait. */
  get lines(): number {
    return this.#lines;
  }

  /** Bytes that are held in memory. */
  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  /** Takes a batch behind the others. @returns false when there is no room for it */
  push(batch: LogCreate[], bytes: number): boolean {
    const fits = this.#memory.length === 0 || this.#memoryBytes + bytes <= this.#limits.memoryBytes;
    // What came before and lies in the file goes first.
    if (fits && this.#spilled.length === 0) this.#keep(batch, bytes);
    else if (!this.#spill(batch)) return false;
    this.#lines += batch.length;
    return true;
  }

  /** The batch that came first; undefined when nothing waits. */
  peek(): LogCreate[] | undefined {
    if (this.#memory.length === 0 && this.#spilled.length > 0) this.#load();
    return this.#memory[0]?.batch;
  }

  /** Forgets the batch that came first. */
  shift(): void {
    const first = this.#memory.shift();
    if (!first) return;
    this.#memoryBytes -= first.bytes;
    this.#lines -= first.batch.length;
    if (this.#lines === 0) this.close();
  }

  /** Removes the file. */
  close(): void {
    if (!this.#file) return;
    closeSync(this.#file.handle);
    rmSync(this.#file.folder, { recursive: true, force: true });
    this.#file = undefined;
    this.#spilled = [];
  }

  #keep(batch: LogCreate[], bytes: number): void {
    this.#memory.push({ batch, bytes });
    this.#memoryBytes += bytes;
  }

  #spill(batch: LogCreate[]): boolean {
    const text = Buffer.from(JSON.stringify(batch));
    this.#file ??= openFile();
    const { handle, end } = this.#file;
    if (end + text.length > this.#limits.diskBytes) return false;
    writeSync(handle, text, 0, text.length, end);
    this.#spilled.push({ place: end, bytes: text.length, lines: batch.length });
    this.#file.end += text.length;
    return true;
  }

  #load(): void {
    const next = this.#spilled.shift();
    if (!next || !this.#file) return;
    const text = Buffer.alloc(next.bytes);
    readSync(this.#file.handle, text, 0, next.bytes, next.place);
    this.#keep(JSON.parse(text.toString()) as LogCreate[], next.bytes);
    // An empty file may grow from its beginning again.
    if (this.#spilled.length === 0) this.#file.end = 0;
  }
}

function openFile(): { folder: string; handle: number; end: number } {
  const folder = mkdtempSync(join(tmpdir(), 'prefect-ts-logs-'));
  return { folder, handle: openSync(join(folder, 'waiting.json'), 'w+', 0o600), end: 0 };
}
