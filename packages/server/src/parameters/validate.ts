import { bestError } from './best-error.ts';
import { type Schema, schemaErrors, UnresolvableRefError } from './json-schema.ts';
import { META_SCHEMA } from './meta-schema.ts';
import { preprocessSchema, type SchemaReading } from './preprocess-schema.ts';
import { pythonRepr } from './python-repr.ts';

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
  createValidator(schema, reading)(values);
}

/** Like {@link validateValues}, for checking many values against one schema. */
export function createValidator(schema: Schema, reading: SchemaReading = {}): (values: unknown) => void {
  const preprocessed = preprocessSchema(schema, reading);
  return (values) => {
    const message = findError(values, preprocessed);
    if (message !== undefined) throw new ValuesInvalidError(message);
  };
}

function findError(values: unknown, schema: Schema): string | undefined {
  try {
    const error = bestError(schemaErrors(values, schema));
    if (!error) return undefined;
    const field = formatPath(error.path);
    return `Validation failed${field && ` for field ${pythonRepr(field)}`}. Failure reason: ${error.message}`;
  } catch (error) {
    if (error instanceof UnresolvableRefError) return `Validation failed. Failure reason: ${error.message}`;
    throw error;
  }
}

/** `field.sub[0]`; a name that is no plain word stands in brackets. */
function formatPath(path: (string | number)[]): string {
  const steps = path.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    return /^[a-zA-Z][a-zA-Z0-9_]*$/.test(step) ? `.${step}` : `['${step.replaceAll(/['\\]/g, '\\$&')}']`;
  });
  return steps.length === 0 ? '' : `$${steps.join('')}`.replace('$.', '');
}

/**
 * Checks that a value is a JSON schema.
 *
 * @throws SchemaInvalidError
 */
export function validateSchema(schema: unknown): asserts schema is Schema {
  const text = JSON.stringify(schema);
  if (soundSchemas.has(text)) return;
  const error = bestError(schemaErrors(schema, META_SCHEMA));
  if (error) throw new SchemaInvalidError(`Invalid schema: ${error.message}`);
  const pattern = findBadPattern(schema);
  if (pattern !== undefined) throw new SchemaInvalidError(`Invalid schema: ${pythonRepr(pattern)} is not a 'regex'`);
  if (soundSchemas.size >= MOST_SOUND_SCHEMAS) soundSchemas.clear();
  soundSchemas.add(text);
}

/** Schemas found sound, as text: each run of a deployment asks again for that of its work pool. */
const soundSchemas = new Set<string>();
const MOST_SOUND_SCHEMAS = 200;

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
