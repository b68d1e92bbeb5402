import { PrefectHTTPStatusError } from '../client/errors.ts';
import { readRetryAfter } from '../client/retry.ts';
import { type AbortNode, pause } from '../context/abort.ts';
import { AcquireConcurrencySlotTimeoutError, ConcurrencySlotAcquisitionError } from '../errors.ts';

/** How long, and how often, to ask for slots that are taken. */
export interface Patience {
  /** Seconds; undefined: without end. */
  readonly timeout: number | undefined;
  /** Further requests after a refused one; undefined: without end. */
  readonly maxRetries: number | undefined;
  readonly node: AbortNode;
}

const LOCKED = 423;
const WAIT_SECONDS = 1;

/** Asks for slots, as often as the server says that they are taken. */
export async function takeSlots<T>(names: readonly string[], ask: () => Promise<T>, patience: Patience): Promise<T> {
  const deadline = patience.timeout === undefined ? Number.POSITIVE_INFINITY : Date.now() + patience.timeout * 1000;
  for (let tries = 0; ; tries++) {
    try {
      patience.node.throwIfAborted();
      return await ask();
    } catch (error) {
      if (patience.node.aborted) throw patience.node.reason;
      if (!(error instanceof PrefectHTTPStatusError) || error.status !== LOCKED) throw refused(names, error);
      const seconds = readRetryAfter(error.retryAfter) ?? WAIT_SECONDS;
      const left = deadline - Date.now();
      if (left <= 0 || tries >= (patience.maxRetries ?? Number.POSITIVE_INFINITY)) throw tooLong(names, patience);
      await pause(Math.min(seconds * 1000, left), patience.node);
    }
  }
}

function tooLong(names: readonly string[], { timeout }: Patience): AcquireConcurrencySlotTimeoutError {
  const within = timeout === undefined ? 'in the tries that were allowed' : `within ${timeout} seconds`;
  return new AcquireConcurrencySlotTimeoutError(`No slot of ${listOf(names)} became free ${within}.`);
}

function refused(names: readonly string[], cause: unknown): ConcurrencySlotAcquisitionError {
  const text = cause instanceof Error ? cause.message : String(cause);
  return new ConcurrencySlotAcquisitionError(`The slots of ${listOf(names)} could not be taken: ${text}`, { cause });
}

/** Names for a message: `'a', 'b'`. */
export function listOf(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
