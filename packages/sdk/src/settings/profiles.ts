import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readIfThere } from './sources.ts';
import { parseToml, type TomlTable, writeToml } from './toml.ts';

/** A named set of settings, written as text. */
export interface Profile {
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** The profiles of a user, as `profiles.toml` holds them; built-in ones that were not changed are not in it. */
export interface ProfilesFile {
  readonly active: string | undefined;
  readonly profiles: readonly Profile[];
}

/** Profiles that are there without a file. */
export const BUILT_IN_PROFILES: readonly Profile[] = [
  { name: 'ephemeral', settings: { PREFECT_SERVER_EPHEMERAL_ENABLED: 'true' } },
  { name: 'local', settings: { PREFECT_API_URL: 'http://127.0.0.1:4200/api' } },
  {
    name: 'test',
    settings: {
      PREFECT_SERVER_EPHEMERAL_ENABLED: 'true',
      PREFECT_SERVER_DATABASE_CONNECTION_URL: 'sqlite+aiosqlite:///file::memory:?cache=shared&uri=true&check_same_thread=false',
    },
  },
];

const DEFAULT_PROFILE = 'ephemeral';

/** Reads the profiles of a user; a file that is not valid TOML counts as empty, with a warning. */
export function readProfiles(path: string, warnings: string[] = []): ProfilesFile {
  const text = readIfThere(path);
  if (text === undefined) return { active: undefined, profiles: [] };
  try {
    const document = parseToml(text);
    const active = document.active;
    const profiles = Object.entries(tableOf(document.profiles)).map(([name, table]) => parseProfile(name, tableOf(table)));
    return { active: typeof active === 'string' ? active : undefined, profiles };
  } catch (error) {
    warnings.push(`${path} is not valid TOML and is ignored: ${String(error).split('\n')[0]}`);
    return { active: undefined, profiles: [] };
  }
}

/** Replaces the file in one step, readable for its owner only: it may hold keys. */
export function writeProfiles(path: string, file: ProfilesFile): void {
  const profiles = Object.fromEntries(file.profiles.map(({ name, settings }) => [name, settings]));
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.tmp`;
  // Python ignores a file that names no active profile.
  writeFileSync(draft, writeToml({ active: file.active ?? DEFAULT_PROFILE, profiles }), { mode: 0o600 });
  renameSync(draft, path);
}

export function parseProfile(name: string, table: TomlTable): Profile {
  const settings = Object.entries(table).map(([key, value]) => [
    key,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
  return { name, settings: Object.fromEntries(settings) };
}

/** Built-in profiles first, then those of the user. */
export function profileNames(file: ProfilesFile): string[] {
  return [...new Set([...BUILT_IN_PROFILES, ...file.profiles].map(({ name }) => name))];
}

/** A profile with what the user changed laid over what is built in. */
export function profileOf(file: ProfilesFile, name: string): Profile | undefined {
  const builtIn = BUILT_IN_PROFILES.find((profile) => profile.name === name);
  const own = file.profiles.find((profile) => profile.name === name);
  if (!builtIn && !own) return undefined;
  return { name, settings: { ...builtIn?.settings, ...own?.settings } };
}

/** The profile asked for, else the one marked active, else the built-in default. */
export function activeProfileName(file: ProfilesFile, asked: string | undefined): string {
  return asked ?? file.active ?? DEFAULT_PROFILE;
}

export function withProfile(file: ProfilesFile, profile: Profile): ProfilesFile {
  const at = file.profiles.findIndex(({ name }) => name === profile.name);
  return { ...file, profiles: at < 0 ? [...file.profiles, profile] : file.profiles.with(at, profile) };
}

export function withoutProfile(file: ProfilesFile, name: string): ProfilesFile {
  return { ...file, profiles: file.profiles.filter((profile) => profile.name !== name) };
}

function tableOf(value: unknown): TomlTable {
  return typeof value === 'object' && value !== null ? (value as TomlTable) : {};
}
