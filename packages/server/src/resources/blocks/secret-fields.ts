import { isJsonObject } from '../../json/exact-json.ts';
import type { JsonObject } from './schema-fields.ts';

/** What stands for a secret, whatever it is and however long. */
const MASK = '********';

/** Stands in a path for everything below an object. */
const EVERYTHING = '*';

/** The paths of a schema's secrets: names joined by dots, `name.*` for all that is below. */
export function secretPaths(fields: JsonObject): string[] {
  return Array.isArray(fields.secret_fields) ? [...new Set(fields.secret_fields.filter((path) => typeof path === 'string'))] : [];
}

/** Covers every secret of a document; what is null stays null. */
export function maskSecrets(data: JsonObject, paths: readonly string[]): JsonObject {
  return paths.reduce<unknown>((masked, path) => mask(masked, path.split('.')), data) as JsonObject;
}

/** Takes masks that came back from a client for the secrets that they cover. */
export function restoreSecrets(data: JsonObject, current: JsonObject, paths: readonly string[]): JsonObject {
  return paths.reduce<unknown>((restored, path) => restore(restored, current, path.split('.')), data) as JsonObject;
}

/** What of a document may be told to everybody: its texts that are no secrets and hold none. */
export function publicTexts(data: JsonObject, paths: readonly string[]): JsonObject {
  const secret = new Set(paths.map((path) => path.split('.')[0]));
  return Object.fromEntries(Object.entries(data).filter(([name, value]) => typeof value === 'string' && !secret.has(name)));
}

function mask(value: unknown, [name, ...rest]: string[]): unknown {
  if (value === null || value === undefined) return value;
  if (name === undefined) return MASK;
  if (name === EVERYTHING) return isJsonObject(value) ? maskLeaves(value) : MASK;
  if (Array.isArray(value)) return value.map((item) => mask(item, [name, ...rest]));
  if (!isJsonObject(value) || !(name in value)) return value;
  return { ...value, [name]: mask(value[name], rest) };
}

function maskLeaves(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [name, isJsonObject(value) ? maskLeaves(value) : MASK]),
  );
}

function restore(value: unknown, current: unknown, [name, ...rest]: string[]): unknown {
  if (name === undefined || name === EVERYTHING) return restoreLeaves(value, current);
  if (Array.isArray(value))
    return value.map((item, index) => restore(item, Array.isArray(current) ? current[index] : undefined, [name, ...rest]));
  if (!isJsonObject(value) || !(name in value)) return value;
  return { ...value, [name]: restore(value[name], isJsonObject(current) ? current[name] : undefined, rest) };
}

function restoreLeaves(value: unknown, current: unknown): unknown {
  if (value === MASK) return current === undefined ? value : current;
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, leaf]) => [name, restoreLeaves(leaf, isJsonObject(current) ? current[name] : undefined)]),
  );
}
