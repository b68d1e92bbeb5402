import { isOfType, type SchemaError } from './json-schema.ts';

/**
 * The one error to tell: the shallowest, and inside `anyOf` and `oneOf` the deepest of the branches when one stands out.
 *
 * The choice is that of Python's validator (contract, orchestration 10.2).
 *
 * @returns the error with its path from the checked value on, or undefined when there is none.
 */
export function bestError(errors: SchemaError[]): SchemaError | undefined {
  let [best] = errors.toSorted((a, b) => compare(b, a));
  if (!best) return undefined;
  const path = [...best.path];
  while (best.context.length > 0) {
    const [least, second]: SchemaError[] = best.context.toSorted(compare);
    if (!least || (second && compare(least, second) === 0)) break;
    best = least;
    path.push(...best.path);
  }
  return { ...best, path };
}

/** Positive when the first error is the more relevant one. */
function compare(a: SchemaError, b: SchemaError): number {
  return (
    b.path.length - a.path.length ||
    comparePaths(a.path, b.path) ||
    Number(isStrong(a)) - Number(isStrong(b)) ||
    Number(!matchesType(a)) - Number(!matchesType(b))
  );
}

function comparePaths(a: (string | number)[], b: (string | number)[]): number {
  for (const [index, step] of a.entries()) {
    const other = b[index];
    if (other === undefined || step === other) continue;
    return step > other ? 1 : -1;
  }
  return 0;
}

function isStrong({ keyword }: SchemaError): boolean {
  return keyword !== 'anyOf' && keyword !== 'oneOf';
}

function matchesType({ schema, instance }: SchemaError): boolean {
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  return schema.type !== undefined && types.some((type) => isOfType(instance, type));
}
