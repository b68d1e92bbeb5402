import type { FlowRunResponse } from '@prefect-ts/protocol';
import { UnfinishedRun } from '../errors.ts';
import { stateFromAnswer } from '../states/state.ts';

/**
 * What a flow run returned, also one in Python that persisted its result as JSON where this process can read it.
 *
 * @throws what the run threw when it failed, UnfinishedRun when it is not over, MissingResult when its result was not kept.
 *
 * @example const total = await resultOfRun<number>(await runDeployment('totals/prod'));
 */
export async function resultOfRun<T>(run: FlowRunResponse): Promise<T> {
  if (!run.state) throw new UnfinishedRun(`The run '${run.name}' has no state yet, so it has no result.`);
  return stateFromAnswer<T>(run.state).result();
}
