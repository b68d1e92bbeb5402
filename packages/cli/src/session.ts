import type { ApiClient } from 'prefect-ts/client';
import type { Settings } from 'prefect-ts/settings';
import { CommandError } from './errors.ts';
import type { Output } from './terminal/output.ts';

/** What the commands of one call share. */
export interface Session {
  readonly out: Output;
  /** Settings with the profile that was asked for. */
  settings(): Promise<Settings>;
  /** A connection to the API of the settings. */
  client(): Promise<ApiClient>;
  close(): Promise<void>;
}

/** Makes a session; settings and connection are made when they are first asked for. */
export function openSession(out: Output, profile: string | undefined): Session {
  let settings: Promise<Settings> | undefined;
  let client: Promise<ApiClient> | undefined;
  const session: Session = {
    out,
    settings: () => (settings ??= readSettings(out, profile)),
    client: () => (client ??= session.settings().then(connect)),
    close: async () => (await client?.catch(() => undefined))?.close(),
  };
  return session;
}

async function readSettings(out: Output, profile: string | undefined): Promise<Settings> {
  const { loadSettings, profileOf, readProfiles } = await import('prefect-ts/settings');
  const settings = loadSettings(profile === undefined ? {} : { profile });
  if (profile !== undefined && !profileOf(readProfiles(settings.profilesPath), profile)) {
    throw new CommandError(`Unknown profile '${profile}'.`, 'See `prefect profile ls` for those there are.');
  }
  for (const warning of settings.warnings) out.warn(warning);
  return settings;
}

async function connect(settings: Settings): Promise<ApiClient> {
  const apiUrl = settings.get('PREFECT_API_URL');
  if (!apiUrl) {
    throw new CommandError(
      'No API is set: PREFECT_API_URL is empty.',
      'Start a server with `prefect server start`, then `prefect config set PREFECT_API_URL=http://127.0.0.1:4200/api`.',
    );
  }
  const { createClient } = await import('prefect-ts/client');
  return createClient({
    apiUrl,
    apiKey: settings.get('PREFECT_API_KEY') ?? undefined,
    authString: settings.get('PREFECT_API_AUTH_STRING') ?? undefined,
    csrf: settings.get('PREFECT_CLIENT_CSRF_SUPPORT_ENABLED'),
    headers: settings.get('PREFECT_CLIENT_CUSTOM_HEADERS'),
    maxRetries: settings.get('PREFECT_CLIENT_MAX_RETRIES'),
    requestTimeout: settings.get('PREFECT_API_REQUEST_TIMEOUT'),
    retryExtraCodes: settings.get('PREFECT_CLIENT_RETRY_EXTRA_CODES').map(Number),
    retryJitterFactor: settings.get('PREFECT_CLIENT_RETRY_JITTER_FACTOR'),
    versionCheck: settings.get('PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED'),
    tls: {
      insecureSkipVerify: settings.get('PREFECT_API_TLS_INSECURE_SKIP_VERIFY'),
      certFile: settings.get('PREFECT_API_SSL_CERT_FILE') ?? undefined,
    },
  });
}
