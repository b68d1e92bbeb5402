import { ConfigurationError } from '../errors.ts';
import type { Settings } from '../settings/index.ts';
import { type ApiClient, type ClientOptions, createClient } from './client.ts';

/**
 * A client for the server that the settings name, with their credentials, retries and TLS.
 *
 * @throws ConfigurationError when the settings name none.
 */
export function clientFromSettings(settings: Settings, more: Pick<ClientOptions, 'contextHeaders'> = {}): ApiClient {
  const apiUrl = settings.get('PREFECT_API_URL');
  if (!apiUrl) {
    throw new ConfigurationError('No API is set: PREFECT_API_URL is empty.', {
      hint: 'Start a server with `prefect server start`, then `prefect config set PREFECT_API_URL=http://127.0.0.1:4200/api`.',
    });
  }
  return createClient({
    apiUrl,
    authString: settings.get('PREFECT_API_AUTH_STRING') ?? undefined,
    apiKey: settings.get('PREFECT_API_KEY') ?? undefined,
    headers: settings.get('PREFECT_CLIENT_CUSTOM_HEADERS'),
    maxRetries: settings.get('PREFECT_CLIENT_MAX_RETRIES'),
    retryExtraCodes: settings.get('PREFECT_CLIENT_RETRY_EXTRA_CODES').map(Number),
    retryJitterFactor: settings.get('PREFECT_CLIENT_RETRY_JITTER_FACTOR'),
    requestTimeout: settings.get('PREFECT_API_REQUEST_TIMEOUT'),
    csrf: settings.get('PREFECT_CLIENT_CSRF_SUPPORT_ENABLED'),
    versionCheck: settings.get('PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED'),
    tls: {
      insecureSkipVerify: settings.get('PREFECT_API_TLS_INSECURE_SKIP_VERIFY'),
      certFile: settings.get('PREFECT_API_SSL_CERT_FILE') ?? undefined,
    },
    ...more,
  });
}
