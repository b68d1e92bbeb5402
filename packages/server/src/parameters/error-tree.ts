import { type HydrationContext, type HydrationError, hydrate } from './hydrate.ts';
import { type Schema, type SchemaError, schemaErrors, UnresolvableRefError } from './json-schema.ts';
import { preprocessSchema } from './preprocess-schema.ts';
import { UnfilledValue } from './unfilled-value.ts';
import { SchemaInvalidError, validateSchema } from './validate.ts';

/** What is wrong with a value, at its place: a text, or what is wrong with a part of it. */
export type ErrorTree =
  | string
  | { readonly property: string; readonly errors: ErrorTree[] }
  | { readonly index: number; readonly errors: ErrorTree[] };

export interface FormContext {
  readonly variables: HydrationContext['variables'];
  /** Throws an Error for a template that cannot be read. */
  readonly checkTemplate: (template: string) => void;
}

/**
 * Everything that is wrong with the values of a form, placeholders included, as a tree. Contract: events 2.3.
 *
 * @throws SchemaInvalidError, CircularSchemaError for schemas that nothing can be checked against.
 */
export function findErrors(values: unknown, schema: Schema, { variables, checkTemplate }: FormContext): ErrorTree[] {
  const prepared = preprocessSchema(schema);
  validateSchema(prepared);
  const filled = hydrate(values, {
    variables,
    renderTemplate: (template) => {
      checkTemplate(template);
      return new UnfilledValue(null);
    },
    onProblem: (problem: HydrationError) => new UnfilledValue(problem.message),
  });
  const problems: ErrorTree[] = [];
  for (const error of errorsOf(filled, prepared)) place(problems, pathOf(error), error.message);
  return problems;
}

function errorsOf(values: unknown, schema: Schema): SchemaError[] {
  try {
    return schemaErrors(values, schema);
  } catch (error) {
    if (error instanceof UnresolvableRefError)
      throw new SchemaInvalidError(`Invalid schema: Validation failed. Failure reason: ${error.message}`);
    throw error;
  }
}

/** A member that is missing is wrong itself, rather than the object around it. */
function pathOf({ keyword, path, message }: SchemaError): (string | number)[] {
  const [, name] = keyword === 'required' ? (/^(['"])(.*)\1 is a required property$/s.exec(message)?.slice(1) ?? []) : [];
  return name === undefined ? path : [...path, name];
}

function place(problems: ErrorTree[], [step, ...rest]: readonly (string | number)[], message: string): void {
  if (step === undefined) {
    problems.push(message);
    return;
  }
  const known = rest.length > 0 ? problems.find((problem) => isAt(problem, step)) : undefined;
  const errors = typeof known === 'object' ? known.errors : [];
  place(errors, rest, message);
  if (!known) problems.push(typeof step === 'number' ? { index: step, errors } : { property: step, errors });
}

function isAt(problem: ErrorTree, step: string | number): boolean {
  return typeof problem === 'object' && ('index' in problem ? problem.index === step : problem.property === step);
}
