import type { Task } from '../tasks/task.ts';
import { taskDefinitionOf } from '../tasks/task.ts';

/** A task and the body that stands in for its own. */
export type Mock = readonly [task: Task<never, unknown>, body: (input: never, context: never) => unknown];

/** Pairs a task with another body, checked against its types. */
export function mock<I, O>(task: Task<I, O>, body: (input: I, context: never) => O | Promise<O>): Mock {
  return [task as unknown as Mock[0], body as Mock[1]];
}

/** The stand-ins by the key of their task, so that `task.with(…)` finds them too. */
export function mocksByKey(mocks: readonly Mock[]): ReadonlyMap<string, (input: unknown, context: unknown) => unknown> {
  return new Map(
    mocks.map(([task, body]) => [taskDefinitionOf(task).key, body as (input: unknown, context: unknown) => unknown]),
  );
}
