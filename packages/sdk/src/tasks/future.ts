import { type Duration, toSeconds } from '../durations.ts';
import { WaitTimeout } from '../errors.ts';
import type { State } from '../states/state.ts';

const BRAND = Symbol.for('prefect-ts.future');

export interface WaitOptions {
  readonly timeout?: Duration | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a future looks at: a run that goes on, in this process or in another. */
export interface RunInProgress<T> {
  readonly id: string;
  readonly name: string;
  /** Settles when the run is over (or can never run); never rejects. */
  readonly ended: Promise<State<T>>;
  /** The state of now. */
  state(): State<T>;
}

/**
 * A task run that was submitted. It is not a promise: returning it from a flow hands over the run, with its state, and not only its
 * value; `await future.result()` gives the value.
 */
export class Future<T> {
  // biome-ignore lint/suspicious/noThenProperty: declared so that the type checker refuses `await future`.
  declare readonly then?: never;
  readonly #run: RunInProgress<T>;
  #watched = false;

  constructor(run: RunInProgress<T>) {
    this.#run = run;
  }

  get [BRAND](): true {
    return true;
  }
  /** Id of the task run. */
  get id(): string {
    return this.#run.id;
  }
  get name(): string {
    return this.#run.name;
  }
  /** Whether anybody waited for the run or took its result. */
  get watched(): boolean {
    return this.#watched;
  }
  /** The state of now. */
  get state(): State<T> {
    this.#watched = true;
    return this.#run.state();
  }

  /** The value of the run; rejects with what it threw. */
  async result(options: WaitOptions = {}): Promise<T> {
    const state = await this.settled(options);
    return state.result();
  }

  /** The state that the run ended in; rejects only when waiting took too long. */
  async settled(options: WaitOptions = {}): Promise<State<T>> {
    this.#watched = true;
    if (options.timeout === undefined && !options.signal) return this.#run.ended;
    const seconds = options.timeout === undefined ? undefined : toSeconds(options.timeout);
    const state = await waitAtMost(this.#run.ended, seconds, options.signal);
    if (state) return state;
    throw new WaitTimeout(`Task run ${this.id} did not complete within ${seconds} seconds`);
  }

  /** Waits until the run is over or the time is up; tells whether it is over. */
  async wait(options: WaitOptions = {}): Promise<boolean> {
    this.#watched = true;
    const seconds = options.timeout === undefined ? undefined : toSeconds(options.timeout);
    return (await waitAtMost(this.#run.ended, seconds, options.signal)) !== undefined;
  }

  /** Calls back when the run is over. */
  onDone(callback: (future: Future<T>) => void): void {
    void this.#run.ended.then(() => callback(this));
  }

  /** Takes the future as looked at, for engines that pass it on. */
  watch(): Promise<State<T>> {
    this.#watched = true;
    return this.#run.ended;
  }
}

/** Tells a future from any other value, also one made by another copy of this package. */
export function isFuture(value: unknown): value is Future<unknown> {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/** The futures of a `map`, in the order of the items. */
export class Futures<T> extends Array<Future<T>> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** All values in order; rejects as soon as the first failure is known. */
  async results(options: WaitOptions = {}): Promise<T[]> {
    return Promise.all(Array.from(this, (future) => future.result(options)));
  }

  /** All end states in order. */
  async settled(options: WaitOptions = {}): Promise<State<T>[]> {
    return Promise.all(Array.from(this, (future) => future.settled(options)));
  }
}

/** Gives each future once it is over, the first first. Throws WaitTimeout when the time is up before all are. */
export async function* asCompleted<T>(futures: Iterable<Future<T>>, options: WaitOptions = {}): AsyncGenerator<Future<T>> {
  const unique = [...new Set(futures)];
  const ready: Future<T>[] = [];
  let wake: () => void = () => {};
  for (const future of unique) {
    void future.watch().then(() => {
      ready.push(future);
      wake();
    });
  }
  const deadline = options.timeout === undefined ? undefined : Date.now() + toSeconds(options.timeout) * 1000;
  for (let given = 0; given < unique.length; ) {
    const next = ready.shift();
    if (next) {
      given++;
      yield next;
      continue;
    }
    const woken = new Promise<true>((resolve) => {
      wake = () => resolve(true);
    });
    const left = deadline === undefined ? undefined : Math.max(0, deadline - Date.now()) / 1000;
    if (!(await waitAtMost(woken, left, options.signal))) {
      throw new WaitTimeout(`${unique.length - given} (of ${unique.length}) futures unfinished`);
    }
  }
}

/** Waits for all futures, or until the time is up; gives those that are over and those that are not. */
export async function waitAll<T>(
  futures: Iterable<Future<T>>,
  options: WaitOptions = {},
): Promise<[done: Future<T>[], unfinished: Future<T>[]]> {
  const unique = [...new Set(futures)];
  const done = new Set<Future<T>>();
  const all = Promise.all(unique.map((future) => future.watch().then(() => done.add(future))));
  const seconds = options.timeout === undefined ? undefined : toSeconds(options.timeout);
  await waitAtMost(all, seconds, options.signal);
  return [unique.filter((future) => done.has(future)), unique.filter((future) => !done.has(future))];
}

/** What the work gives, or undefined when the time is up first; rejects when the signal aborts first. */
async function waitAtMost<T>(
  work: Promise<T>,
  seconds: number | undefined,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  signal?.throwIfAborted();
  if (seconds === undefined && !signal) return work;
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const end = new Promise<undefined>((resolve, reject) => {
    if (seconds !== undefined) timer = setTimeout(() => resolve(undefined), seconds * 1000);
    onAbort = () => reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
    if (onAbort) signal?.removeEventListener('abort', onAbort);
  }
}
