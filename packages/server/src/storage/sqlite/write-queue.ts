import type { Compilable, Unit } from '../storage.ts';
import type { SqliteConnection } from './connection.ts';
import type { LogSync } from './durability.ts';

interface QueuedUnit {
  work: (unit: Unit) => Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
}

interface FinishedUnit {
  queued: QueuedUnit;
  callbacks: (() => void)[];
  outcome: { ok: true; value: unknown } | { ok: false; error: unknown };
}

/** So many units at most share a commit: enough to make the commit cheap, few enough to answer the first of them soon. */
const LARGEST_GROUP = 64;

/**
 * Group commit: the units that wait together run one after the other, each in its savepoint, inside of one transaction, and are
 * answered together when that transaction is durable. While the disk is busy with one group the next one already runs.
 */
export class WriteQueue {
  readonly #connection: SqliteConnection;
  readonly #logSync: LogSync | undefined;
  readonly #waiting: QueuedUnit[] = [];
  readonly #settling = new Set<Promise<void>>();
  #draining: Promise<void> | undefined;

  constructor(connection: SqliteConnection, logSync: LogSync | undefined) {
    this.#connection = connection;
    this.#logSync = logSync;
  }

  write<T>(work: (unit: Unit) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves when nothing waits and everything written is durable. */
  async idle(): Promise<void> {
    while (this.#draining || this.#settling.size > 0) await Promise.all([this.#draining, ...this.#settling]);
  }

  async #drain(): Promise<void> {
    // Requests that were read from their sockets in the same turn of the event loop end up in one group.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) {
      const finished = await this.#commitGroup(this.#waiting.splice(0, LARGEST_GROUP));
      const alone = finished.length === 1 && this.#waiting.length === 0;
      this.#settle(finished, alone);
    }
    this.#draining = undefined;
  }

  async #commitGroup(group: readonly QueuedUnit[]): Promise<FinishedUnit[]> {
    const finished: FinishedUnit[] = [];
    try {
      this.#connection.step('BEGIN IMMEDIATE');
      for (const queued of group) finished.push(await this.#runUnit(queued, group.length > 1));
      this.#connection.step('COMMIT');
      return finished;
    } catch (error) {
      this.#rollback('ROLLBACK');
      return group.map((queued) => ({ queued, callbacks: [], outcome: { ok: false, error } }));
    }
  }

  async #runUnit(queued: QueuedUnit, shared: boolean): Promise<FinishedUnit> {
    const callbacks: (() => void)[] = [];
    if (shared) this.#connection.step('SAVEPOINT unit');
    try {
      const value = await queued.work(new SqliteUnit(this.#connection, callbacks));
      if (shared) this.#connection.step('RELEASE unit');
      return { queued, callbacks, outcome: { ok: true, value } };
    } catch (error) {
      if (shared) this.#connection.execute('ROLLBACK TO unit; RELEASE unit');
      else this.#rollback('ROLLBACK; BEGIN IMMEDIATE');
      return { queued, callbacks: [], outcome: { ok: false, error } };
    }
  }

  /** Answers the units of a group as soon as it is durable. */
  #settle(finished: readonly FinishedUnit[], alone: boolean): void {
    const fail = (error: unknown): void => {
      for (const { queued } of finished) queued.reject(error);
    };
    try {
      const durable = finished.some(({ outcome }) => outcome.ok) ? this.#logSync?.durable(alone) : undefined;
      if (!durable) {
        answer(finished);
        return;
      }
      const answered = durable.then(() => answer(finished));
      const settled = answered.catch(fail).finally(() => this.#settling.delete(settled));
      this.#settling.add(settled);
    } catch (error) {
      fail(error);
    }
  }

  /** SQLite has rolled back by itself after some errors; then there is nothing left to roll back. */
  #rollback(sql: string): void {
    try {
      this.#connection.execute(sql);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('no transaction is active')) throw error;
    }
  }
}

function answer(finished: readonly FinishedUnit[]): void {
  for (const { queued, callbacks, outcome } of finished) {
    if (!outcome.ok) queued.reject(outcome.error);
    else {
      for (const callback of callbacks) callback();
      queued.resolve(outcome.value);
    }
  }
}

class SqliteUnit implements Unit {
  readonly #connection: SqliteConnection;
  readonly #callbacks: (() => void)[];

  constructor(connection: SqliteConnection, callbacks: (() => void)[]) {
    this.#connection = connection;
    this.#callbacks = callbacks;
  }

  async all<Row>(query: Compilable<Row>): Promise<Row[]> {
    return this.#connection.all(query);
  }

  async first<Row>(query: Compilable<Row>): Promise<Row | undefined> {
    return this.#connection.first(query);
  }

  async run(query: Compilable<unknown>): Promise<number> {
    return this.#connection.run(query);
  }

  afterCommit(callback: () => void): void {
    this.#callbacks.push(callback);
  }
}
