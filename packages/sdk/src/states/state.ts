import {
  defaultStateName,
  formatTimestamp,
  isTerminal,
  type Micros,
  nowMicros,
  parseTimestamp,
  type State as StateAnswer,
  type StateDetailsInput,
  type StateType,
  uuid7,
} from '@prefect-ts/protocol';
import type { ResultMetadata } from '../results/metadata.ts';
import { resultOfState } from './result.ts';

const BRAND = Symbol.for('prefect-ts.state');

/** What a run left behind in this process, beside what the server knows of it. */
export type Outcome<T = unknown> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'error'; readonly error: unknown }
  /** It was kept by another process, with a server and a storage of its own. */
  | { readonly kind: 'kept'; readonly read: () => Promise<unknown> }
  /** The body returned runs; `single`: one, not a list of them. */
  | { readonly kind: 'states'; readonly states: readonly State[]; readonly single: boolean };

export interface StateInit<T = unknown> {
  readonly type: StateType;
  /** Default: the type in title case. */
  readonly name?: string | undefined;
  readonly message?: string | null | undefined;
  readonly details?: StateDetailsInput | undefined;
  readonly outcome?: Outcome<T> | undefined;
  /** Where the result is kept; null when it is not. */
  readonly metadata?: ResultMetadata | null | undefined;
  readonly id?: string | undefined;
  readonly time?: Micros | undefined;
}

/** A state of a run: where it stands, since when, and what came out of it. */
export class State<T = unknown> {
  readonly id: string;
  readonly type: StateType;
  readonly name: string;
  readonly message: string | null;
  readonly details: StateDetailsInput;
  readonly outcome: Outcome<T> | undefined;
  readonly metadata: ResultMetadata | null;
  /** Microseconds since the epoch. */
  readonly time: Micros;

  constructor(init: StateInit<T>) {
    this.type = init.type;
    this.name = init.name ?? defaultStateName(init.type);
    this.message = init.message ?? null;
    this.details = init.details ?? NO_DETAILS;
    this.outcome = init.outcome;
    this.metadata = init.metadata ?? null;
    this.time = init.time ?? nowMicros();
    this.id = init.id ?? uuid7(this.time / 1000);
  }

  get [BRAND](): true {
    return true;
  }

  /** The moment the run entered this state, ISO 8601 in UTC. */
  get timestamp(): string {
    return formatTimestamp(this.time);
  }
  isCompleted(): boolean {
    return this.type === 'COMPLETED';
  }
  isFailed(): boolean {
    return this.type === 'FAILED';
  }
  isCrashed(): boolean {
    return this.type === 'CRASHED';
  }
  isCancelled(): boolean {
    return this.type === 'CANCELLED';
  }
  isRunning(): boolean {
    return this.type === 'RUNNING';
  }
  isPending(): boolean {
    return this.type === 'PENDING';
  }
  isScheduled(): boolean {
    return this.type === 'SCHEDULED';
  }
  isPaused(): boolean {
    return this.type === 'PAUSED';
  }
  /** Whether the run is over. */
  isFinal(): boolean {
    return isTerminal(this.type);
  }

  /**
   * What the run returned.
   *
   * @throws what the run threw when it failed; PausedRun or UnfinishedRun when it is not over; MissingResult when it was not kept.
   */
  result(): Promise<T> {
    return resultOfState(this);
  }

  /** The same state with some parts replaced; id and time stay unless given. */
  with<U = T>(changes: Partial<StateInit<U>>): State<U> {
    return new State<U>({ ...(this as unknown as StateInit<U>), ...changes });
  }

  /** As logs show it: `Completed()`, `AwaitingRetry(type=SCHEDULED)`, `TimedOut('…', type=FAILED)`. */
  toString(): string {
    const parts: string[] = [];
    if (this.message) parts.push(`'${this.message}'`);
    if (this.name !== defaultStateName(this.type)) parts.push(`type=${this.type}`);
    return `${this.name}(${parts.join(', ')})`;
  }
}

const NO_DETAILS: StateDetailsInput = Object.freeze({});

/** Tells a state from any other value, also one made by another copy of this package. */
export function isState(value: unknown): value is State {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/** The parts of a state that an author sets. */
export type StateOptions<T> = Pick<StateInit<T>, 'name' | 'message'> & { readonly value?: T };

/** A state to return from a body: the run completed, with a name and message of one's own. */
export function Completed<T = undefined>(options: StateOptions<T> = {}): State<T> {
  const { value, ...init } = options;
  return new State({ ...init, type: 'COMPLETED', outcome: { kind: 'value', value: value as T } });
}

/** A state to return from a body: the run failed, though nothing was thrown. */
export function Failed(options: Omit<StateOptions<never>, 'value'> = {}): State<never> {
  return new State({ ...options, type: 'FAILED' });
}

/** A state to return from a body: the run was cancelled. */
export function Cancelled(options: Omit<StateOptions<never>, 'value'> = {}): State<never> {
  return new State({ ...options, type: 'CANCELLED' });
}

/** Reads a state as the API sends it. */
export function stateFromAnswer<T = unknown>(answer: StateAnswer, outcome?: Outcome<T>): State<T> {
  return new State<T>({
    id: answer.id,
    type: answer.type,
    name: answer.name ?? undefined,
    message: answer.message,
    details: answer.state_details,
    metadata: isMetadata(answer.data) ? answer.data : null,
    time: parseTimestamp(answer.timestamp),
    outcome,
  });
}

function isMetadata(data: unknown): data is ResultMetadata {
  return typeof data === 'object' && data !== null && 'storage_key' in data && 'serializer' in data;
}
