import type { State } from '../states/state.ts';
import type { TransactionHook } from '../transactions/transaction.ts';

/** A task run as hooks and bodies see it. */
export interface TaskRunView {
  readonly id: string;
  readonly name: string;
  readonly taskName: string;
  readonly tags: readonly string[];
  /** Attempts so far. */
  readonly runCount: number;
}

/** What a hook of a task is told. */
export interface TaskHookPayload<I = unknown, O = unknown> {
  readonly taskRun: TaskRunView;
  readonly state: State<O>;
  readonly input: I;
  /** What the body threw, when it failed. */
  readonly error: unknown;
}

export type TaskHook<I = unknown, O = unknown> = (payload: TaskHookPayload<I, O>) => unknown;

/** Moments at which hooks of a task run. */
export type TaskHookName = 'running' | 'completion' | 'failure';

export type TaskHooks = { readonly [N in TaskHookName]?: TaskHook | readonly TaskHook[] | undefined } & {
  /** Called when what the run did is kept for good. */
  readonly commit?: TransactionHook | readonly TransactionHook[] | undefined;
  /** Called when the transaction around the run is rolled back, to undo what the run did. */
  readonly rollback?: TransactionHook | readonly TransactionHook[] | undefined;
};
