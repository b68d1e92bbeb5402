import { currentContext, runInContext } from './context.ts';

/**
 * Runs a function with tags around it: every flow run and task run started inside carries them. Nested calls add up.
 *
 * @example await tags(['nightly'], () => load({ day }))
 */
export function tags<T>(names: Iterable<string>, work: () => T): T {
  const context = currentContext();
  return runInContext({ ...context, tags: [...new Set([...context.tags, ...names])] }, work);
}
