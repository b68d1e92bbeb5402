import type { StandardSchemaV1 } from '@standard-schema/spec';

/** A JSON Schema object. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Writes the schema of a validation library as JSON Schema. */
export type JsonSchemaConverter = (schema: StandardSchemaV1) => JsonSchema;

/** What a deployment tells of its parameters (contract, SDK 4.2). */
export interface ParameterSchema {
  readonly title: 'Parameters';
  readonly type: 'object';
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
}

const converters = new Map<string, JsonSchemaConverter>();

/** Teaches the package to write the schemas of a library (its `~standard.vendor`) that cannot do so itself. */
export function registerJsonSchema(vendor: string, convert: JsonSchemaConverter): void {
  converters.set(vendor, convert);
}

/**
 * The parameter schema of a flow, with titles and positions as the dashboard and the Python command line read them.
 *
 * @returns undefined when the library of the schema cannot write JSON Schema
 */
export function parameterSchemaOf(schema: StandardSchemaV1 | undefined, given?: JsonSchema): ParameterSchema | undefined {
  if (given) return normalize(given);
  if (!schema) return normalize({});
  const written = writeJsonSchema(schema);
  return written && normalize(written);
}

function writeJsonSchema(schema: StandardSchemaV1): JsonSchema | undefined {
  const standard = schema['~standard'];
  if ('jsonSchema' in standard) {
    const converter = standard.jsonSchema as { input(options: { target: string }): JsonSchema };
    return converter.input({ target: 'draft-07' });
  }
  return converters.get(standard.vendor)?.(schema);
}

function normalize(schema: JsonSchema): ParameterSchema {
  const {
    properties = {},
    required = [],
    $defs,
    definitions = $defs,
  } = schema as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
    $defs?: Record<string, JsonSchema>;
    definitions?: Record<string, JsonSchema>;
  };
  const titled = Object.entries(properties).map(([name, property], position) => [
    name,
    { title: name, ...(normalizeInside(property) as JsonSchema), position },
  ]);
  const defined = Object.entries(definitions ?? {}).map(([name, each]) => [
    name,
    { title: name, ...(normalizeInside(each) as JsonSchema) },
  ]);
  const needed = required.filter((name) => !('default' in (properties[name] ?? {})));
  return {
    title: 'Parameters',
    type: 'object',
    properties: Object.fromEntries(titled),
    ...(needed.length > 0 ? { required: needed } : {}),
    ...(defined.length > 0 ? { definitions: Object.fromEntries(defined) } : {}),
  };
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
function normalizeInside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalizeInside);
  if (typeof value !== 'object' || value === null) return value;
  const { type } = value as { type?: unknown };
  if (Array.isArray(type)) return normalizeInside(splitTypes({ ...value, type }));
  const entries = Object.entries(value).filter(([key, each]) => !isSafeIntegerBound(key, each) && key !== '$schema');
  return Object.fromEntries(
    entries.map(([key, each]) => [
      key,
      key === '$ref' && typeof each === 'string' ? each.replace('#/$defs/', '#/definitions/') : normalizeInside(each),
    ]),
  );
}

function isSafeIntegerBound(key: string, value: unknown): boolean {
  return (key === 'maximum' && value === Number.MAX_SAFE_INTEGER) || (key === 'minimum' && value === Number.MIN_SAFE_INTEGER);
}
