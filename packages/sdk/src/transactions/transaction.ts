import { ConfigurationError, PrefectError } from '../errors.ts';
import type { PreparedRecord, ResultRecord } from '../results/records.ts';
import { type Locks, newHolder } from './locks.ts';

/** When what a transaction holds is kept: with the outermost, as soon as it ends, or never. */
export type CommitMode = 'lazy' | 'eager' | 'off';

/** `serializable`: nobody else works under the same key meanwhile. */
export type IsolationLevel = 'readCommitted' | 'serializable';

export type TransactionState = 'PENDING' | 'ACTIVE' | 'STAGED' | 'COMMITTED' | 'ROLLED_BACK';

/** Called when a transaction is committed or rolled back. */
export type TransactionHook = (transaction: Transaction) => unknown;

/** What to do at the end of a transaction. */
export interface StageHooks {
  readonly onCommit?: readonly TransactionHook[] | undefined;
  readonly onRollback?: readonly TransactionHook[] | undefined;
}

/** What a transaction works with. */
export interface TransactionStart {
  readonly key: string | null;
  readonly parent: Transaction | undefined;
  readonly commit: CommitMode | undefined;
  readonly isolation: IsolationLevel | undefined;
  /** Replaces what lies under the key. */
  readonly overwrite: boolean;
  readonly locks: Locks | undefined;
  /** What was committed under the key before. */
  readonly find: () => Promise<ResultRecord | undefined>;
  /** Makes the record of a value, to be written at the commit; undefined when the value is not kept. */
  readonly prepare: (value: unknown) => PreparedRecord | undefined;
  readonly log: TransactionLog;
}

/** Where a transaction tells what it does. */
export interface TransactionLog {
  info(message: string): void;
  warn(message: string, error?: unknown): void;
  error(message: string, error?: unknown): void;
}

/** Work that is kept as a whole or undone as a whole (contract, SDK 20). */
export class Transaction {
  readonly key: string | null;
  readonly parent: Transaction | undefined;
  readonly commitMode: CommitMode;
  readonly isolation: IsolationLevel;
  readonly #start: TransactionStart;
  readonly #holder = newHolder();
  readonly #children: Transaction[] = [];
  readonly #values = new Map<string, unknown>();
  #state: TransactionState = 'PENDING';
  #found: ResultRecord | undefined;
  #prepared: PreparedRecord | undefined;
  #onCommit: readonly TransactionHook[] = [];
  #onRollback: readonly TransactionHook[] = [];
  #locked = false;

  constructor(start: TransactionStart) {
    this.#start = start;
    this.key = start.key;
    this.parent = start.parent;
    this.commitMode = start.commit ?? start.parent?.commitMode ?? 'lazy';
    this.isolation = start.isolation ?? start.parent?.isolation ?? 'readCommitted';
    if (this.isolation === 'serializable' && start.key !== null && !start.locks) {
      throw new ConfigurationError('A serializable transaction needs locks.', {
        hint: 'Give it memoryLocks() for one process, or fileLocks(folder) for several.',
      });
    }
  }

  get state(): TransactionState {
    return this.#state;
  }
  /** Whether the work was done before: there is a value under the key. */
  get committed(): boolean {
    return this.#state === 'COMMITTED';
  }
  /** What lay under the key at the beginning. */
  get found(): ResultRecord | undefined {
    return this.#found;
  }

  /** The value that was committed under the key before; undefined when there is none. */
  read<T = unknown>(): T | undefined {
    return this.#found?.value as T | undefined;
  }

  /** Keeps a value for hooks and for transactions inside this one. */
  set(name: string, value: unknown): void {
    this.#values.set(name, value);
  }

  /** A copy of a value that this transaction, or one around it, keeps. Throws when there is none and no fallback. */
  get<T = unknown>(name: string, ...fallback: [T?]): T {
    if (this.#values.has(name)) return structuredClone(this.#values.get(name)) as T;
    if (this.parent) return this.parent.get(name, ...fallback);
    if (fallback.length > 0) return fallback[0] as T;
    throw new PrefectError(`The transaction has no value "${name}".`, {
      hint: 'Give get() a fallback, or set() the value before.',
    });
  }

  /** Says what is to be kept at the commit, and what is to be done at the end. @returns where the value will lie */
  stage(value: unknown, hooks: StageHooks = {}): PreparedRecord | undefined {
    if (this.#isOver()) return undefined;
    this.#onCommit = [...this.#onCommit, ...(hooks.onCommit ?? [])];
    this.#onRollback = [...this.#onRollback, ...(hooks.onRollback ?? [])];
    if (this.key !== null) this.#prepared = this.#start.prepare(value);
    this.#state = 'STAGED';
    return this.#prepared;
  }

  /** Does something more when the transaction is rolled back. */
  onRollback(hook: TransactionHook): void {
    this.#onRollback = [...this.#onRollback, hook];
  }

  /** Does something more when the transaction is committed. */
  onCommit(hook: TransactionHook): void {
    this.#onCommit = [...this.#onCommit, hook];
  }

  /** Takes the lock where one is asked for, and looks whether the work was done before. */
  async begin(signal?: AbortSignal): Promise<void> {
    this.#state = 'ACTIVE';
    if (this.key === null) return;
    if (this.isolation === 'serializable') {
      await this.#start.locks?.acquire(this.key, this.#holder, signal);
      this.#locked = true;
    }
    if (this.#start.overwrite) return;
    try {
      this.#found = await this.#start.find();
    } catch (error) {
      await this.#unlock();
      throw error;
    }
    if (!this.#found) return;
    this.#state = 'COMMITTED';
    await this.#unlock();
  }

  /** Ends work that went well: hands over to the transaction around this one, or commits. */
  async end(): Promise<void> {
    if (this.#isOver()) return;
    const { parent } = this;
    if (this.commitMode === 'eager') await this.commit();
    else if (parent?.committed) await this.commit();
    else if (parent?.state === 'ROLLED_BACK') await this.rollback();
    else if (parent) parent.#children.push(this);
    else if (this.commitMode === 'lazy') await this.commit();
    else await this.rollback();
  }

  /** Ends work that failed: undoes it, and what is around it. */
  async fail(): Promise<void> {
    await this.rollback();
    await this.parent?.fail();
  }

  /** Keeps what was staged, inside first. @returns false when that failed, and everything was rolled back instead */
  async commit(): Promise<boolean> {
    if (this.#isOver()) return this.committed;
    try {
      for (const child of this.#children) await child.commit();
      await this.#run(this.#onCommit, 'commit');
      await this.#prepared?.write();
      this.#state = 'COMMITTED';
      return true;
    } catch (error) {
      this.#start.log.error(`An error was encountered while committing transaction '${this.key ?? '(no key)'}'`, error);
      await this.rollback();
      return false;
    } finally {
      await this.#unlock();
    }
  }

  /** Undoes: own hooks in reverse, then what is inside in reverse. What was committed stays. */
  async rollback(): Promise<void> {
    if (this.#isOver()) return;
    this.#state = 'ROLLED_BACK';
    try {
      await this.#run([...this.#onRollback].reverse(), 'rollback');
      for (const child of [...this.#children].reverse()) await child.rollback();
    } catch (error) {
      this.#start.log.error(`An error was encountered while rolling back transaction '${this.key ?? '(no key)'}'`, error);
    } finally {
      await this.#unlock();
    }
  }

  #isOver(): boolean {
    return this.#state === 'COMMITTED' || this.#state === 'ROLLED_BACK';
  }

  async #run(hooks: readonly TransactionHook[], kind: 'commit' | 'rollback'): Promise<void> {
    for (const hook of hooks) {
      const name = hook.name || 'anonymous';
      this.#start.log.info(`Running ${kind} hook '${name}'`);
      await hook(this);
      this.#start.log.info(`${kind === 'commit' ? 'Commit' : 'Rollback'} hook '${name}' finished running successfully`);
    }
  }

  async #unlock(): Promise<void> {
    if (!this.#locked || this.key === null) return;
    this.#locked = false;
    await this.#start.locks?.release(this.key, this.#holder);
  }
}
