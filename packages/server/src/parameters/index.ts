export { findErrors } from './error-tree.ts';
export { type HydrationContext, HydrationError, hydrate } from './hydrate.ts';
export { CircularSchemaError, type Schema } from './json-schema.ts';
export type { SchemaReading } from './preprocess-schema.ts';
export { createValidator, SchemaInvalidError, ValuesInvalidError, validateSchema, validateValues } from './validate.ts';
