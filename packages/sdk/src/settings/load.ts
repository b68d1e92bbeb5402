import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { activeProfileName, type ProfilesFile, profileOf, readProfiles } from './profiles.ts';
import { Settings, type SettingsLayer } from './settings.ts';
import { readDotEnv, readEnvironment, readPrefectToml, readPyproject, type SourceText, valuesByName } from './sources.ts';

export interface LoadSettingsOptions {
  /** Environment variables; default: those of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Folder whose `.env`, `prefect.toml` and `pyproject.toml` count; default: the current one. */
  readonly cwd?: string;
  /** Home folder of the user; default: that of the operating system. */
  readonly home?: string;
  /** Name of the profile to use, ahead of `PREFECT_PROFILE` and the active one. */
  readonly profile?: string;
}

/**
 * Reads the settings from all their sources. First found wins: environment, `.env`, `prefect.toml`, `[tool.prefect]` of
 * `pyproject.toml`, the active profile, the default.
 *
 * @throws UnreadableSettingsFileError when `prefect.toml` or `pyproject.toml` is not valid TOML.
 */
export function loadSettings(options: LoadSettingsOptions = {}): Settings {
  const { env = process.env, cwd = process.cwd(), home: userHome = homedir() } = options;
  const environment = readEnvironment(env);
  const dotEnv = readDotEnv(cwd);
  const layers: SettingsLayer[] = [
    { source: 'env', values: environment.values },
    { source: '.env file', values: dotEnv.values },
    { source: 'prefect.toml', values: readPrefectToml(cwd) },
    { source: 'pyproject.toml', values: readPyproject(cwd) },
  ];
  const warnings: string[] = [];
  const pathOf = (name: 'PREFECT_HOME' | 'PREFECT_PROFILES_PATH', fallback: string) => {
    const layer = layers.find(({ values }) => values.has(name));
    return layer ? expandHome(String(layer.values.get(name)), userHome, cwd) : fallback;
  };
  const home = pathOf('PREFECT_HOME', join(userHome, '.prefect'));
  const profilesPath = pathOf('PREFECT_PROFILES_PATH', join(home, 'profiles.toml'));
  const file = readProfiles(profilesPath, warnings);
  const profile = activeProfileName(file, options.profile ?? environment.profile ?? dotEnv.profile);
  if (!isTesting(layers)) layers.push({ source: 'profile', values: profileValues(file, profile, warnings) });
  return new Settings({ home, profilesPath, profile }, layers, warnings);
}

function profileValues(file: ProfilesFile, name: string, warnings: string[]): SettingsLayer['values'] {
  const known = profileOf(file, name);
  if (!known) warnings.push(`There is no profile '${name}'; the defaults are used.`);
  const values = valuesByName(Object.entries(known?.settings ?? {}) satisfies SourceText, (unknown) =>
    warnings.push(`Setting '${unknown}' is not recognized; profile '${name}' has it.`),
  );
  values.delete('PREFECT_HOME');
  values.delete('PREFECT_PROFILES_PATH');
  return values;
}

function isTesting(layers: readonly SettingsLayer[]): boolean {
  const layer = layers.find(({ values }) => values.has('PREFECT_TESTING_TEST_MODE'));
  return /^(1|t|true|y|yes|on)$/i.test(String(layer?.values.get('PREFECT_TESTING_TEST_MODE')));
}

function expandHome(path: string, userHome: string, cwd: string): string {
  return resolve(cwd, path.replace(/^~(?=$|[\\/])/, userHome));
}
