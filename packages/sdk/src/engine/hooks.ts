import type { Logger } from '../logging/run-logger.ts';
import type { State } from '../states/state.ts';

/** Calls hooks one after the other. One that throws is logged and changes nothing else. */
export async function runHooks<P>(
  hooks: readonly ((payload: P) => unknown)[],
  payload: P,
  state: State,
  log: Logger,
): Promise<void> {
  for (const hook of hooks) {
    const name = hook.name || 'anonymous';
    log.info(`Running hook '${name}' in response to entering state '${state.name}'`);
    try {
      await hook(payload);
      log.info(`Hook '${name}' finished running successfully`);
    } catch (error) {
      log.error(`An error was encountered while running hook '${name}'`, error);
    }
  }
}
