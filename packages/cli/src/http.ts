import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { API_VERSION } from '@prefect-ts/protocol';
import type { Settings } from 'prefect-ts/settings';
import { CommandError } from './errors.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  /** Where tokens against forged requests are given out. */
  readonly csrfUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface HttpAnswer {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly statusText: string;
  readonly headers: Iterable<[string, string]>;
  readonly body: string;
}

/** Sends one request as it is, with the credentials of the settings; any status is an answer. */
export async function sendRequest(settings: Settings, request: HttpRequest): Promise<HttpAnswer> {
  trustAsSet(settings);
  const credentials = credentialHeaders(settings);
  const headers = {
    'x-prefect-api-version': API_VERSION,
    ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...settings.get('PREFECT_CLIENT_CUSTOM_HEADERS'),
    ...credentials,
    ...(await csrfHeaders(settings, request, credentials)),
    ...request.headers,
  };
  const answer = await reach(request.url, {
    method: request.method,
    headers,
    ...(request.body === undefined ? {} : { body: request.body }),
    signal: AbortSignal.timeout(settings.get('PREFECT_API_REQUEST_TIMEOUT') * 1000),
  });
  return {
    method: request.method,
    url: request.url,
    status: answer.status,
    statusText: answer.statusText,
    headers: answer.headers,
    body: await answer.text(),
  };
}

/** Certificates of `fetch` are those of the process. */
function trustAsSet(settings: Settings): void {
  if (settings.get('PREFECT_API_TLS_INSECURE_SKIP_VERIFY')) process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  const file = settings.get('PREFECT_API_SSL_CERT_FILE');
  if (file) tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(file, 'utf8')]);
}

function credentialHeaders(settings: Settings): Record<string, string> {
  const authString = settings.get('PREFECT_API_AUTH_STRING');
  const key = settings.get('PREFECT_API_KEY');
  if (authString) return { authorization: `Basic ${Buffer.from(authString).toString('base64')}` };
  return key ? { authorization: `Bearer ${key}` } : {};
}

async function csrfHeaders(
  settings: Settings,
  { method, csrfUrl }: HttpRequest,
  headers: Record<string, string>,
): Promise<Record<string, string>> {
  if (['GET', 'HEAD', 'OPTIONS'].includes(method) || !settings.get('PREFECT_CLIENT_CSRF_SUPPORT_ENABLED')) return {};
  const client = crypto.randomUUID();
  const answer = await reach(`${csrfUrl}?client=${client}`, { headers });
  if (!answer.ok) return {};
  const { token } = (await answer.json()) as { token: string };
  return { 'prefect-csrf-token': token, 'prefect-csrf-client': client };
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = cause instanceof Error ? cause.message || ('code' in cause ? String(cause.code) : cause.name) : String(cause);
    throw new CommandError(
      `Failed to reach ${url}: ${reason}`,
      'Start the server with `prefect server start`, or set PREFECT_API_URL to where it runs.',
    );
  }
}
