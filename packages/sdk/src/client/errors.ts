import { PrefectError, type PrefectErrorOptions } from '../errors.ts';

export interface HttpFailure {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  /** The body of the answer, as text. */
  readonly body: string;
  /** The header `Retry-After` of the answer. */
  readonly retryAfter?: string | undefined;
}

/** The server answered a request with an error status. */
export class PrefectHTTPStatusError extends PrefectError {
  override readonly code: string = 'HTTP_STATUS';
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | undefined;

  constructor(failure: HttpFailure) {
    super(`${failure.method} ${failure.url} answered ${failure.status}: ${failure.body || '(empty body)'}`, {
      hint: hintFor(failure.status),
    });
    this.method = failure.method;
    this.url = failure.url;
    this.status = failure.status;
    this.body = failure.body;
    this.retryAfter = failure.retryAfter;
  }
}

/** There is no such object (404). */
export class ObjectNotFound extends PrefectHTTPStatusError {
  override readonly code = 'OBJECT_NOT_FOUND';
}

/** The object exists already, or another one stands in its way (409). */
export class ObjectAlreadyExists extends PrefectHTTPStatusError {
  override readonly code = 'OBJECT_ALREADY_EXISTS';
}

/** The server allows no more objects of this kind. */
export class ObjectLimitReached extends PrefectHTTPStatusError {
  override readonly code = 'OBJECT_LIMIT_REACHED';
}

/** The server could not be reached, or the connection broke for longer than the retries last. */
export class ApiUnreachable extends PrefectError {
  override readonly code = 'API_UNREACHABLE';
  readonly url: string;

  constructor(message: string, url: string, options: PrefectErrorOptions = {}) {
    super(message, options);
    this.url = url;
  }
}

/** The server took longer than the request timeout. */
export class RequestTimeout extends ApiUnreachable {}

/** The server speaks a version of the API that this client does not. */
export class IncompatibleServer extends PrefectError {
  override readonly code = 'INCOMPATIBLE_SERVER';
}

/** The server did not accept the credentials on a websocket. */
export class SocketNotAuthenticated extends PrefectError {
  override readonly code = 'SOCKET_NOT_AUTHENTICATED';
}

/** Chooses the error class that fits an answer. */
export function errorFromAnswer(failure: HttpFailure): PrefectHTTPStatusError {
  if (failure.status === 404) return new ObjectNotFound(failure);
  if (failure.status === 409) return new ObjectAlreadyExists(failure);
  if (
    failure.status === 403 &&
    failure.method === 'POST' &&
    /\/deployments\/$/.test(failure.url) &&
    /maximum number/.test(failure.body)
  ) {
    return new ObjectLimitReached(failure);
  }
  return new PrefectHTTPStatusError(failure);
}

function hintFor(status: number): string | undefined {
  if (status === 401) return 'Set PREFECT_API_AUTH_STRING (or PREFECT_API_KEY) to what the server expects.';
  if (status === 422) return 'The server refused the shape of the request; the answer above names the field.';
  return undefined;
}
