import type { StandardSchemaV1 } from '@standard-schema/spec';
import { ParameterTypeError } from '../errors.ts';

/**
 * Checks an input and gives it in the form that the schema makes of it: converted, with defaults.
 *
 * @param what `Flow` or `Task`, for the message
 * @throws ParameterTypeError that lists each problem with its place
 */
export function validateInput(schema: StandardSchemaV1, input: unknown, what: 'Flow' | 'Task'): Promise<unknown> {
  return check(schema, input ?? {}, `${what} run received invalid parameters:`, 'input');
}

/**
 * Checks a value from outside a run, such as a variable or the answer of a person.
 *
 * @param what how the message calls the value
 * @throws ParameterTypeError that lists each problem with its place
 */
export function checkValue<S extends StandardSchemaV1>(
  schema: S,
  value: unknown,
  what: string,
): Promise<StandardSchemaV1.InferOutput<S>> {
  return check(schema, value, `${what} does not fit its schema:`, 'value');
}

async function check(schema: StandardSchemaV1, value: unknown, problem: string, whole: string): Promise<unknown> {
  const result = await schema['~standard'].validate(value);
  if (!result.issues) return result.value;
  const issues = result.issues.map(({ path = [], message }) => ({ path: path.map(keyOf), message }));
  const lines = issues.map((issue) => ` - ${issue.path.map(String).join('.') || whole}: ${issue.message}`);
  throw new ParameterTypeError(`${problem}\n${lines.join('\n')}`, issues);
}

function keyOf(segment: PropertyKey | StandardSchemaV1.PathSegment): PropertyKey {
  return typeof segment === 'object' ? segment.key : segment;
}
