import type { StandardSchemaV1 } from '@standard-schema/spec';
import { type JsonSchema, tidyJsonSchema, writeJsonSchema } from './json-schema.ts';

/** What a deployment tells of its parameters (contract, SDK 4.2). */
export interface ParameterSchema {
  readonly title: 'Parameters';
  readonly type: 'object';
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
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
    { title: name, ...(tidyJsonSchema(property) as JsonSchema), position },
  ]);
  const defined = Object.entries(definitions ?? {}).map(([name, each]) => [
    name,
    { title: name, ...(tidyJsonSchema(each) as JsonSchema) },
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
