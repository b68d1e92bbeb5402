import { COMPATIBLE_VERSION, type OperationName, type Operations, uuid4 } from '@prefect-ts/protocol';
import type { WebSocket } from 'ws';
import { ConfigurationError } from '../errors.ts';
import { ApiUnreachable, errorFromAnswer, IncompatibleServer } from './errors.ts';
import { buildFixedHeaders } from './headers.ts';
import { readRetryAfter, retryDelaySeconds } from './retry.ts';
import { openAuthenticatedSocket, type SocketOptions } from './socket.ts';
import { createHttpTransport, type TlsOptions, type Transport, type TransportAnswer } from './transport.ts';
import { compareVersions } from './versions.ts';

/** How to reach the API. */
export interface ClientOptions {
  /** Address of the API; ends in `/api`. */
  readonly apiUrl: string;
  /** `user:password`, sent as HTTP Basic; wins over `apiKey`. */
  readonly authString?: string | undefined;
  /** Sent as bearer token. */
  readonly apiKey?: string | undefined;
  /** Headers added to every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Headers that depend on who calls, for example the ids of the flow that runs; asked at each request. */
  readonly contextHeaders?: (() => Readonly<Record<string, string>>) | undefined;
  /** Extra tries after a failed one. Default 5. */
  readonly maxRetries?: number | undefined;
  /** Status codes to try again, besides 408, 429, 502 and 503. */
  readonly retryExtraCodes?: readonly number[] | undefined;
  /** By what share of it a delay may grow. Default 0.2. */
  readonly retryJitterFactor?: number | undefined;
  /** Seconds to wait for an answer. Default 60. */
  readonly requestTimeout?: number | undefined;
  /** Whether to ask for a CSRF token before the first change. Default true. */
  readonly csrf?: boolean | undefined;
  /** Whether to compare versions with the server before the first request. Default true. */
  readonly versionCheck?: boolean | undefined;
  readonly tls?: TlsOptions | undefined;
  /** Told about what the caller may want to know, such as an older server. Default: standard error. */
  readonly warn?: ((message: string) => void) | undefined;
}

export type PathOf<N extends OperationName> = Operations[N]['path'];
export type QueryOf<N extends OperationName> = Operations[N]['query'];
export type BodyOf<N extends OperationName> = Operations[N]['body'];
/** What an operation answers. */
export type AnswerOf<N extends OperationName> = Operations[N]['answer'];

/** `{ key: T }`, or `{ key?: T }` where an empty `T` would do. */
type Needed<K extends string, T> =
  Record<never, never> extends T
    ? { readonly [P in K]?: T | undefined }
    : undefined extends T
      ? { readonly [P in K]?: T }
      : { readonly [P in K]: T };

/** What any call may say about how it is made. */
export interface CallControls {
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Seconds; in place of the client's. */
  readonly timeout?: number | undefined;
}

/** What a call of an operation takes. */
export type CallOptions<N extends OperationName> = Needed<'path', PathOf<N>> &
  Needed<'query', QueryOf<N>> &
  Needed<'body', BodyOf<N>> &
  CallControls;

/** A connection to the API. Closes with `await using` or {@link ApiClient.close}. */
export interface ApiClient extends AsyncDisposable {
  readonly apiUrl: string;
  /**
   * Calls one operation of the contract and gives its answer.
   *
   * @example await client.call('GET /flow_runs/{id}', { path: { id } })
   * @throws ObjectNotFound, ObjectAlreadyExists, another PrefectHTTPStatusError, or ApiUnreachable
   */
  call<N extends OperationName>(
    name: N,
    ...options: Record<never, never> extends CallOptions<N> ? [CallOptions<N>?] : [CallOptions<N>]
  ): Promise<AnswerOf<N>>;
  /** Opens a websocket of the API, already authenticated. `path` starts with a slash: `/events/in`. */
  openSocket(path: string, options?: SocketOptions): Promise<WebSocket>;
  close(): Promise<void>;
}

/** What travels beside a call: the loose form of {@link CallOptions}. */
interface LooseCall extends CallControls {
  readonly path?: Readonly<Record<string, string | number>> | undefined;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: unknown;
}

const RETRY_STATUS: ReadonlySet<number> = new Set([408, 429, 502, 503]);

/** Makes a client. Nothing is sent before the first call. */
export function createClient(options: ClientOptions): ApiClient {
  const base = readApiUrl(options.apiUrl);
  const {
    maxRetries = 5,
    retryJitterFactor = 0.2,
    requestTimeout = 60,
    retryExtraCodes = [],
    warn = (message: string) => process.emitWarning(message, 'PrefectWarning'),
  } = options;
  const transport: Transport = createHttpTransport(new URL(base).protocol, options.tls);
  const fixedHeaders = buildFixedHeaders(options, warn);
  const closing = new AbortController();
  const csrfClient = uuid4();
  let csrfEnabled = options.csrf ?? true;
  let csrfToken: Promise<string | undefined> | undefined;
  let versionChecked: Promise<void> | undefined = options.versionCheck === false ? Promise.resolve() : undefined;
  let reachedOnce = false;

  async function call(name: string, loose: LooseCall = {}): Promise<unknown> {
    const [method = 'GET', template = '/'] = name.split(' ', 2);
    const url = new URL(base + fillPath(template, loose.path));
    for (const [key, value] of Object.entries(loose.query ?? {})) appendQuery(url, key, value);
    const body = loose.body === undefined ? undefined : JSON.stringify(loose.body);
    versionChecked ??= checkVersion().catch((error: unknown) => {
      versionChecked = undefined;
      throw error;
    });
    const changes = method !== 'GET';
    if (changes && csrfEnabled) csrfToken ??= startCsrfToken();
    await versionChecked;
    let answer = await sendWithRetries(method, url, body, loose, changes);
    if (answer.status === 403 && csrfEnabled && answer.text.includes('Invalid CSRF token')) {
      csrfToken = startCsrfToken();
      answer = await sendWithRetries(method, url, body, loose, changes);
    }
    if (answer.status >= 400) throw failureOf(method, url, answer);
    return answer.text === '' ? undefined : JSON.parse(answer.text);
  }

  async function sendWithRetries(
    method: string,
    url: URL,
    body: string | undefined,
    controls: CallControls,
    withCsrf: boolean,
  ): Promise<TransportAnswer> {
    const signal = controls.signal ? AbortSignal.any([controls.signal, closing.signal]) : closing.signal;
    for (let tries = 1; ; ) {
      signal.throwIfAborted();
      let delay: number;
      try {
        const headers: Record<string, string> = { ...fixedHeaders, ...options.contextHeaders?.(), ...controls.headers };
        if (body !== undefined) headers['content-type'] = 'application/json';
        const token = withCsrf && csrfEnabled ? await csrfToken : undefined;
        if (token !== undefined) Object.assign(headers, { 'prefect-csrf-token': token, 'prefect-csrf-client': csrfClient });
        const timeoutMs = (controls.timeout ?? requestTimeout) * 1000;
        const answer = await transport.send({ method, url, headers, body, timeoutMs, signal });
        reachedOnce = true;
        const maintenance = answer.headers['prefect-maintenance'] === 'true' && answer.status >= 400;
        const again = maintenance || RETRY_STATUS.has(answer.status) || retryExtraCodes.includes(answer.status);
        if (!again || (!maintenance && tries > maxRetries)) return answer;
        delay = retryDelaySeconds(tries, readRetryAfter(answer.headers['retry-after']), retryJitterFactor);
        if (!maintenance) tries++;
      } catch (error) {
        signal.throwIfAborted();
        const refused = errorCode(error) === 'ECONNREFUSED' || errorCode(error) === 'ENOTFOUND';
        if ((refused && !reachedOnce) || tries > maxRetries) throw unreachable(base, url, error);
        delay = retryDelaySeconds(tries, undefined, retryJitterFactor);
        tries++;
      }
      await sleep(delay * 1000, signal);
    }
  }

  /** Fetches in the background; whoever waits for the token hears of a failure, and the next call tries anew. */
  function startCsrfToken(): Promise<string | undefined> {
    const fetching = fetchCsrfToken();
    fetching.catch(() => {
      csrfToken = undefined;
    });
    return fetching;
  }

  async function fetchCsrfToken(): Promise<string | undefined> {
    const url = new URL(`${base}/csrf-token?client=${csrfClient}`);
    const answer = await sendWithRetries('GET', url, undefined, {}, false);
    if (answer.status === 404 || (answer.status === 422 && answer.text.includes('CSRF protection is disabled.'))) {
      csrfEnabled = false;
      return undefined;
    }
    if (answer.status >= 400) throw failureOf('GET', url, answer);
    return (JSON.parse(answer.text) as { token: string }).token;
  }

  async function checkVersion(): Promise<void> {
    const url = new URL(`${base}/admin/version`);
    const answer = await sendWithRetries('GET', url, undefined, {}, false);
    if (answer.status >= 400) throw failureOf('GET', url, answer);
    const server = String(JSON.parse(answer.text));
    const order = compareVersions(server, COMPATIBLE_VERSION);
    if (order.majorDiffers) {
      throw new IncompatibleServer(
        `The server at ${base} has version ${server}; this client needs ${COMPATIBLE_VERSION.split('.')[0]}.x.`,
        {
          hint: 'Use the client and the server of the same major version.',
        },
      );
    }
    if (order.older)
      warn(`The server at ${base} is older (${server}) than this client (${COMPATIBLE_VERSION}); some calls may fail.`);
  }

  async function close(): Promise<void> {
    closing.abort(new ConfigurationError('The client was closed.'));
    transport.close();
  }

  return {
    apiUrl: base,
    call: call as ApiClient['call'],
    openSocket: (path, socketOptions = {}) =>
      openAuthenticatedSocket({
        url: `${base.replace(/^http/, 'ws')}${path}`,
        authString: options.authString,
        apiKey: options.apiKey,
        headers: fixedHeaders,
        tls: options.tls,
        ...socketOptions,
      }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function failureOf(method: string, url: URL, answer: TransportAnswer): Error {
  const retryAfter = answer.headers['retry-after'];
  return errorFromAnswer({ method, url: url.href, status: answer.status, body: answer.text, retryAfter });
}

function readApiUrl(apiUrl: string): string {
  if (!URL.canParse(apiUrl) || !/^https?:/.test(apiUrl)) {
    throw new ConfigurationError(`PREFECT_API_URL is ${JSON.stringify(apiUrl)}, which is no http(s) address.`, {
      hint: 'Set it to the address of the API, for example http://127.0.0.1:4200/api.',
    });
  }
  return apiUrl.replace(/\/+$/, '');
}

function fillPath(template: string, values: LooseCall['path']): string {
  return template.replace(/\{(\w+)(?::\w+)?\}/g, (_, key: string) => {
    const value = values?.[key];
    if (value === undefined || value === '') throw new ConfigurationError(`The path ${template} needs a value for "${key}".`);
    return encodeURIComponent(String(value));
  });
}

function appendQuery(url: URL, key: string, value: unknown): void {
  if (value === undefined || value === null) return;
  for (const item of Array.isArray(value) ? value : [value]) url.searchParams.append(key, String(item));
}

function errorCode(error: unknown): string | undefined {
  if (error instanceof AggregateError) return errorCode(error.errors[0]);
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function unreachable(base: string, url: URL, error: unknown): ApiUnreachable {
  if (error instanceof ApiUnreachable) return error;
  const text = error instanceof Error ? error.message || errorCode(error) : String(error);
  return new ApiUnreachable(`Failed to reach API at ${base}: ${text}`, url.href, {
    cause: error,
    hint: 'Start the server with `prefect server start`, or set PREFECT_API_URL to where it runs.',
  });
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
