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
  const { clientFromSettings } = await import('prefect-ts/client');
  return clientFromSettings(settings);
}
