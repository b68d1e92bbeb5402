import { close, fdatasync, fdatasyncSync, open } from 'node:fs';
import { promisify } from 'node:util';

const openFile = promisify(open);
const closeFile = promisify(close);
const sync = promisify(fdatasync);

/** While the disk was as quick as this, a commit that nobody else waits behind does not go to a thread. */
const QUICK_MILLIS = 3;

/**
 * Makes commits durable without stopping the event loop for the disk.
 *
 * The writer commits with `synchronous=NORMAL`, which appends to the write-ahead log and does not wait. Whoever needs a commit to
 * survive a loss of power then waits for {@link LogSync.durable}: one fdatasync of the log, in a thread, for all commits that were
 * made before it started. That is what `synchronous=FULL` does inside of each commit, shared by everybody who waits.
 *
 * A commit that is alone on a quick disk is synced on the spot: the way to a thread and back would cost more than the loop's wait.
 * See docs/decisions/durability.md.
 */
export class LogSync {
  readonly #path: string;
  #file: number | undefined;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #lastMillis = Number.POSITIVE_INFINITY;

  /** @param databasePath the database file; its log lies beside it. */
  constructor(databasePath: string) {
    this.#path = `${databasePath}-wal`;
  }

  /** Returns, or resolves, when everything committed before this call is on the disk; `alone` when nobody else wants to write. */
  durable(alone = false): Promise<void> | undefined {
    if (alone && !this.#running && this.#file !== undefined && this.#lastMillis < QUICK_MILLIS) return this.#syncHere(this.#file);
    // A sync under way may have started before the caller's commit, so the caller takes part in the next one.
    if (this.#running) {
      this.#next ??= this.#running.then(
        () => this.#start(),
        () => this.#start(),
      );
      return this.#next;
    }
    return this.#start();
  }

  async close(): Promise<void> {
    await this.#next?.catch(() => undefined);
    await this.#running?.catch(() => undefined);
    if (this.#file !== undefined) await closeFile(this.#file);
    this.#file = undefined;
  }

  #start(): Promise<void> {
    this.#next = undefined;
    this.#running = this.#sync().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #sync(): Promise<void> {
    this.#file ??= await openFile(this.#path, 'r+');
    const start = performance.now();
    await sync(this.#file);
    this.#lastMillis = performance.now() - start;
  }

  #syncHere(file: number): undefined {
    const start = performance.now();
    fdatasyncSync(file);
    this.#lastMillis = performance.now() - start;
  }
}
