import { isRecord } from '../job-template/placeholders.ts';

/** Google Cloud refused a request, or could not be reached. */
export class GoogleApiError extends Error {
  override readonly name = 'GoogleApiError';
  /** The HTTP status; undefined when there was no answer. */
  readonly status: number | undefined;
  /** After how many seconds Google wants the next try, where it says so. */
  readonly retryAfter: number | undefined;
  /** Whether the same request may go well a little later. */
  readonly isTransient: boolean;

  constructor(what: string, cause: unknown) {
    const { status, retryAfter, isTransient, text } = readFailure(cause);
    super(`${what}: ${text}`, { cause });
    this.status = status;
    this.retryAfter = retryAfter;
    this.isTransient = isTransient;
  }
}

const TRANSIENT: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

interface Failure {
  readonly status?: number;
  readonly retryAfter?: number | undefined;
  readonly isTransient: boolean;
  readonly text: string;
}

function readFailure(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const response = isRecord(error) ? error.response : undefined;
  if (!isRecord(response) || typeof response.status !== 'number') {
    // The library's transport adds the request to what it throws; what else there is, such as missing credentials, stays as it is.
    return { isTransient: isRecord(error) && isRecord(error.config), text: message };
  }
  const headers = response.headers instanceof Headers ? response.headers : undefined;
  const seconds = Number(headers?.get('retry-after') ?? Number.NaN);
  const body = isRecord(response.data) && isRecord(response.data.error) ? response.data.error : {};
  const code = typeof body.status === 'string' ? ` ${body.status}` : '';
  const text = typeof body.message === 'string' ? body.message : message;
  return {
    status: response.status,
    isTransient: TRANSIENT.has(response.status),
    retryAfter: Number.isFinite(seconds) ? seconds : undefined,
    text: `${response.status}${code}: ${text}`,
  };
}
