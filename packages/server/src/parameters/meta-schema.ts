import type { Schema } from './json-schema.ts';

const SELF = { $ref: '#' };
const SCHEMA_MAP = { type: 'object', additionalProperties: SELF };
const SCHEMA_LIST = { type: 'array', minItems: 1, items: SELF };
const COUNT = { type: 'integer', minimum: 0 };
const NUMBER = { type: 'number' };
const TEXT = { type: 'string' };
const NAMES = { type: 'array', items: TEXT, uniqueItems: true };
const SIMPLE_TYPE = { enum: ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'] };

/** What a JSON schema must look like itself: the keywords that {@link schemaErrors} knows, each with its form. */
export const META_SCHEMA: Schema = {
  type: ['object', 'boolean'],
  properties: {
    $id: TEXT,
    $schema: TEXT,
    $ref: TEXT,
    $defs: SCHEMA_MAP,
    definitions: SCHEMA_MAP,
    title: TEXT,
    description: TEXT,
    properties: SCHEMA_MAP,
    patternProperties: SCHEMA_MAP,
    dependentSchemas: SCHEMA_MAP,
    additionalProperties: SELF,
    propertyNames: SELF,
    items: SELF,
    prefixItems: SCHEMA_LIST,
    contains: SELF,
    allOf: SCHEMA_LIST,
    anyOf: SCHEMA_LIST,
    oneOf: SCHEMA_LIST,
    not: SELF,
    if: SELF,
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
    then: SELF,
    else: SELF,
    type: { anyOf: [SIMPLE_TYPE, { type: 'array', items: SIMPLE_TYPE, minItems: 1, uniqueItems: true }] },
    enum: { type: 'array' },
    multipleOf: { type: 'number', exclusiveMinimum: 0 },
    maximum: NUMBER,
    exclusiveMaximum: NUMBER,
    minimum: NUMBER,
    exclusiveMinimum: NUMBER,
    maxLength: COUNT,
    minLength: COUNT,
    pattern: TEXT,
    maxItems: COUNT,
    minItems: COUNT,
    uniqueItems: { type: 'boolean' },
    maxContains: COUNT,
    minContains: COUNT,
    maxProperties: COUNT,
    minProperties: COUNT,
    required: NAMES,
    dependentRequired: { type: 'object', additionalProperties: NAMES },
    format: TEXT,
  },
};
