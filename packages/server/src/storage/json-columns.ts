import type { JsonText } from './tables.ts';

/** Writes a value for a column of JSON. */
export function json(value: unknown): JsonText {
  return JSON.stringify(value);
}

/** Writes a value for a column of JSON that may be empty. */
export function jsonOrNull(value: unknown): JsonText | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}

/** Reads a column of JSON. The caller names the type: nothing but {@link json} writes these columns. */
export function parseJson<T>(text: JsonText | null): T {
  if (text === null) return null as T;
  // The two commonest values, which most rows carry several times.
  if (text === '[]') return [] as T;
  if (text === '{}') return {} as T;
  return JSON.parse(text) as T;
}
