import type { FlowRunResponse } from '@prefect-ts/protocol';
import { orAbort, pause } from '../context/abort.ts';
import { type Context, runInContext, surroundingTransaction } from '../context/context.ts';
import { ParameterTypeError, UpstreamTaskError } from '../errors.ts';
import { captureConsole } from '../logging/capture-console.ts';
import { validateInput } from '../schema/validate.ts';
import { State, type StateInit } from '../states/state.ts';
import { resolveInput, waitForUpstreams } from '../tasks/resolve.ts';
import { describeError } from './failure-text.ts';
import { executeBody } from './flow-body.ts';
import { endIn, endWithoutResult } from './flow-end.ts';
import type { FlowRunScope } from './flow-scope.ts';
import { proposeFor } from './propose.ts';
import { formatRunName } from './run-name.ts';

/** Takes a flow run that exists from where it stands to its end. Rejects only with a reason to stop without an end (suspension, abort). */
export async function driveFlowRun(
  scope: FlowRunScope,
  outer: Context,
  upstreams: readonly unknown[] = [],
  signal?: AbortSignal,
): Promise<State> {
  const around = surroundingTransaction(outer);
  const transaction = around && { current: around };
  const context: Context = { session: scope.session, tags: outer.tags, flow: scope, testing: outer.testing, transaction };
  const onAbort = () => scope.node.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  if (scope.logConsole) captureConsole();
  return runInContext(context, async () => {
    try {
      const ended = await beginAndRun(scope, upstreams);
      scope.log.info(`Finished in state ${ended}`);
      return ended;
    } catch (error) {
      return await endWithoutResult(scope, error);
    } finally {
      signal?.removeEventListener('abort', onAbort);
      scope.node.dispose();
    }
  });
}

async function beginAndRun(scope: FlowRunScope, upstreams: readonly unknown[]): Promise<State> {
  try {
    scope.parameters = await orAbort(resolveInput(scope.parameters), scope.node);
    await orAbort(waitForUpstreams(upstreams), scope.node);
  } catch (error) {
    if (!(error instanceof UpstreamTaskError)) throw error;
    return proposeFor(scope, { type: 'PENDING', name: 'NotReady', message: error.message }, true);
  }
  if (JSON.stringify(scope.run.parameters ?? {}).includes('"$ref"')) {
    const { withBlocks } = await import('../blocks/hydrate.ts');
    scope.parameters = await withBlocks(scope.parameters);
  }
  const invalid = await validate(scope);
  if (invalid) return endIn(scope, invalid);
  if (scope.flow.runName) await rename(scope, formatRunName(scope.flow.runName, scope.parameters));
  const state = await proposeRunning(scope);
  if (!state.isRunning()) return state;
  return runUntilFinal(scope);
}

/** Replaces the parameters by what their schema makes of them; gives the end of the run when they do not fit. */
async function validate(scope: FlowRunScope): Promise<StateInit | undefined> {
  const { schema, validate: wanted } = scope.flow;
  if (!schema || !wanted) return undefined;
  try {
    scope.parameters = await validateInput(schema, scope.parameters, 'Flow');
    return undefined;
  } catch (error) {
    if (!(error instanceof ParameterTypeError)) throw error;
    scope.log.error(describeError(error));
    return {
      type: 'FAILED',
      message: `Validation of flow parameters failed with error: ${describeError(error)}`,
      details: { retriable: false },
      outcome: { kind: 'error', error },
    };
  }
}

async function rename(scope: FlowRunScope, name: string): Promise<void> {
  await scope.session.client.call('PATCH /flow_runs/{id}', { path: { id: scope.run.id }, body: { name } });
  scope.update({ ...scope.run, name });
}

const WAIT_WHILE_PENDING_MS = 200;

async function proposeRunning(scope: FlowRunScope): Promise<State> {
  for (;;) {
    const state = await proposeFor(scope, { type: 'RUNNING' });
    if (!state.isPending()) return state;
    await pause(WAIT_WHILE_PENDING_MS, scope.node);
  }
}

async function runUntilFinal(scope: FlowRunScope): Promise<State> {
  let begun = false;
  for (;;) {
    scope.update(await readRun(scope));
    scope.beginExecution();
    if (!begun) logBeginning(scope);
    begun = true;
    const ended = await executeBody(scope);
    const state = await endIn(scope, ended);
    if (!state.isScheduled()) return state;
    scope.log.info(
      `Received non-final state '${state.name}' when proposing final state '${ended.name ?? new State(ended).name}' and will attempt to run again...`,
    );
    const again = await proposeRunning(scope);
    if (!again.isRunning()) return again;
  }
}

function readRun({ session, run }: FlowRunScope): Promise<FlowRunResponse> {
  return session.client.call('GET /flow_runs/{id}', { path: { id: run.id } });
}

function logBeginning(scope: FlowRunScope): void {
  const { uiUrl } = scope.session.defaults;
  scope.log.info(`Beginning ${scope.parent ? 'subflow run' : 'flow run'} '${scope.run.name}' for flow '${scope.flow.name}'`);
  if (uiUrl) scope.log.local('INFO', `View at ${uiUrl}/runs/flow-run/${scope.run.id}`);
}
