import { isRecord } from './placeholders.ts';

/** A part of a request to a platform, as the template of a pool has it: people may have changed it at will. */
export type JsonObject = Record<string, unknown>;

/** The template of a pool lacks what a request to the platform must have. */
export class InvalidJobBodyError extends Error {
  override readonly name = 'InvalidJobBodyError';
}

/** A copy of a templated body in which nothing is null: platforms take an absent field for the default, and a null for a mistake. */
export function copyOfBody(body: unknown, name: string): JsonObject {
  if (!isRecord(body)) throw new InvalidJobBodyError(`The job configuration must have an object '${name}'.`);
  const copy = withoutNulls(body);
  return isRecord(copy) ? copy : {};
}

/** The object at a path inside a body; made where there is none. */
export function objectAt(body: JsonObject, ...path: string[]): JsonObject {
  let at = body;
  for (const key of path) {
    const inner = at[key];
    if (isRecord(inner)) at = inner;
    else {
      const made: JsonObject = {};
      at[key] = made;
      at = made;
    }
  }
  return at;
}

/** The first of a list of objects, which must be there. */
export function firstOf(list: unknown, name: string): JsonObject {
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  if (!isRecord(first)) throw new InvalidJobBodyError(`The job configuration must have an object in the list '${name}'.`);
  return first;
}

/** The list, or an empty one. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls);
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([, entry]) => entry !== null && entry !== undefined);
  return Object.fromEntries(kept.map(([key, entry]) => [key, withoutNulls(entry)]));
}
