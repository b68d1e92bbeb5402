import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { ServeTasksOptions } from './background/task-worker.ts';
import type { Client } from './client/get-client.ts';
import type { ConcurrencyOptions, RateLimitOptions } from './concurrency/concurrency.ts';
import { currentContext, enterContext } from './context/context.ts';
import type { Duration } from './durations.ts';
import type { ReceivedMessage, ReceiveOptions, SendOptions } from './inputs/messages.ts';
import type { PauseOptions } from './inputs/pause.ts';
import type { taskDefinitionOf } from './tasks/task.ts';
import type { OpenTransaction, TransactionOptions } from './transactions/open.ts';
import type { Transaction } from './transactions/transaction.ts';
import type { SetVariableOptions } from './variables/variables.ts';

// Every run loads the package's root, and few use all of this: what does the work is loaded when it is called.

/**
 * A client with a method for every operation of the API. Inside a run it is the run's own connection.
 *
 * @example
 * await using client = await getClient();
 * const running = await client.flowRuns.filter({ flow_runs: { state: { type: { any_: ['RUNNING'] } } } });
 * @throws ConfigurationError when no API is set
 */
export async function getClient(): Promise<Client> {
  const { openClient } = await import('./client/get-client.ts');
  return openClient();
}

/** Values that the server keeps under a name, for flows to read: any JSON, up to 5000 characters. */
export interface Variables {
  /** The value as the schema makes of it. @throws ParameterTypeError when the value does not fit */
  get<S extends StandardSchemaV1>(name: string, schema: S): Promise<StandardSchemaV1.InferOutput<S> | null>;
  get<S extends StandardSchemaV1, F>(name: string, schema: S, fallback: F): Promise<StandardSchemaV1.InferOutput<S> | F>;
  /** The value; `fallback` (null without one) when there is no such variable. */
  get<T = unknown>(name: string, fallback?: T): Promise<T | null>;
  /** Makes a variable, or replaces it when told to. @throws ConfigurationError when it exists, or is too long */
  set(name: string, value: unknown, options?: SetVariableOptions): Promise<void>;
  /** Removes a variable. @returns whether there was one */
  unset(name: string): Promise<boolean>;
}

/**
 * Reads and sets variables of the server.
 *
 * @example const limits = await Variable.get('limits', z.object({ max: z.number() }), { max: 10 });
 */
export const Variable: Variables = {
  get: async (name: string, ...rest: unknown[]) =>
    (await import('./variables/variables.ts')).getVariable(name, ...rest) as Promise<never>,
  set: async (name, value, options) => (await import('./variables/variables.ts')).setVariable(name, value, options),
  unset: async (name) => (await import('./variables/variables.ts')).unsetVariable(name),
};

/**
 * Pauses the flow run until somebody resumes it; its process waits. With `input` it asks for something first: in the dashboard a form,
 * elsewhere `resume(id, input)` of either language.
 *
 * @example const { approved } = await pause({ input: z.object({ approved: z.boolean() }), timeout: '1d' });
 * @throws FlowPauseTimeout when nobody resumes it in time
 */
export function pause<S extends StandardSchemaV1>(
  options: PauseOptions<S> & { readonly input: S },
): Promise<StandardSchemaV1.InferOutput<S>>;
export function pause(options?: PauseOptions): Promise<void>;
export async function pause(options: PauseOptions = {}): Promise<unknown> {
  return (await import('./inputs/pause.ts')).pauseRun(options);
}

/**
 * Suspends the flow run: its process ends, and when somebody resumes the run a worker executes it again from the start. What the body
 * did before runs again too, except for tasks and subflows whose results are kept. Only runs of deployments can be suspended.
 */
export function suspend<S extends StandardSchemaV1>(
  options: PauseOptions<S> & { readonly input: S },
): Promise<StandardSchemaV1.InferOutput<S>>;
export function suspend(options?: PauseOptions): Promise<void>;
export async function suspend(options: PauseOptions = {}): Promise<unknown> {
  return (await import('./inputs/pause.ts')).suspendRun(options);
}

/** Suspends another flow run, of a deployment: its process ends at its next step. */
export async function suspendFlowRun(flowRunId: string, options: { readonly timeout?: Duration } = {}): Promise<void> {
  return (await import('./inputs/resume.ts')).suspendOther(flowRunId, options.timeout);
}

/**
 * Lets a paused or suspended flow run go on, with the input that it asks for.
 *
 * @throws NotPausedError, FlowPauseTimeout when it waited too long, PauseRefused when the input does not fit
 */
export async function resume(flowRunId: string, input?: Readonly<Record<string, unknown>>): Promise<void> {
  return (await import('./inputs/resume.ts')).resumeRun(flowRunId, input);
}

/**
 * Sends a message to a flow run, which takes it with {@link receive} (in Python `receive_input`).
 *
 * @example await send({ text: 'hi' }, { to: flowRunId, kind: 'Greeting' });
 */
export async function send(value: unknown, options: SendOptions): Promise<void> {
  return (await import('./inputs/messages.ts')).sendMessage(value, options);
}

/**
 * The messages that the flow run gets, as they come.
 *
 * @example for await (const message of receive(Greeting, { kind: 'Greeting' })) await message.respond('thanks');
 */
export async function* receive<S extends StandardSchemaV1>(
  schema: S,
  options?: ReceiveOptions,
): AsyncGenerator<ReceivedMessage<StandardSchemaV1.InferOutput<S>>> {
  const { receiveMessages } = await import('./inputs/messages.ts');
  yield* receiveMessages(schema, options);
}

/**
 * Does work while holding slots of concurrency limits, waiting for them if need be. They are given back however the work ends; when the
 * process dies, after the time of the lease.
 *
 * @example const rows = await concurrency('db', { slots: 2, timeout: '5m' }, (signal) => query(sql, { signal }));
 * @throws AcquireConcurrencySlotTimeoutError, ConcurrencySlotAcquisitionError, ConcurrencyLeaseLost
 */
export function concurrency<T>(names: string | readonly string[], work: (signal: AbortSignal) => Promise<T> | T): Promise<T>;
export function concurrency<T>(
  names: string | readonly string[],
  options: ConcurrencyOptions,
  work: (signal: AbortSignal) => Promise<T> | T,
): Promise<T>;
export async function concurrency<T>(names: string | readonly string[], ...rest: unknown[]): Promise<T> {
  const work = rest.pop() as (signal: AbortSignal) => Promise<T> | T;
  const { withSlots } = await import('./concurrency/concurrency.ts');
  return withSlots([names].flat(), (rest[0] as ConcurrencyOptions | undefined) ?? {}, work);
}

/**
 * Waits until the limits of these names let one more through. They need a slot decay, which says how fast slots come back.
 *
 * @example await rateLimit('api');
 * @throws AcquireConcurrencySlotTimeoutError, ConcurrencySlotAcquisitionError
 */
export async function rateLimit(names: string | readonly string[], options: RateLimitOptions = {}): Promise<void> {
  return (await import('./concurrency/concurrency.ts')).takeRate([names].flat(), options);
}

/**
 * Runs what `delay` leaves for these tasks, here and in Python, until the process is told to end (or `signal` aborts).
 *
 * @example await serveTasks([resize, thumbnail], { limit: 10 });
 */
export async function serveTasks(tasks: readonly AnyTask[], options?: ServeTasksOptions): Promise<void> {
  const [{ serveDefinitions }, { taskDefinitionOf }] = await Promise.all([
    import('./background/task-worker.ts'),
    import('./tasks/task.ts'),
  ]);
  return serveDefinitions(tasks.map(taskDefinitionOf), options);
}

/** A task of any types. */
type AnyTask = Parameters<typeof taskDefinitionOf>[0];

/**
 * Work that is kept as a whole or undone as a whole: when it throws, the `rollback` hooks of the tasks that had completed in it run, the
 * last first. With a `key` it is done once, and its staged value found again.
 *
 * @example
 * await transaction({ key: `order-${id}` }, async (txn) => {
 *   if (txn.committed) return txn.read();
 *   txn.stage(await ship(await charge({ id })));
 * });
 */
export function transaction<T>(options: TransactionOptions, work: (transaction: Transaction) => Promise<T> | T): Promise<T>;
export function transaction<T>(work: (transaction: Transaction) => Promise<T> | T): Promise<T>;
/** The same for a block: `await using txn = await transaction(…)`. Without `txn.complete()` it is rolled back at the end of the block. */
export function transaction(options?: TransactionOptions): Promise<OpenTransaction>;
export function transaction(...given: unknown[]): Promise<unknown> {
  const work = typeof given.at(-1) === 'function' ? (given.pop() as (transaction: Transaction) => unknown) : undefined;
  const options = (given[0] as TransactionOptions | undefined) ?? {};
  if (work) return import('./transactions/open.ts').then(({ inTransaction }) => inTransaction(options, work));
  // The code behind the call has to be in the context of the transaction, so it begins before the first await.
  const outer = currentContext();
  const slot: { current: Transaction | undefined } = { current: undefined };
  enterContext({ ...outer, transaction: slot });
  return import('./transactions/open.ts').then(({ openTransaction }) => openTransaction(options, outer, slot));
}
