import type { StandardSchemaV1 } from '@standard-schema/spec';
import { ParameterTypeError } from '../errors.ts';

/**
 * Checks an input and gives it in the form that the schema makes of it: converted, with defaults.
 *
 * @param what `Flow` or `Task`, for the message
 * @throws ParameterTypeError that lists each problem with its place
 */
export async function validateInput(schema: StandardSchemaV1, input: unknown, what: 'Flow' | 'Task'): Promise<unknown> {
  const result = await schema['~standard'].validate(input ?? {});
  if (!result.issues) return result.value;
  const issues = result.issues.map(({ path = [], message }) => ({ path: path.map(keyOf), message }));
  const lines = issues.map((issue) => ` - ${issue.path.map(String).join('.') || 'input'}: ${issue.message}`);
  throw new ParameterTypeError(`${what} run received invalid parameters:\n${lines.join('\n')}`, issues);
}

function keyOf(segment: PropertyKey | StandardSchemaV1.PathSegment): PropertyKey {
  return typeof segment === 'object' ? segment.key : segment;
}
