import { nowMicros, SECOND, type TaskRun } from '@prefect-ts/protocol';
import { clampedExponential } from '../client/retry.ts';
import { AbortNode, AbortReason, orAbort, pause, RunSuspended, RunTimeout } from '../context/abort.ts';
import { BodyContext, viewOfTaskRun } from '../context/body-context.ts';
import { currentContext, runInContext } from '../context/context.ts';
import { ParameterTypeError, UpstreamTaskError } from '../errors.ts';
import type { ResultRecord } from '../results/records.ts';
import { throughStorage } from '../results/round-trip.ts';
import { validateInput } from '../schema/validate.ts';
import { currentSession, type Session } from '../session/session.ts';
import { errorOfState } from '../states/result.ts';
import type { State, StateInit } from '../states/state.ts';
import type { TaskDefinition } from '../tasks/definition.ts';
import type { RunInProgress } from '../tasks/future.ts';
import { needsResolving, resolveInput, waitForUpstreams } from '../tasks/resolve.ts';
import { FatalError, RetryAfter } from '../tasks/retry-errors.ts';
import { type RunInputs, runsBehind, trackInputs } from '../tasks/track.ts';
import { asError, crashMessage, describeError, secondsText } from './failure-text.ts';
import { finalStateOf } from './final-state.ts';
import { runHooks } from './hooks.ts';
import type { Pool } from './pool.ts';
import { guarded } from './process-guard.ts';
import { RunAborted } from './propose.ts';
import { formatRunName } from './run-name.ts';
import { takeTagSlots } from './tag-slots.ts';
import { computeCacheKey, keepTaskResult } from './task-results.ts';
import { TaskRunScope } from './task-scope.ts';

export interface StartOptions {
  readonly waitFor?: Iterable<unknown> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Where the run waits for its turn. */
  readonly pool?: Pool | undefined;
}

export type StartedTask = RunInProgress<unknown>;

/** Starts a task run. It is known to the server (as Pending) when this returns; `ended` settles when it is over. */
export function startTask(task: TaskDefinition, input: unknown, options: StartOptions = {}): StartedTask {
  const outer = currentContext();
  outer.flow?.step();
  const session = outer.session ?? currentSession();
  const upstreams = options.waitFor ? [...options.waitFor] : [];
  const taskInputs = trackInputs(input, outer.flow?.results);
  if (options.waitFor) taskInputs.wait_for = runsBehind(upstreams, outer.flow?.results);
  if (outer.task && outer.task.flow === outer.flow) taskInputs.__parents__ = [{ input_type: 'task_run', id: outer.task.run.id }];
  const scope = new TaskRunScope({ task, input, taskInputs, session, context: outer });
  const run = () =>
    runInContext({ ...outer, session, task: scope, transaction: undefined }, () => runTask(scope, upstreams, options));
  const ended = outer.flow || outer.task ? run() : guarded(run);
  return { id: scope.run.id, name: scope.run.name, ended, state: () => scope.state };
}

/** Executes a task run that was made elsewhere and left for a worker, to its end. */
export function executeTaskRun(task: TaskDefinition, existing: TaskRun, input: unknown, session: Session): Promise<State> {
  const context = { session, tags: [] };
  const scope = new TaskRunScope({ task, input, taskInputs: existing.task_inputs as RunInputs, session, context, existing });
  scope.enter('PENDING', { details: { deferred: true } });
  return guarded(() => runInContext({ ...context, task: scope }, () => runTask(scope, [], {})));
}

async function runTask(scope: TaskRunScope, upstreams: readonly unknown[], options: StartOptions): Promise<State> {
  const unlink = options.signal && linkSignal(scope.node, options.signal);
  const leaving: (() => void)[] = [];
  try {
    if (!(await resolveUpstreams(scope, upstreams))) return scope.state;
    if (scope.task.runName) scope.run.name = formatRunName(scope.task.runName, scope.input);
    if (options.pool) leaving.push(await options.pool.enter(scope.node));
    if (scope.run.tags.length > 0) leaving.push(await takeTagSlots(scope));
    const ended = await finish(scope, await attemptUntilDone(scope));
    scope.flow?.step();
    return ended;
  } catch (error) {
    // The run will go on later: what becomes of this task is decided then.
    if (error instanceof RunSuspended || error instanceof RunAborted) return scope.state;
    return crash(scope, error);
  } finally {
    for (const leave of leaving) leave();
    unlink?.();
    scope.node.dispose();
  }
}

/** Waits for what the run depends on; false when it can never start. */
async function resolveUpstreams(scope: TaskRunScope, upstreams: readonly unknown[]): Promise<boolean> {
  if (upstreams.length === 0 && !needsResolving(scope.input)) return true;
  try {
    scope.input = await orAbort(resolveInput(scope.input), scope.node);
    await orAbort(waitForUpstreams(upstreams), scope.node);
    return true;
  } catch (error) {
    if (!(error instanceof UpstreamTaskError)) throw error;
    scope.enter('PENDING', { name: 'NotReady', message: error.message });
    return false;
  }
}

async function attemptUntilDone(scope: TaskRunScope): Promise<StateInit> {
  const { task } = scope;
  const key = await computeCacheKey(scope);
  const transacts = key !== null || scope.outerTransaction !== undefined || task.commit.length > 0 || task.rollback.length > 0;
  for (let attempt = 0; ; attempt++) {
    scope.enter('RUNNING', { name: attempt === 0 ? 'Running' : 'Retrying' });
    if (task.hooks.running.length > 0) await runTaskHooks(scope, 'running');
    scope.transaction = undefined;
    const found = transacts ? await beginTransaction(scope, key) : undefined;
    if (found)
      return { type: 'COMPLETED', name: 'Cached', outcome: { kind: 'value', value: found.value }, metadata: found.metadata };
    const ended = await attemptInTransaction(scope);
    if (ended.type === 'FAILED' && (await waitForRetry(scope, ended, attempt))) continue;
    return concludeTransaction(scope, ended);
  }
}

async function beginTransaction(scope: TaskRunScope, key: string | null): Promise<ResultRecord | undefined> {
  const { beginTaskTransaction } = await import('./task-transaction.ts');
  return (await beginTaskTransaction(scope, key)).found;
}

/** An attempt that does not complete is undone; what is around it only once there are no more attempts. */
async function attemptInTransaction(scope: TaskRunScope): Promise<StateInit> {
  try {
    const ended = await attemptOnce(scope);
    if (ended.type !== 'COMPLETED') await scope.transaction?.rollback();
    return ended;
  } catch (error) {
    await scope.transaction?.fail();
    throw error;
  }
}

async function concludeTransaction(scope: TaskRunScope, ended: StateInit): Promise<StateInit> {
  const { transaction, outerTransaction } = scope;
  if (ended.type !== 'COMPLETED') await outerTransaction?.fail();
  else if (transaction) {
    const { endTaskTransaction } = await import('./task-transaction.ts');
    const kept = await endTaskTransaction(scope, transaction, ended);
    return transaction.key === null ? keepTaskResult(scope, kept) : kept;
  }
  return keepTaskResult(scope, ended);
}

/** Calls the body once; a failure is a state, not an exception. Throws only when the run itself was aborted. */
async function attemptOnce(scope: TaskRunScope): Promise<StateInit> {
  const { timeout } = scope.task;
  const node = timeout === undefined ? scope.node : new AbortNode(scope.node);
  const timer =
    timeout === undefined ? undefined : setTimeout(() => node.abort(new RunTimeout(timeoutMessage(timeout))), timeout * 1000);
  scope.attempt = node;
  let body: Promise<unknown> | undefined;
  try {
    node.throwIfAborted();
    const input = scope.task.schema ? await validateInput(scope.task.schema, scope.input, 'Task') : scope.input;
    body = callBody(scope, input);
    return throughStorage(await finalStateOf(await orAbort(body, node)));
  } catch (error) {
    if (scope.node.aborted) throw scope.node.reason;
    if (error instanceof RunTimeout && node.reason === error) {
      await settleWithin(body, TIMEOUT_GRACE_MS);
      return { type: 'FAILED', name: 'TimedOut', message: error.message, outcome: { kind: 'error', error } };
    }
    const thrown = asError(error);
    return {
      type: 'FAILED',
      message: `Task run encountered an exception ${describeError(thrown)}`,
      details: { retriable: false },
      outcome: { kind: 'error', error: thrown },
    };
  } finally {
    clearTimeout(timer);
    if (node !== scope.node) node.dispose();
    scope.attempt = undefined;
  }
}

/** Time for a body to clean up after its signal, before the run counts as timed out. */
const TIMEOUT_GRACE_MS = 250;

async function callBody(scope: TaskRunScope, input: unknown): Promise<unknown> {
  const body = currentContext().testing?.mocks.get(scope.task.key) ?? scope.task.body;
  return body(input, new BodyContext(scope.flow, scope));
}

function timeoutMessage(seconds: number): string {
  return `Task run exceeded timeout of ${secondsText(seconds)} second(s)`;
}

async function settleWithin(work: Promise<unknown> | undefined, ms: number): Promise<void> {
  if (!work) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work.catch(() => {}), late]);
  clearTimeout(timer);
}

/** Decides whether there is another attempt, and waits for it. */
async function waitForRetry(scope: TaskRunScope, failure: StateInit, attempt: number): Promise<boolean> {
  const { task, run, log } = scope;
  const error = failure.outcome?.kind === 'error' ? failure.outcome.error : undefined;
  const told =
    error === undefined
      ? `Task run ended in state ${failure.name ?? failure.type}`
      : `Task run failed with exception: ${describeError(asError(error))}`;
  if (attempt >= run.retries) {
    if (run.retries > 0) log.error(`${told} - Retries are exhausted`, error);
    else if (error !== undefined) log.error(told, error);
    return false;
  }
  if (error instanceof FatalError || error instanceof ParameterTypeError || !(await wantsRetry(scope, failure, error, attempt))) {
    log.error(`${told} - It is not retried`, error);
    return false;
  }
  const delay = retryDelay(task, error, attempt);
  const when = delay > 0 ? `${secondsText(delay)} second(s) from now` : 'immediately';
  log.info(`${told} - Retry ${attempt + 1}/${run.retries} will start ${when}`);
  if (delay > 0) {
    scope.enterRetry(nowMicros() + Math.round(delay * SECOND));
    await pause(delay * 1000, scope.node);
  }
  return true;
}

async function wantsRetry(scope: TaskRunScope, failure: StateInit, error: unknown, attempt: number): Promise<boolean> {
  if (!scope.task.retryIf) return true;
  try {
    return await scope.task.retryIf(error ?? failure, { attempt: attempt + 1 });
  } catch (problem) {
    scope.log.error('The function retryIf failed; the task is not retried.', problem);
    return false;
  }
}

function retryDelay(task: TaskDefinition, error: unknown, attempt: number): number {
  if (error instanceof RetryAfter) return error.seconds;
  const delay = task.retryDelays[Math.min(attempt, task.retryDelays.length - 1)] ?? 0;
  return task.retryJitter ? clampedExponential(delay, task.retryJitter) : delay;
}

async function finish(scope: TaskRunScope, ended: StateInit): Promise<State> {
  const state = scope.enter(ended.type, withTrackability(ended));
  if (state.outcome?.kind === 'value') scope.flow?.results.add(state.outcome.value, { input_type: 'task_run', id: scope.run.id });
  if (state.isCompleted()) await runTaskHooks(scope, 'completion');
  else if (state.isFailed()) await runTaskHooks(scope, 'failure');
  scope.log.log(state.isCompleted() ? 'INFO' : 'ERROR', `Finished in state ${state}`);
  return state;
}

/** A value without identity cannot be followed into the runs that take it; the server wants to know. */
function withTrackability(ended: StateInit): StateInit {
  if (ended.outcome?.kind !== 'value') return ended;
  const { value } = ended.outcome;
  const tracked = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return tracked ? ended : { ...ended, details: { ...ended.details, untrackable_result: true } };
}

function crash(scope: TaskRunScope, cause: unknown): State {
  if (scope.state.isFinal()) return scope.state;
  const message = crashMessage(cause);
  const state = scope.enter('CRASHED', { message, outcome: { kind: 'error', error: cause } });
  scope.log.error(`Crash detected! ${message}`, ...(cause instanceof AbortReason ? [] : [cause]));
  scope.log.error(`Finished in state ${state}`);
  return state;
}

async function runTaskHooks(scope: TaskRunScope, name: 'running' | 'completion' | 'failure'): Promise<void> {
  const hooks = scope.task.hooks[name];
  if (hooks.length === 0) return;
  const { state, input } = scope;
  const error = state.isFailed() ? await errorOfState(state) : undefined;
  await runHooks(hooks, { taskRun: viewOfTaskRun(scope), state, input, error }, state, scope.log);
}

function linkSignal(node: AbortNode, signal: AbortSignal): () => void {
  const onAbort = () => node.abort(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return () => signal.removeEventListener('abort', onAbort);
}
