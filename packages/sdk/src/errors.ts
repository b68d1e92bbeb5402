/** What every error of this package carries. */
export interface PrefectErrorOptions {
  readonly cause?: unknown;
  /** What the reader can do about it; shown after the message. */
  readonly hint?: string | undefined;
}

/** The base of every error that this package throws. `code` is stable; messages are not. */
export class PrefectError extends Error {
  readonly code: string = 'PREFECT_ERROR';
  readonly hint: string | undefined;

  constructor(message: string, options: PrefectErrorOptions = {}) {
    super(
      options.hint === undefined ? message : `${message}\n  ${options.hint}`,
      'cause' in options ? { cause: options.cause } : undefined,
    );
    this.hint = options.hint;
    this.name = new.target.name;
  }
}

/** A setting or option has a value that cannot work. */
export class ConfigurationError extends PrefectError {
  override readonly code = 'CONFIGURATION';
}

/** The arguments of a flow do not fit its parameters. */
export class ParameterTypeError extends PrefectError {
  override readonly code = 'PARAMETER_TYPE';
  /** One entry a problem: where in the parameters, and what is wrong there. */
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];

  constructor(message: string, issues: ParameterTypeError['issues']) {
    super(message);
    this.issues = issues;
  }
}

/** A name that the API would refuse. */
export class InvalidNameError extends PrefectError {
  override readonly code = 'INVALID_NAME';
}

/** Something that only works inside a flow or task run was called outside one. */
export class MissingContextError extends PrefectError {
  override readonly code = 'MISSING_CONTEXT';
}

/** A module holds no flow under the asked name. */
export class MissingFlowError extends PrefectError {
  override readonly code = 'MISSING_FLOW';
}

/** A module that should hold a flow could not be loaded. */
export class ScriptError extends PrefectError {
  override readonly code = 'SCRIPT';
}

/** A run ended in FAILED and left no error object. */
export class FailedRun extends PrefectError {
  override readonly code = 'FAILED_RUN';
}

/** A run ended in CRASHED. */
export class CrashedRun extends PrefectError {
  override readonly code = 'CRASHED_RUN';
}

/** A run ended in CANCELLED. */
export class CancelledRun extends PrefectError {
  override readonly code = 'CANCELLED_RUN';
}

/** A run is paused, so it has no result yet. */
export class PausedRun extends PrefectError {
  override readonly code = 'PAUSED_RUN';
}

/** A run is not over, so it has no result yet. */
export class UnfinishedRun extends PrefectError {
  override readonly code = 'UNFINISHED_RUN';
}

/** A run completed, but its result was not kept. */
export class MissingResult extends PrefectError {
  override readonly code = 'MISSING_RESULT';
}

/** A run could not start because one that it depends on did not complete. */
export class UpstreamTaskError extends PrefectError {
  override readonly code = 'UPSTREAM_TASK';
}

/** The sequences given to `mapZip` differ in length. */
export class MappingLengthMismatch extends PrefectError {
  override readonly code = 'MAPPING_LENGTH_MISMATCH';
}

/** What was given to `map` cannot be iterated. */
export class MappingMissingIterable extends PrefectError {
  override readonly code = 'MAPPING_MISSING_ITERABLE';
}

/** An event is larger than the server takes. */
export class EventTooLarge extends PrefectError {
  override readonly code = 'EVENT_TOO_LARGE';
}

/** A value cannot be written by the serializer; the message says where in the value. */
export class SerializationError extends PrefectError {
  override readonly code = 'SERIALIZATION';
}

/** A cache key could not be computed. */
export class HashError extends PrefectError {
  override readonly code = 'HASH';
}

/** Waiting took longer than asked. */
export class WaitTimeout extends PrefectError {
  override readonly code = 'WAIT_TIMEOUT';
}

/** Something that is not an `Error` was thrown. */
export class NonErrorThrown extends PrefectError {
  override readonly code = 'NON_ERROR_THROWN';
}

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

/** No slot became free in the time given. */
export class AcquireConcurrencySlotTimeoutError extends PrefectError {
  override readonly code = 'CONCURRENCY_SLOT_TIMEOUT';
}

/** Slots could not be taken: the limits do not exist (and had to), or the server refused. */
export class ConcurrencySlotAcquisitionError extends PrefectError {
  override readonly code = 'CONCURRENCY_SLOT_ACQUISITION';
}
