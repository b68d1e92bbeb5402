import { type AnyBlock, isBlock } from '../blocks/definition.ts';
import { isTask, type Task } from '../tasks/task.ts';

type Module = Readonly<Record<string, unknown>>;

/** The tasks that a module exports, by the name they are exported under. */
export function tasksIn(module: Module): Map<string, Task<unknown, unknown>> {
  return exported(module, isTask);
}

/** The kinds of blocks that a module exports, by the name they are exported under. */
export function blocksIn(module: Module): Map<string, AnyBlock> {
  return exported(module, isBlock);
}

function exported<T>(module: Module, is: (value: unknown) => value is T): Map<string, T> {
  const found = new Map<string, T>();
  for (const [name, value] of Object.entries(module)) if (is(value)) found.set(name, value);
  return found;
}
