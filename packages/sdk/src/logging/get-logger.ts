import { currentContext } from '../context/context.ts';
import { MissingContextError } from '../errors.ts';
import type { Logger } from './run-logger.ts';

/**
 * The logger of the run that surrounds the caller: the task run's if there is one, else the flow run's.
 *
 * @throws MissingContextError outside a run
 */
export function getLogger(): Logger {
  const { task, flow } = currentContext();
  const logger = task?.log ?? flow?.log;
  if (logger) return logger;
  throw new MissingContextError('There is no run here whose logger could be given.', {
    hint: 'Call getLogger() inside a flow or a task.',
  });
}
