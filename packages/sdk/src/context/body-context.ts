import type { FlowRunScope } from '../engine/flow-scope.ts';
import type { TaskRunScope } from '../engine/task-scope.ts';
import { MissingContextError } from '../errors.ts';
import type { FlowRunView } from '../flows/hooks.ts';
import type { Logger } from '../logging/run-logger.ts';
import type { TaskRunView } from '../tasks/hooks.ts';
import { bindContext, currentContext } from './context.ts';

/** What a body knows of the run it is in: its second argument, and what `run.current()` gives. */
export class BodyContext {
  readonly #flow: FlowRunScope | undefined;
  readonly #task: TaskRunScope | undefined;

  constructor(flow: FlowRunScope | undefined, task: TaskRunScope | undefined) {
    this.#flow = flow;
    this.#task = task;
  }

  /** The surrounding flow run; undefined in a task that was called outside a flow. */
  get flowRun(): FlowRunView | undefined {
    return this.#flow?.view;
  }
  /** The task run, inside one. */
  get taskRun(): TaskRunView | undefined {
    return this.#task && viewOfTaskRun(this.#task);
  }
  /** The parameters of the surrounding flow run, validated. */
  get parameters(): unknown {
    return this.#flow?.parameters;
  }
  /** Aborts when the body should stop: timeout, cancellation, shutdown; `signal.reason` tells which. */
  get signal(): AbortSignal {
    return this.#node().signal;
  }
  get log(): Logger {
    return this.#here().log;
  }
  /** Number of this attempt, from 1. */
  get attempt(): number {
    return this.#task ? this.#task.run.runCount : (this.#flow?.run.run_count ?? 1);
  }
  /** The same for every attempt of this run: what to give to services that do things once per key. */
  get idempotencyKey(): string {
    return this.#here().run.id;
  }

  #node() {
    const { attempt, node } = this.#here();
    return attempt ?? node;
  }

  #here(): FlowRunScope | TaskRunScope {
    const here = this.#task ?? this.#flow;
    if (!here) throw new MissingContextError('There is no run here.', { hint: 'Call this inside a flow or a task.' });
    return here;
  }
}

/** A task run, as authors see it. */
export function viewOfTaskRun({ run, task }: TaskRunScope): TaskRunView {
  return { id: run.id, name: run.name, taskName: task.name, tags: run.tags, runCount: run.runCount };
}

/** The run that surrounds the caller. */
export const run = {
  /** @throws MissingContextError outside a run */
  current(): BodyContext {
    const { flow, task } = currentContext();
    if (!flow && !task) throw new MissingContextError('There is no run here.', { hint: 'Call this inside a flow or a task.' });
    return new BodyContext(flow, task);
  },
  /** Binds a callback to the run of now, for libraries that lose it. */
  bind: bindContext,
};
