import type { Schema } from './json-schema.ts';

/** How a schema is read before values are checked against it. */
export interface SchemaReading {
  /** Leave out every `required`. */
  ignoreRequired?: boolean;
  /** Let null stand for a property's default, as job variables do. */
  allowNullWithDefault?: boolean;
}

/**
 * A copy of a schema in the form that values are checked against: what need not be given may also be null, lists of `items` are tuples,
 * and a block may be given by reference (contract, orchestration 10.2).
 */
export function preprocessSchema(
  schema: Schema,
  { ignoreRequired = false, allowNullWithDefault = false }: SchemaReading = {},
): Schema {
  const copy = structuredClone(schema);
  relaxProperties(copy, allowNullWithDefault);
  if (isObject(copy.definitions)) {
    for (const [name, definition] of Object.entries(copy.definitions)) {
      if (!isObject(definition)) continue;
      relaxProperties(definition, allowNullWithDefault);
      if ('block_type_slug' in definition) copy.definitions[name] = { oneOf: [definition, BLOCK_REFERENCE] };
    }
  }
  return ignoreRequired ? (withoutRequired(copy) as Schema) : copy;
}

const BLOCK_REFERENCE: Schema = {
  type: 'object',
  properties: {
    $ref: {
      oneOf: [
        { type: 'string', format: 'uuid' },
        { type: 'object', additionalProperties: { type: 'string' }, minProperties: 1 },
      ],
    },
  },
  required: ['$ref'],
};

function relaxProperties(schema: Schema, allowNullWithDefault: boolean): void {
  const required = Array.isArray(schema.required) ? schema.required : [];
  if (!isObject(schema.properties)) return;
  for (const [name, property] of Object.entries(schema.properties)) {
    if (!isObject(property)) continue;
    if (Array.isArray(property.items)) {
      property.prefixItems = property.items;
      delete property.items;
    }
    relaxProperties(property, allowNullWithDefault);
    const { type } = property;
    if (required.includes(name) || typeof type !== 'string' || type === 'null') continue;
    if ('default' in property && !allowNullWithDefault) continue;
    delete property.type;
    property.anyOf = [{ type }, { type: 'null' }];
  }
}

function withoutRequired(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutRequired);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key, item]) => key !== 'required' || !Array.isArray(item));
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutRequired(item)]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
