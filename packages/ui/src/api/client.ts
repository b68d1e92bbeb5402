import type { OperationName, Operations } from '@prefect-ts/protocol';
import { authorization, currentPair, signInAfter } from './credentials.ts';

/** What a call of an operation needs besides its name; members that the operation does not have are left out. */
export type CallArguments<K extends OperationName> = (keyof Operations[K]['path'] extends never
  ? { path?: undefined }
  : { path: Operations[K]['path'] }) &
  (undefined extends Operations[K]['body'] ? { body?: Operations[K]['body'] } : { body: Operations[K]['body'] }) & {
    query?: Operations[K]['query'];
  };

/** The server answered with an error, or did not answer at all (`status` 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly operation: string;
  readonly detail: unknown;

  constructor(operation: string, status: number, message: string, detail: unknown) {
    super(message);
    this.name = 'ApiError';
    this.operation = operation;
    this.status = status;
    this.detail = detail;
  }
}

/** Where the API is: what the server wrote beside the `<base href>`, else `api/` under it. */
export const apiBase: URL = new URL(
  (document.querySelector('base')?.dataset.api ?? 'api').replace(/\/?$/, '/'),
  document.baseURI,
);

/**
 * Calls one operation of the API and answers its body.
 * A server that wants to know who asks is answered once somebody has signed in.
 * @throws ApiError for every other answer but 2xx, and when the server cannot be reached.
 */
export async function call<K extends OperationName>(
  operation: K,
  args: CallArguments<K>,
  signal?: AbortSignal,
): Promise<Operations[K]['answer']> {
  const [method, template] = splitOperation(operation);
  const url = urlOf(template, args.path, args.query);
  const init: RequestInit = { method, headers: { accept: 'application/json' } };
  if (signal) init.signal = signal;
  if (args.body !== undefined) {
    init.headers = { ...init.headers, 'content-type': 'application/json' };
    init.body = JSON.stringify(args.body);
  }
  const response = await fetchSignedIn(operation, url, init);
  const text = await response.text();
  const body: unknown = text === '' ? undefined : parseJson(text);
  if (!response.ok) throw new ApiError(operation, response.status, errorMessage(response, body), body);
  // The one place where what comes from the server takes the type that the contract gives it.
  return body as Operations[K]['answer'];
}

/** Saves a file of the API; a link could not say who asks. */
export async function download(path: string, name: string): Promise<void> {
  const response = await fetchSignedIn(`GET /${path}`, new URL(path, apiBase), {});
  if (!response.ok) throw new ApiError(`GET /${path}`, response.status, errorMessage(response, undefined), undefined);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Makes a request, and makes it again when the server wants to know who asks. */
async function fetchSignedIn(operation: string, url: URL, init: RequestInit): Promise<Response> {
  for (;;) {
    const pair = currentPair();
    let response: Response;
    try {
      response = await fetch(url, { ...init, headers: { ...init.headers, ...authorization(pair) } });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new ApiError(operation, 0, `The server at ${apiBase.origin} cannot be reached.`, undefined);
    }
    if (response.status !== 401) return response;
    await signInAfter(pair);
    init.signal?.throwIfAborted();
  }
}

function splitOperation(operation: string): [method: string, template: string] {
  const space = operation.indexOf(' ');
  return [operation.slice(0, space), operation.slice(space + 1)];
}

function urlOf(template: string, path: object | undefined, query: object | undefined): URL {
  const values = new Map<string, unknown>(Object.entries(path ?? {}));
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values.get(name))));
  const url = new URL(filled.slice(1), apiBase);
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) url.searchParams.set(name, String(value));
  return url;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function errorMessage(response: Response, body: unknown): string {
  const fallback = `The server answered ${response.status} ${response.statusText}`.trim();
  if (typeof body !== 'object' || body === null) return fallback;
  if ('exception_detail' in body && Array.isArray(body.exception_detail)) {
    const problems = body.exception_detail.map(describeProblem).filter((text) => text !== '');
    if (problems.length > 0) return problems.join('; ');
  }
  if ('detail' in body && typeof body.detail === 'string') return body.detail;
  if ('exception_message' in body && typeof body.exception_message === 'string') return body.exception_message;
  return fallback;
}

function describeProblem(problem: unknown): string {
  if (typeof problem !== 'object' || problem === null || !('msg' in problem)) return '';
  const place = 'loc' in problem && Array.isArray(problem.loc) ? problem.loc.slice(1).join('.') : '';
  return place === '' ? String(problem.msg) : `${place}: ${String(problem.msg)}`;
}
