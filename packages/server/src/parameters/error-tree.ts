import { hydrateToCheck } from './hydrate-to-check.ts';
import { type Schema, type SchemaError, schemaErrors, UnresolvableRefError } from './json-schema.ts';
import { preprocessSchema } from './preprocess-schema.ts';
import { pythonRepr } from './python-repr.ts';
import { SchemaInvalidError, validateSchema } from './validate.ts';

/** What is wrong with values, where: a text, or the errors of a member or an element. */
export type ErrorTree =
  | string
  | { readonly property: string; readonly errors: ErrorTree[] }
  | { readonly index: number; readonly errors: ErrorTree[] };

/**
 * Everything that is wrong with values that somebody fills in for a schema, placeholders included (contract, events 2.3).
 *
 * @throws SchemaInvalidError
 * @throws CircularSchemaError
 */
export function findErrors(
  given: Record<string, unknown>,
  schema: Schema,
  context: Parameters<typeof hydrateToCheck>[1],
): ErrorTree[] {
  const { values, unfilled } = hydrateToCheck(given, context);
  const preprocessed = preprocessSchema(schema);
  validateSchema(preprocessed);
  const gaps = unfilled.map(({ path }) => JSON.stringify(path));
  const tree: ErrorTree[] = [];
  for (const error of allErrors(values, preprocessed))
    if (!gaps.includes(JSON.stringify(error.path))) place(tree, placeOf(error), error.message);
  for (const { path, message } of unfilled) if (message !== null) place(tree, path, message);
  return tree;
}

function allErrors(values: unknown, schema: Schema): SchemaError[] {
  try {
    return schemaErrors(values, schema);
  } catch (error) {
    if (!(error instanceof UnresolvableRefError)) throw error;
    throw new SchemaInvalidError(`Invalid schema: Validation failed. Failure reason: ${error.message}`);
  }
}

/** A member that is missing is told where it should be. */
function placeOf({ keyword, schema, path, message }: SchemaError): (string | number)[] {
  if (keyword !== 'required' || !Array.isArray(schema.required)) return path;
  const missing = schema.required.find((name) => message === `${pythonRepr(name)} is a required property`);
  return typeof missing === 'string' ? [...path, missing] : path;
}

/** Errors below one member share its branch; each error is a leaf of its own. */
function place(tree: ErrorTree[], path: readonly (string | number)[], message: string): void {
  const [step, ...rest] = path;
  if (step === undefined) {
    tree.push(message);
    return;
  }
  const known = rest.length === 0 ? undefined : tree.find((node) => typeof node === 'object' && stepOf(node) === step);
  const branch = typeof known === 'object' ? known : branchFor(step);
  if (!known) tree.push(branch);
  place(branch.errors, rest, message);
}

function branchFor(step: string | number): Exclude<ErrorTree, string> {
  return typeof step === 'number' ? { index: step, errors: [] } : { property: step, errors: [] };
}

function stepOf(node: Exclude<ErrorTree, string>): string | number {
  return 'property' in node ? node.property : node.index;
}
