import type { Core } from '../core.ts';
import { recordHeartbeats } from '../resources/flow-run-heartbeats.ts';
import type { NewEvent } from './event-log.ts';
import { recordTaskRuns, type TaskRunEvent, taskRunEvent } from './task-run-recorder.ts';

/** How often an event about a task run is tried again whose flow run is not there yet, and after how many milliseconds. */
const RETRIES = 5;
const RETRY_MILLIS = 1_000;

/**
 * Takes events in: they are stored, those about task runs become task runs, heartbeats are noted, and all of it is durable when this
 * resolves.
 */
export async function ingestEvents(core: Core, events: readonly Required<NewEvent>[]): Promise<void> {
  const taskRuns = events.flatMap((event) => taskRunEvent(event) ?? []);
  const waiting = await core.write(async (unit) => {
    await unit.emit(...events);
    await recordHeartbeats(unit, events);
    return recordTaskRuns(unit, taskRuns);
  });
  if (waiting.length > 0) retryLater(core, waiting, 1);
}

function retryLater(core: Core, events: readonly TaskRunEvent[], attempt: number): void {
  if (attempt > RETRIES) {
    core.log.error(
      { taskRuns: events.map(({ taskRunId }) => taskRunId) },
      'events about task runs were dropped: their flow runs do not exist',
    );
    return;
  }
  setTimeout(() => {
    core
      .write((unit) => recordTaskRuns(unit, events))
      .then((waiting) => {
        if (waiting.length > 0) retryLater(core, waiting, attempt + 1);
      })
      .catch((error) => {
        core.log.warn({ err: error }, 'recording task runs failed and will be tried again');
        retryLater(core, events, attempt + 1);
      });
  }, RETRY_MILLIS).unref();
}
