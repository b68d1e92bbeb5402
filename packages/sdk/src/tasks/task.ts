import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { ServeTasksOptions } from '../background/task-worker.ts';
import type { BodyContext } from '../context/body-context.ts';
import { currentContext } from '../context/context.ts';
import { type StartedTask, startTask } from '../engine/task-engine.ts';
import { MappingLengthMismatch, MappingMissingIterable, MissingContextError } from '../errors.ts';
import type { State } from '../states/state.ts';
import type { TransactionHook } from '../transactions/transaction.ts';
import { type AnyBody, defineTask, type TaskDefinition } from './definition.ts';
import { Future, Futures, isFuture } from './future.ts';
import type { TaskHook, TaskHookName } from './hooks.ts';
import type { TaskOptions } from './options.ts';
import type { InputArguments, Resolvable, Returned } from './resolvable.ts';

const BRAND = Symbol.for('prefect-ts.task');
const DEFINITION = Symbol.for('prefect-ts.task.definition');

/** What a call of a task may say beside its input. */
export interface SubmitOptions {
  /** Runs that have to complete before this one starts. */
  readonly waitFor?: Iterable<unknown> | undefined;
  /** Stops the run when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** A function whose every call is a run that the server knows. */
export interface Task<I, O> {
  /** Runs now and gives the value; rejects with what the body threw. */
  (...input: InputArguments<I, [options?: SubmitOptions]>): Promise<O>;
  readonly [BRAND]: true;
  readonly [DEFINITION]: TaskDefinition;
  readonly name: string;
  readonly description: string | undefined;
  readonly version: string | undefined;
  /** What others refer to the task by: `<name>-<8 hex>`. */
  readonly key: string;
  /** The bare function, without a run around it. */
  readonly body: AnyBody;
  /** Starts a run and goes on at once. Only inside a flow. */
  submit(...input: InputArguments<I, [options?: SubmitOptions]>): Future<O>;
  /** Runs now and gives the state; does not reject when the run fails. */
  state(...input: InputArguments<I, [options?: SubmitOptions]>): Promise<State<O>>;
  /**
   * Leaves a run for a process that serves the task, in this language or another. Resolves when it is stored; runs that are part of the
   * input, or of `waitFor`, are waited for first. The future finds the result where both processes keep results.
   *
   * @example const future = await resize.delay({ key: 'a.png' });
   */
  delay(...input: InputArguments<I, [options?: Pick<SubmitOptions, 'waitFor'>]>): Promise<Future<O>>;
  /** Serves the task: runs what `delay` leaves for it, until the process is told to end. */
  serve(options?: ServeTasksOptions): Promise<void>;
  /**
   * Starts one run for each item.
   *
   * @example double.map([1, 2, 3], (n) => ({ n }))
   */
  map<T>(items: Iterable<T>, toInput: (item: T, index: number) => Resolvable<I>, options?: SubmitOptions): Futures<O>;
  /** The same for a list that a run still has to give. */
  map<T>(
    items: Future<readonly T[]>,
    toInput: (item: T, index: number) => Resolvable<I>,
    options?: SubmitOptions,
  ): Promise<Futures<O>>;
  /** Starts one run for each position of several lists of the same length. */
  mapZip<L extends Record<string, Iterable<unknown>>>(
    lists: L,
    toInput: (row: { [K in keyof L]: L[K] extends Iterable<infer T> ? T : never }, index: number) => Resolvable<I>,
    options?: SubmitOptions,
  ): Futures<O>;
  /** The same task with other options; undefined keeps one, null clears it. */
  with(options: Partial<TaskOptions>): Task<I, O>;
  /** Adds a hook; gives the task itself. */
  on(name: TaskHookName, hook: TaskHook<I, O>): this;
  /** Adds something to do when the transaction around a run is committed, or rolled back. */
  on(name: 'commit' | 'rollback', hook: TransactionHook): this;
}

type Body<I, R> = (input: I, context: BodyContext) => R;

/**
 * Defines a task. The body is the last argument, so that its types are known from what comes before.
 *
 * @example const double = task('double', async ({ n }: { n: number }) => n * 2);
 */
export function task<S extends StandardSchemaV1, R>(
  options: TaskOptions & { readonly params: S },
  body: Body<StandardSchemaV1.InferOutput<S>, R>,
): Task<StandardSchemaV1.InferInput<S>, Returned<Awaited<R>>>;
export function task<I, R>(options: string | TaskOptions, body: Body<I, R>): Task<I, Returned<Awaited<R>>>;
export function task(options: string | TaskOptions, body: AnyBody): Task<unknown, unknown> {
  return buildTask(typeof options === 'string' ? { name: options } : options, body);
}

/** Tells a task from any other value, also one made by another copy of this package. */
export function isTask(value: unknown): value is Task<unknown, unknown> {
  return typeof value === 'function' && BRAND in value;
}

/** The definition of a task, for engines. */
export function taskDefinitionOf(value: { readonly [DEFINITION]: TaskDefinition }): TaskDefinition {
  return value[DEFINITION];
}

function buildTask(options: TaskOptions, body: AnyBody): Task<unknown, unknown> {
  const definition = defineTask(options, body);
  const start = (input: unknown, extra: SubmitOptions | undefined): StartedTask => startTask(definition, input, extra);
  const call = async (input?: unknown, extra?: SubmitOptions): Promise<unknown> => {
    const state = await start(input, extra).ended;
    return state.result();
  };
  const submit = (input?: unknown, extra?: SubmitOptions): Future<unknown> => {
    const { flow } = currentContext();
    if (!flow) {
      throw new MissingContextError(`Task '${definition.name}' was submitted outside a flow.`, {
        hint: 'Call it directly, or submit it inside a flow.',
      });
    }
    return flow.track(new Future(startTask(definition, input, { ...extra, pool: flow.pool })));
  };
  const members = {
    [BRAND]: true as const,
    [DEFINITION]: definition,
    description: definition.description,
    version: definition.version,
    key: definition.key,
    body,
    submit,
    state: async (input?: unknown, extra?: SubmitOptions) => start(input, extra).ended,
    delay: async (input?: unknown, extra?: Pick<SubmitOptions, 'waitFor'>) => {
      const { delayTask } = await import('../background/delay.ts');
      return delayTask(definition, input, extra?.waitFor ?? []);
    },
    serve: async (extra?: ServeTasksOptions) => {
      const { serveDefinitions } = await import('../background/task-worker.ts');
      return serveDefinitions([definition], extra);
    },
    map: (items: unknown, toInput: (item: unknown, index: number) => unknown, extra?: SubmitOptions) =>
      isFuture(items)
        ? items.result().then((list) => mapOver(list, toInput, (input) => submit(input, extra)))
        : mapOver(items, toInput, (input) => submit(input, extra)),
    mapZip: (
      lists: Record<string, Iterable<unknown>>,
      toInput: (row: Record<string, unknown>, index: number) => unknown,
      extra?: SubmitOptions,
    ) =>
      mapOver(
        zip(lists),
        (row, index) => toInput(row as Record<string, unknown>, index),
        (input) => submit(input, extra),
      ),
    with: (changes: Partial<TaskOptions>) => buildTask(merge(options, changes), body),
    on: (name: TaskHookName | 'commit' | 'rollback', hook: unknown) => {
      if (name === 'commit' || name === 'rollback') definition[name].push(hook as TransactionHook);
      else definition.hooks[name].push(hook as TaskHook);
      return made;
    },
  };
  Object.defineProperty(call, 'name', { value: definition.name });
  const made = Object.assign(call, members) as unknown as Task<unknown, unknown>;
  return made;
}

function mapOver(
  items: unknown,
  toInput: (item: unknown, index: number) => unknown,
  submit: (input: unknown) => Future<unknown>,
): Futures<unknown> {
  if (typeof items !== 'object' || items === null || !(Symbol.iterator in items)) {
    throw new MappingMissingIterable('map() needs a list of items.', {
      hint: 'Give an array, a set, another iterable, or a future of an array.',
    });
  }
  const futures = new Futures<unknown>();
  for (const item of items as Iterable<unknown>) futures.push(submit(toInput(item, futures.length)));
  return futures;
}

function* zip(lists: Record<string, Iterable<unknown>>): Generator<Record<string, unknown>> {
  const columns = Object.entries(lists).map(([name, items]) => [name, [...items]] as const);
  const lengths = new Set(columns.map(([, items]) => items.length));
  if (lengths.size > 1) {
    const told = columns.map(([name, items]) => `${name}: ${items.length}`).join(', ');
    throw new MappingLengthMismatch(`mapZip() needs lists of the same length; got ${told}.`);
  }
  for (let index = 0; index < (columns[0]?.[1].length ?? 0); index++) {
    yield Object.fromEntries(columns.map(([name, items]) => [name, items[index]]));
  }
}

function merge(options: TaskOptions, changes: Partial<TaskOptions>): TaskOptions {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...options, ...Object.fromEntries(given), name: changes.name ?? options.name };
}
