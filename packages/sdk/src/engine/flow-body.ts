import { AbortNode, orAbort, RunSuspended, RunTimeout } from '../context/abort.ts';
import { BodyContext } from '../context/body-context.ts';
import { throughStorage } from '../results/round-trip.ts';
import type { StateInit } from '../states/state.ts';
import { asError, describeError, secondsText } from './failure-text.ts';
import { finalStateOf } from './final-state.ts';
import { runFlowHooks } from './flow-end.ts';
import type { FlowRunScope } from './flow-scope.ts';
import { startHeartbeat } from './heartbeat.ts';
import { RunAborted } from './propose.ts';

/** Calls the body once and waits for what it submitted; a failure is a state, not an exception. */
export async function executeBody(scope: FlowRunScope): Promise<StateInit> {
  const stopHeartbeat = startHeartbeat(scope);
  try {
    await runFlowHooks(scope, 'running');
    return await strictly(scope, await callBody(scope));
  } finally {
    stopHeartbeat();
  }
}

async function callBody(scope: FlowRunScope): Promise<StateInit> {
  const { timeout } = scope.flow;
  const node = timeout === undefined ? scope.node : new AbortNode(scope.node);
  const timer =
    timeout === undefined
      ? undefined
      : setTimeout(
          () => node.abort(new RunTimeout(`Flow run exceeded timeout of ${secondsText(timeout)} second(s)`)),
          timeout * 1000,
        );
  scope.attempt = node;
  try {
    node.throwIfAborted();
    const body = (async () => scope.flow.body(scope.parameters, new BodyContext(scope, undefined)))();
    return throughStorage(await orAbort(body.then(finalStateOf), node));
  } catch (error) {
    if (scope.node.aborted) throw scope.node.reason;
    if (error instanceof RunTimeout && node.reason === error) {
      return { type: 'FAILED', name: 'TimedOut', message: error.message, outcome: { kind: 'error', error } };
    }
    if (error instanceof RunSuspended || error instanceof RunAborted) throw error;
    const thrown = asError(error);
    scope.log.error(`Encountered exception during execution: ${describeError(thrown)}`, thrown);
    return {
      type: 'FAILED',
      message: `Flow run encountered an exception: ${describeError(thrown)}`,
      details: { retriable: false },
      outcome: { kind: 'error', error: thrown },
    };
  } finally {
    clearTimeout(timer);
    if (node !== scope.node) node.dispose();
    scope.attempt = undefined;
  }
}

/** Tells of submitted runs that failed and that nobody looked at; a strict flow fails by them. */
async function strictly(scope: FlowRunScope, ended: StateInit): Promise<StateInit> {
  const unwatched = scope.futures.filter((future) => !future.watched);
  if (unwatched.length === 0 || ended.type !== 'COMPLETED') return ended;
  const states = await Promise.all(unwatched.map((future) => future.settled()));
  const failed = unwatched.filter((_, index) => states[index]?.isCompleted() === false);
  if (failed.length === 0) return ended;
  const names = failed
    .slice(0, 5)
    .map((future) => `'${future.name}'`)
    .join(', ');
  const told = `${failed.length} submitted task runs did not complete and were neither awaited nor returned: ${names}${failed.length > 5 ? ', …' : ''}`;
  if (!scope.flow.strictFutures) {
    scope.log.warn(told);
    return ended;
  }
  const first = states.find((state) => !state.isCompleted());
  return { type: 'FAILED', message: told, outcome: { kind: 'states', states: first ? [first] : [], single: false } };
}
