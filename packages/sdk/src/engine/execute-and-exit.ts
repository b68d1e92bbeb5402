import { writeWaitingLines } from '../logging/console.ts';
import { executeFlowRun } from './execute.ts';

/** Executes the one run of this process and ends the process. */
export async function executeAndExit(flowRunId: string): Promise<never> {
  const code = await executeFlowRun(flowRunId);
  writeWaitingLines();
  // What user code left open does not keep the process of a finished run.
  process.exit(code);
}
