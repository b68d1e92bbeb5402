import { deploymentRun } from './deployment-run.ts';
import { events } from './events.ts';
import { flowRun } from './flow-run.ts';
import { idlePoll } from './idle-poll.ts';
import { logs } from './logs.ts';
import type { Measure } from './measure.ts';
import { newestRuns } from './newest-runs.ts';
import { taskEvents } from './task-events.ts';
import { taskRun } from './task-run.ts';

/** Everything that load is put on, the reads first: what writes leave behind would make them slower. */
export const MEASURES: readonly Measure[] = [newestRuns, idlePoll, flowRun, taskRun, logs, events, taskEvents, deploymentRun];

/** Finds a measure by its name. */
export function findMeasure(name: string): Measure {
  const measure = MEASURES.find((candidate) => candidate.name === name);
  if (measure === undefined) {
    throw new Error(`There is no measure "${name}". There are: ${MEASURES.map((known) => known.name).join(', ')}.`);
  }
  return measure;
}
