import { bestError } from './best-error.ts';
import { type Schema, schemaErrors, UnresolvableRefError } from './json-schema.ts';
import { META_SCHEMA } from './meta-schema.ts';
import { preprocessSchema, type SchemaReading } from './preprocess-schema.ts';

/** Values that break their schema; the message is the API's. */
export class ValuesInvalidError extends Error {
  override name = 'ValuesInvalidError';
}

/** A schema that is none; the message is the API's. */
export class SchemaInvalidError extends Error {
  override name = 'SchemaInvalidError';
}

/**
 * Checks parameters or job variables against their schema.
 *
 * @throws ValuesInvalidError with the most telling error.
 * @throws CircularSchemaError
 */
export function validateValues(values: unknown, schema: Schema, reading: SchemaReading = {}): void {
  const message = findError(values, preprocessSchema(schema, reading));
  if (message !== undefined) throw new ValuesInvalidError(message);
}

function findError(values: unknown, schema: Schema): string | undefined {
  try {
    const error = bestError(schemaErrors(values, schema));
    if (!error) return undefined;
    const path = error.path
      .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
      .join('');
    return path === ''
      ? `Validation failed. Failure reason: ${error.message}`
      : `Validation failed for field '${path}'. Failure reason: ${error.message}`;
  } catch (error) {
    if (error instanceof UnresolvableRefError) return `Validation failed. Failure reason: ${error.message}`;
    throw error;
  }
}

/**
 * Checks that a value is a JSON schema.
 *
 * @throws SchemaInvalidError
 */
export function validateSchema(schema: unknown): asserts schema is Schema {
  const error = bestError(schemaErrors(schema, META_SCHEMA));
  if (error) throw new SchemaInvalidError(`Invalid schema: ${error.message}`);
  const pattern = findBadPattern(schema);
  if (pattern !== undefined) throw new SchemaInvalidError(`Invalid schema: '${pattern}' is not a 'regex'`);
}

function findBadPattern(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    if (key === 'pattern' && typeof item === 'string' && !isPattern(item)) return item;
    const nested =
      key === 'default' || key === 'enum' || key === 'const' || key === 'examples' ? undefined : findBadPattern(item);
    if (nested !== undefined) return nested;
  }
  return undefined;
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}
