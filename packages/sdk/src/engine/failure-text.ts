import { ApiUnreachable } from '../client/errors.ts';
import { AbortReason, Shutdown } from '../context/abort.ts';
import { NonErrorThrown } from '../errors.ts';

/** What was thrown, as an error. */
export function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  return new NonErrorThrown(`Something that is no error was thrown: ${String(thrown)}`, { cause: thrown });
}

/** `TypeError: x is not a function`. */
export function describeError(error: Error): string {
  return error.message === '' ? error.name : `${error.name}: ${error.message}`;
}

/** Why a run crashed, in the words that the server and people look for (contract, SDK 5.10). */
export function crashMessage(cause: unknown): string {
  if (cause instanceof Shutdown) return cause.message;
  if (cause instanceof AbortReason || (cause instanceof Error && cause.name === 'AbortError')) {
    return 'Execution was cancelled by the runtime environment.';
  }
  if (cause instanceof ApiUnreachable) return `Request to ${cause.url} failed: ${describeError(cause)}.`;
  return `Execution was interrupted by an unexpected exception: ${describeError(asError(cause))}`;
}

/** Seconds as the messages of the protocol write them: `3.0`, `0.25`. */
export function secondsText(seconds: number): string {
  return Number.isInteger(seconds) ? `${seconds}.0` : String(seconds);
}
