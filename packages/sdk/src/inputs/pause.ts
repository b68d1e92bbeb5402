import { formatTimestamp, nowMicros, SECOND } from '@prefect-ts/protocol';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { RunSuspended, pause as wait } from '../context/abort.ts';
import { type Context, currentContext } from '../context/context.ts';
import { type Duration, toSeconds } from '../durations.ts';
import type { FlowRunScope } from '../engine/flow-scope.ts';
import { proposeState, RunAborted } from '../engine/propose.ts';
import { FlowPauseTimeout, MissingContextError, PauseRefused } from '../errors.ts';
import { State, type StateInit } from '../states/state.ts';
import { type InputKeyset, keysetFor, type Question, readAnswer, storeQuestion } from './keyset.ts';

/** How a run stops for a while. */
export interface PauseOptions<S extends StandardSchemaV1 = StandardSchemaV1> {
  /** What is asked for; whoever resumes the run has to give it. A schema of an object. */
  readonly input?: S | undefined;
  /** What the form shows to begin with. */
  readonly initial?: Readonly<Record<string, unknown>> | undefined;
  /** Heading of the form. */
  readonly title?: string | undefined;
  /** Markdown above the form. */
  readonly description?: string | undefined;
  /** How long the run waits before it fails. Default: an hour for a pause, for ever for a suspension. */
  readonly timeout?: Duration | undefined;
  /** Names the pause. Default: its number in the run, so the order of calls has to stay the same when the body runs again. */
  readonly key?: string | undefined;
  /** How often to look whether the run may go on, besides the news of the server. Default: 10 seconds. */
  readonly pollInterval?: Duration | undefined;
}

const PAUSE_TIMEOUT = '1h';

/** Pauses the run that surrounds the caller, with its process waiting. See `pause` of the package's root. */
export async function pauseRun(options: PauseOptions): Promise<unknown> {
  const { flow: scope, task } = here('pause');
  const seconds = toSeconds(options.timeout ?? PAUSE_TIMEOUT);
  const pauseKey = options.key ?? String(scope.nextPause());
  const question = questionOf(options);
  const keyset = question && keysetFor('Paused', pauseKey);
  const entered = await propose(scope, { name: 'Paused', pauseKey, seconds, reschedule: false, keyset });
  if (entered.isPaused()) {
    if (question && keyset) await storeQuestion(scope.session, scope.run.id, keyset, question);
    await untilRunning(scope, (task ?? scope).node, seconds, toSeconds(options.pollInterval ?? 10));
  }
  return question && keyset ? readAnswer(scope.session, scope.run.id, keyset, question) : undefined;
}

/** Suspends the run that surrounds the caller: its process ends. See `suspend` of the package's root. */
export async function suspendRun(options: PauseOptions): Promise<unknown> {
  const { flow: scope, task } = here('suspend');
  if (task) throw new PauseRefused('A flow run cannot be suspended from inside a task.', { hint: 'Call suspend() in the flow.' });
  const seconds = options.timeout === undefined ? undefined : toSeconds(options.timeout);
  const pauseKey = options.key ?? String(scope.nextPause());
  const question = questionOf(options);
  const keyset = question && keysetFor('Suspended', pauseKey);
  const entered = await propose(scope, { name: 'Suspended', pauseKey, seconds, reschedule: true, keyset });
  if (!entered.isPaused()) return question && keyset ? readAnswer(scope.session, scope.run.id, keyset, question) : undefined;
  if (question && keyset) await storeQuestion(scope.session, scope.run.id, keyset, question);
  const reason = new RunSuspended('The flow run is suspended until somebody resumes it.');
  scope.node.abort(reason);
  throw reason;
}

interface PauseState {
  readonly name: 'Paused' | 'Suspended';
  readonly pauseKey: string;
  readonly seconds: number | undefined;
  readonly reschedule: boolean;
  readonly keyset: InputKeyset | undefined;
}

/** The state of a run that stops until the time given, as the API takes it. */
export function pausedState({ name, pauseKey, seconds, reschedule, keyset }: PauseState): StateInit {
  return {
    type: 'PAUSED',
    name,
    details: {
      pause_key: pauseKey,
      pause_reschedule: reschedule,
      pause_timeout: seconds === undefined ? null : formatTimestamp(nowMicros() + Math.round(seconds * SECOND)),
      run_input_keyset: keyset ? { ...keyset } : null,
    },
  };
}

/** Asks for the pause. A run that has passed this pause already is told to run on. */
async function propose(scope: FlowRunScope, pause: PauseState): Promise<State> {
  const { session, run } = scope;
  try {
    const state = await proposeState(session, run.id, new State(pausedState(pause)), { node: scope.node });
    if (state.isPaused() || state.isRunning()) return state;
    throw new PauseRefused(`Flow run cannot be paused: it is ${state}.`);
  } catch (error) {
    if (error instanceof RunAborted) throw new PauseRefused(`Flow run cannot be paused: ${error.message}`, { cause: error });
    throw error;
  }
}

async function untilRunning(scope: FlowRunScope, node: FlowRunScope['node'], seconds: number, poll: number): Promise<void> {
  const { session, run, log } = scope;
  log.info(`The flow run is paused; it goes on when somebody resumes it within ${seconds} seconds.`);
  const { subscribeToRunEvents } = await import('../runner/run-events.ts');
  let wake = () => {};
  const news = subscribeToRunEvents({
    client: session.client,
    events: ['prefect.flow-run.Running', 'prefect.flow-run.Failed'],
    resource: `prefect.flow-run.${run.id}`,
    onEvent: () => wake(),
    onReady: () => wake(),
  });
  try {
    for (const deadline = Date.now() + seconds * 1000; ; ) {
      // Made before the look: news that come while it is under way are not in its answer.
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const { state } = await session.client.call('GET /flow_runs/{id}', { path: { id: run.id } });
      if (state?.type === 'RUNNING') return;
      const left = deadline - Date.now();
      if (left <= 0 || state?.type === 'FAILED') throw new FlowPauseTimeout('Flow run was paused and never resumed.');
      await Promise.race([woken, wait(Math.min(left, poll * 1000), node)]);
    }
  } finally {
    news.close();
  }
}

function questionOf({ input, title, description, initial }: PauseOptions): Question | undefined {
  return input && { schema: input, title, description, initial };
}

function here(what: string): Context & { readonly flow: FlowRunScope } {
  const context = currentContext();
  const { flow } = context;
  if (flow) return { ...context, flow };
  throw new MissingContextError(`There is no flow run here to ${what}.`, { hint: `Call ${what}() inside a flow.` });
}
