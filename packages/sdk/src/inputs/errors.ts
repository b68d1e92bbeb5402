import { PrefectError } from '../errors.ts';

/** A run waited for somebody to let it go on, and nobody did in time. */
export class FlowPauseTimeout extends PrefectError {
  override readonly code = 'FLOW_PAUSE_TIMEOUT';
}

/** A run that is not paused was to be resumed. */
export class NotPausedError extends PrefectError {
  override readonly code = 'NOT_PAUSED';
}

/** The server does not let this run pause or go on; the message says why. */
export class PauseRefused extends PrefectError {
  override readonly code = 'PAUSE_REFUSED';
}
