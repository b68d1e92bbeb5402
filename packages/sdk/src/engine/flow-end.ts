import { uuid4 } from '@prefect-ts/protocol';
import { AbortReason, RunCancelled, RunSuspended } from '../context/abort.ts';
import type { FlowHookName } from '../flows/hooks.ts';
import { writeFlowResult } from '../results/records.ts';
import { errorOfState } from '../states/result.ts';
import { State, type StateInit } from '../states/state.ts';
import { crashMessage } from './failure-text.ts';
import type { FlowRunScope } from './flow-scope.ts';
import { runHooks } from './hooks.ts';
import { proposeFor, proposeState, RunAborted } from './propose.ts';

/** Proposes an end, keeps what has to be kept, and runs the hooks of the state that the server answers with. */
export async function endIn(scope: FlowRunScope, ended: StateInit): Promise<State> {
  scope.step();
  const state = await proposeFor(scope, await withKeptResult(scope, ended));
  if (state.isCompleted()) await runFlowHooks(scope, 'completion');
  else if (state.isFailed()) await runFlowHooks(scope, 'failure');
  else if (state.isCrashed()) await runFlowHooks(scope, 'crashed');
  // Runs that were submitted may outlive the body; the process waits for them.
  await Promise.all(scope.futures.map((future) => future.watch()));
  return state;
}

async function withKeptResult(scope: FlowRunScope, ended: StateInit): Promise<StateInit> {
  const { session, store, persist } = scope;
  const failed = ended.type === 'FAILED' && ended.outcome?.kind === 'error' && ended.name !== 'TimedOut';
  const keeps = ended.type === 'COMPLETED' && (persist ?? session.defaults.persist);
  if (!failed && !keeps) return ended;
  try {
    const state = new State(ended);
    const value = keeps ? await state.result() : await errorOfState(state);
    return { ...ended, metadata: await writeFlowResult(store, uuid4().replaceAll('-', ''), value) };
  } catch (error) {
    scope.log.warn('The result could not be kept; the run goes on without.', error);
    return ended;
  }
}

/** The run was stopped from outside, or the engine itself failed. */
export async function endWithoutResult(scope: FlowRunScope, cause: unknown): Promise<State> {
  if (scope.state.isFinal()) return scope.state;
  if (cause instanceof RunSuspended || cause instanceof RunAborted) {
    scope.log.info(cause.message);
    throw cause;
  }
  if (cause instanceof RunCancelled) return endCancelled(scope, cause);
  const message = crashMessage(cause);
  scope.log.error(`Crash detected! ${message}`, ...(cause instanceof AbortReason ? [] : [cause]));
  const state = new State({ type: 'CRASHED', message, outcome: { kind: 'error', error: cause } });
  scope.state = await proposeState(scope.session, scope.run.id, state, { force: true });
  if (scope.state.isCrashed()) await runFlowHooks(scope, 'crashed');
  scope.log.error(`Finished in state ${scope.state}`);
  return scope.state;
}

/** A supervisor that started this process reports the end of a cancelled run itself, and runs its hooks. */
async function endCancelled(scope: FlowRunScope, cause: RunCancelled): Promise<State> {
  scope.log.info('Flow run was cancelled.');
  const outcome = { kind: 'error', error: cause } as const;
  const supervised = process.env.PREFECT__ENABLE_CANCELLATION_AND_CRASHED_HOOKS === 'false' && !scope.parent;
  if (supervised) return new State({ type: 'CANCELLED', message: cause.message, outcome });
  const message = 'Flow run was cancelled.';
  scope.state = await proposeState(scope.session, scope.run.id, new State({ type: 'CANCELLING', message }), { force: true });
  await runFlowHooks(scope, 'cancellation');
  const ended = new State({ type: 'CANCELLED', message, outcome });
  scope.state = await proposeState(scope.session, scope.run.id, ended, { force: true });
  return scope.state;
}

/** Runs the hooks of a flow for the state that its run is in. */
export async function runFlowHooks(scope: FlowRunScope, name: FlowHookName): Promise<void> {
  const hooks = scope.flow.hooks[name];
  if (hooks.length === 0) return;
  const { state, parameters, view } = scope;
  const error = state.isFailed() || state.isCrashed() ? await errorOfState(state) : undefined;
  await runHooks(hooks, { flowRun: view, state, parameters, error }, state, scope.log);
}
