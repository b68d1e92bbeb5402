import { isRecord } from '../job-template/placeholders.ts';

/** What the API server of a cluster refused, or why it was not reached. */
export interface ApiFailure {
  /** The HTTP status; undefined when there was no answer. */
  readonly status: number | undefined;
  /** Kubernetes' own word, such as `Forbidden`. */
  readonly reason: string;
  readonly message: string;
}

/** Reads what an error of the client means. */
export function readApiFailure(error: unknown): ApiFailure {
  if (!isRecord(error) && !(error instanceof Error)) return { status: undefined, reason: 'Error', message: String(error) };
  const { code, statusCode, body, cause, message } = error as Record<string, unknown>;
  const status = [code, statusCode].find((value) => typeof value === 'number');
  const answer = typeof body === 'string' ? parse(body) : body;
  if (isRecord(answer) && typeof answer.message === 'string') {
    return { status, reason: typeof answer.reason === 'string' ? answer.reason : 'Error', message: answer.message };
  }
  // "fetch failed" says nothing; its cause does.
  const told = cause instanceof Error && cause.message !== '' ? cause.message : message;
  return { status, reason: status === undefined ? 'Unreachable' : 'Error', message: String(told) };
}

/** Whether the object, or its namespace, is not there. */
export const isNotFound = (error: unknown): boolean => readApiFailure(error).status === 404;

/** Whether asking again may help: nobody answered, or the API server is busy. */
export function mayPass(error: unknown): boolean {
  const { status } = readApiFailure(error);
  return status === undefined || status === 429 || status >= 500;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
