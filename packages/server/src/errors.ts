/** An answer that is not a success, with the body that clients expect. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: unknown, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** An answer `{"detail": …}`: what most refusals look like. */
export class DetailError extends ApiError {
  override readonly name = 'DetailError';
  constructor(status: number, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(status, { detail }, detail, headers);
  }
}

/** Something named below the route is not there; answered as 404 with an `exception_message`. */
export class NotFoundError extends ApiError {
  override readonly name = 'NotFoundError';
  constructor(message: string) {
    super(404, { exception_message: message }, message);
  }
}
