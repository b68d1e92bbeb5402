import { AsyncLocalStorage } from 'node:async_hooks';
import type { FlowRunScope } from '../engine/flow-scope.ts';
import type { TaskRunScope } from '../engine/task-scope.ts';
import type { Session } from '../session/session.ts';
import type { Transaction } from '../transactions/transaction.ts';

/** What surrounds the code that runs: an immutable value, replaced by a new one further in. */
export interface Context {
  readonly session?: Session | undefined;
  /** The tags of the surrounding `tags(…)` calls, without doubles. */
  readonly tags: readonly string[];
  readonly flow?: FlowRunScope | undefined;
  readonly task?: TaskRunScope | undefined;
  /** The innermost transaction of the surrounding code; that of a task is its own. */
  readonly transaction?: { readonly current: Transaction | undefined } | undefined;
  /** How runs differ from real ones, in a test. */
  readonly testing?: TestingContext | undefined;
}

/** What a test changes about the runs in it. */
export interface TestingContext {
  /** Bodies that stand in for those of tasks, by the key of the task. */
  readonly mocks: ReadonlyMap<string, (input: unknown, context: unknown) => unknown>;
  /** Whether values are written and read again, as between processes. */
  readonly roundTrip: boolean;
}

const storage = new AsyncLocalStorage<Context>();
const OUTSIDE: Context = { tags: [] };

/** The context of the code that asks. */
export function currentContext(): Context {
  return storage.getStore() ?? OUTSIDE;
}

/** Calls a function inside a context; what it starts stays in there. */
export function runInContext<T>(context: Context, work: () => T): T {
  return storage.run(context, work);
}

/** Makes a context that of the code which called, from here on. Only for what runs at once when it is called. */
export function enterContext(context: Context): void {
  storage.enterWith(context);
}

/** The innermost transaction that surrounds the caller, a task's included. */
export function surroundingTransaction({ transaction, task }: Context): Transaction | undefined {
  return transaction?.current ?? task?.transaction ?? task?.outerTransaction;
}

/** Binds a function to the context of now, for callbacks of libraries that lose it. */
export function bindContext<A extends unknown[], R>(work: (...args: A) => R): (...args: A) => R {
  const context = currentContext();
  return (...args) => storage.run(context, work, ...args);
}
