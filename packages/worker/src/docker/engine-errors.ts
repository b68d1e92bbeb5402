/** The engine could not be asked at all. */
export class DockerUnavailableError extends Error {
  override readonly name = 'DockerUnavailableError';
}

/** The engine did not take what it was asked for. */
export class DockerRefusalError extends Error {
  override readonly name = 'DockerRefusalError';
}

/** Whether the engine answered with a status. */
export function hasStatus(error: unknown, status: number): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === status;
}

/** Whether there was no answer from the engine: it is not there, or it went away. */
export function isUnanswered(error: unknown): error is Error {
  return error instanceof Error && !('statusCode' in error) && 'code' in error;
}

/** Docker says 409 to a name that is taken, podman 500. */
export function isNameTaken(error: unknown): boolean {
  return (hasStatus(error, 409) || hasStatus(error, 500)) && /name .*already in use/i.test((error as Error).message);
}

/** What the engine said, without the number and the words that its library puts before it. */
export function engineMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const body = 'json' in error ? error.json : undefined;
  if (typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string') return body.message;
  return error.message;
}
