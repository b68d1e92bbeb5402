import { AbortReason } from '../context/abort.ts';
import { PrefectError } from '../errors.ts';

/** No slot became free in the time given. */
export class AcquireConcurrencySlotTimeoutError extends PrefectError {
  override readonly code = 'CONCURRENCY_SLOT_TIMEOUT';
}

/** Slots could not be taken: the limits do not exist (and had to), or the server refused. */
export class ConcurrencySlotAcquisitionError extends PrefectError {
  override readonly code = 'CONCURRENCY_SLOT_ACQUISITION';
}

/** The server gave the slots to somebody else while work was still going on. */
export class ConcurrencyLeaseLost extends AbortReason {
  override readonly code = 'CONCURRENCY_LEASE_LOST';
}
