import { cliVersion } from './cli-version.ts';
import { dueAtOnce } from './due-at-once.ts';
import { firstLine } from './first-line.ts';
import { manyDeployments } from './many-deployments.ts';
import { manyTasks } from './many-tasks.ts';
import { startUp } from './start-up.ts';
import type { Trial } from './trial.ts';

/** Everything that is timed once from its beginning to its end. */
export const TRIALS: readonly Trial[] = [startUp, cliVersion, manyTasks, firstLine, dueAtOnce, manyDeployments];
