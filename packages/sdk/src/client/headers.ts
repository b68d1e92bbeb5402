import { API_VERSION, COMPATIBLE_VERSION } from '@prefect-ts/protocol';
import type { ClientOptions } from './client.ts';

const OWN_HEADERS: ReadonlySet<string> = new Set(['user-agent', 'prefect-csrf-token', 'prefect-csrf-client']);

/** The headers that every request of a client carries. */
export function buildFixedHeaders(options: ClientOptions, warn: (message: string) => void): Record<string, string> {
  const headers: Record<string, string> = {
    'user-agent': `prefect/${COMPATIBLE_VERSION} (API ${API_VERSION})`,
    'x-prefect-api-version': API_VERSION,
    accept: 'application/json',
  };
  if (options.authString) headers.authorization = `Basic ${Buffer.from(options.authString).toString('base64')}`;
  else if (options.apiKey) headers.authorization = `Bearer ${options.apiKey}`;
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (OWN_HEADERS.has(name.toLowerCase()))
      warn(`The header ${name} cannot be set by PREFECT_CLIENT_CUSTOM_HEADERS; it is ignored.`);
    else headers[name.toLowerCase()] = value;
  }
  return headers;
}
