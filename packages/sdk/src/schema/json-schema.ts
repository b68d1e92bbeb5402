import type { StandardSchemaV1 } from '@standard-schema/spec';

/** A JSON Schema object. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Writes the schema of a validation library as JSON Schema. */
export type JsonSchemaConverter = (schema: StandardSchemaV1) => JsonSchema;

const converters = new Map<string, JsonSchemaConverter>();

/** Teaches the package to write the schemas of a library (its `~standard.vendor`) that cannot do so itself. */
export function registerJsonSchema(vendor: string, convert: JsonSchemaConverter): void {
  converters.set(vendor, convert);
}

/**
 * A schema as JSON Schema, in the form that forms and Python read.
 *
 * @returns undefined when the library of the schema cannot write JSON Schema
 */
export function jsonSchemaOf(schema: StandardSchemaV1): JsonSchema | undefined {
  const written = writeJsonSchema(schema);
  if (!written) return undefined;
  const { $defs, ...rest } = tidyJsonSchema(written) as { $defs?: unknown };
  return $defs === undefined ? rest : { definitions: $defs, ...rest };
}

/** What the library of a schema writes. */
export function writeJsonSchema(schema: StandardSchemaV1): JsonSchema | undefined {
  const standard = schema['~standard'];
  if ('jsonSchema' in standard) {
    const converter = standard.jsonSchema as { input(options: { target: string }): JsonSchema };
    return converter.input({ target: 'draft-07' });
  }
  return converters.get(standard.vendor)?.(schema);
}

const ABOUT_VALUES: ReadonlySet<string> = new Set(['title', 'description', 'default', 'examples', 'deprecated']);

/** `type: [x, "null"]` becomes a choice of the two, which is what forms and Python read. */
function splitTypes({ type, ...rest }: { type: unknown[]; [keyword: string]: unknown }): JsonSchema {
  const entries = Object.entries(rest);
  const constraints = Object.fromEntries(entries.filter(([key]) => !ABOUT_VALUES.has(key)));
  const anyOf = type.map((each) => (each === 'null' ? { type: each } : { ...constraints, type: each }));
  return { ...Object.fromEntries(entries.filter(([key]) => ABOUT_VALUES.has(key))), anyOf };
}

/** References point to `definitions`; the bounds that only say "a safe integer" go. */
export function tidyJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidyJsonSchema);
  if (typeof value !== 'object' || value === null) return value;
  const { type } = value as { type?: unknown };
  if (Array.isArray(type)) return tidyJsonSchema(splitTypes({ ...value, type }));
  const entries = Object.entries(value).filter(([key, each]) => !isSafeIntegerBound(key, each) && key !== '$schema');
  return Object.fromEntries(
    entries.map(([key, each]) => [
      key,
      key === '$ref' && typeof each === 'string' ? each.replace('#/$defs/', '#/definitions/') : tidyJsonSchema(each),
    ]),
  );
}

function isSafeIntegerBound(key: string, value: unknown): boolean {
  return (key === 'maximum' && value === Number.MAX_SAFE_INTEGER) || (key === 'minimum' && value === Number.MIN_SAFE_INTEGER);
}
