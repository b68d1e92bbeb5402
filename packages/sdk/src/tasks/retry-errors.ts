import { type Duration, toSeconds } from '../durations.ts';
import { PrefectError, type PrefectErrorOptions } from '../errors.ts';

/** Thrown by a body to say that no retry can help. */
export class FatalError extends PrefectError {
  override readonly code = 'FATAL';
}

/** Thrown by a body to say when it wants to be tried again; counts as one of its retries. */
export class RetryAfter extends PrefectError {
  override readonly code = 'RETRY_AFTER';
  readonly seconds: number;

  constructor(delay: Duration, options: PrefectErrorOptions = {}) {
    super(`To be tried again after ${delay}${typeof delay === 'number' ? ' s' : ''}`, options);
    this.seconds = toSeconds(delay);
  }
}
