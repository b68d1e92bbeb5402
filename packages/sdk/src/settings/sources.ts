import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { UnreadableSettingsFileError } from './errors.ts';
import { canonicalName, type SettingName } from './table.ts';
import { parseToml, type TomlTable } from './toml.ts';

/** Names as a source spells them, with their values. */
export type SourceText = Iterable<readonly [string, unknown]>;

type Values = Map<SettingName, unknown>;

/** What variables say: settings, and which profile to use. */
export interface Variables {
  readonly values: Values;
  readonly profile: string | undefined;
}

export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Variables {
  const named = Object.entries(env).filter(([, value]) => value !== undefined);
  const profile = named.find(([name]) => name.toUpperCase() === 'PREFECT_PROFILE')?.[1];
  return { values: valuesByName(named), profile: profile || undefined };
}

export function readDotEnv(cwd: string): Variables {
  const text = readIfThere(join(cwd, '.env'));
  return readEnvironment(text === undefined ? {} : parseEnv(text));
}

export function readPrefectToml(cwd: string): Values {
  return valuesByName(namedByPath(readToml(join(cwd, 'prefect.toml')) ?? {}));
}

export function readPyproject(cwd: string): Values {
  const tool = readToml(join(cwd, 'pyproject.toml'))?.tool;
  const prefect = isTable(tool) ? tool.prefect : undefined;
  return valuesByName(isTable(prefect) ? namedByPath(prefect) : []);
}

/** Puts values under the canonical names; within one source a canonical name wins over an older one. */
export function valuesByName(entries: SourceText, onUnknown: (name: string) => void = () => {}): Values {
  const values: Values = new Map();
  const canonical = new Set<SettingName>();
  for (const [name, value] of entries) {
    const setting = canonicalName(name);
    if (!setting) {
      onUnknown(name);
    } else if (name.toUpperCase() === setting || !canonical.has(setting)) {
      values.set(setting, value);
      if (name.toUpperCase() === setting) canonical.add(setting);
    }
  }
  return values;
}

/** `undefined` when there is no such file. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw error;
  }
}

/** Tables nest as the parts of a name do: `[server.api] port` is `PREFECT_SERVER_API_PORT`. */
function* namedByPath(table: TomlTable, prefix = 'PREFECT'): Generator<readonly [string, unknown]> {
  for (const [key, value] of Object.entries(table)) {
    const name = `${prefix}_${key}`.toUpperCase();
    if (isTable(value) && !canonicalName(name)) yield* namedByPath(value, name);
    else yield [name, value];
  }
}

function readToml(path: string): TomlTable | undefined {
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  try {
    return parseToml(text);
  } catch (error) {
    throw error instanceof Error ? new UnreadableSettingsFileError(path, error) : error;
  }
}

function isTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
