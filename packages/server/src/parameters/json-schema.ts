import { isDeepStrictEqual } from 'node:util';
import { pythonRepr as repr } from './python-repr.ts';
import { UnfilledValue } from './unfilled-value.ts';

/** One place where a value breaks its schema. */
export interface SchemaError {
  message: string;
  /** From the value that was checked; in a context, from the value of the error around it. */
  path: (string | number)[];
  keyword: string;
  schema: Schema;
  instance: unknown;
  /** For `anyOf` and `oneOf`: what each branch found wrong. */
  context: SchemaError[];
}

export type Schema = Record<string, unknown>;

/** A schema that refers to itself without an end, so that no value can be checked against it. */
export class CircularSchemaError extends Error {
  override name = 'CircularSchemaError';

  constructor() {
    super('Unable to validate schema with circular references.');
  }
}

/** A `$ref` that leads nowhere; nothing is fetched. */
export class UnresolvableRefError extends Error {
  override name = 'UnresolvableRefError';
}

/**
 * All errors of a value, in the order of the schema's keywords (JSON Schema draft 2020-12, `format` not asserted).
 *
 * The wording is that of Python's validator, because clients match on it.
 *
 * @throws CircularSchemaError
 * @throws UnresolvableRefError
 */
export function schemaErrors(instance: unknown, schema: unknown): SchemaError[] {
  return check(instance, schema, { root: schema, refs: [] });
}

interface Scope {
  root: unknown;
  /** The references followed since the last step into the value. */
  refs: string[];
}

type Keyword = (value: unknown, at: Place) => SchemaError[];

interface Place {
  instance: unknown;
  schema: Schema;
  scope: Scope;
  fail: (message: string, context?: SchemaError[]) => SchemaError[];
}

function check(instance: unknown, schema: unknown, scope: Scope): SchemaError[] {
  if (instance instanceof UnfilledValue)
    return instance.problem === null
      ? []
      : [{ message: instance.problem, path: [], keyword: '', schema: {}, instance, context: [] }];
  if (schema === true) return [];
  if (schema === false)
    return [
      { message: `False schema does not allow ${repr(instance)}`, path: [], keyword: '', schema: {}, instance, context: [] },
    ];
  if (!isObject(schema)) return [];
  const errors: SchemaError[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    const find = KEYWORDS[keyword];
    if (!find) continue;
    const fail = (message: string, context: SchemaError[] = []) => [{ message, path: [], keyword, schema, instance, context }];
    errors.push(...find(value, { instance, schema, scope, fail }));
  }
  return errors;
}

/** Checks a part of the value: its errors gain the step that leads to it. */
function checkPart(instance: unknown, schema: unknown, scope: Scope, step: string | number): SchemaError[] {
  const errors = check(instance, schema, { root: scope.root, refs: [] });
  return errors.map((error) => ({ ...error, path: [step, ...error.path] }));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is of a JSON Schema type; an integer may be written with a zero fraction. */
export function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

const forNumber = (find: (instance: number, limit: number) => string | undefined): Keyword => {
  return (limit, { instance, fail }) => {
    const message = typeof instance === 'number' && typeof limit === 'number' ? find(instance, limit) : undefined;
    return message === undefined ? [] : fail(message);
  };
};

/** A limit of a length: of a text in code points, of a list, or of an object's keys. */
const forLength = (
  type: 'string' | 'array' | 'object',
  tooFar: (length: number, limit: number) => boolean,
  words: (limit: number, length: number) => string,
): Keyword => {
  return (limit, { instance, fail }) => {
    if (!isOfType(instance, type) || typeof limit !== 'number') return [];
    const length = Array.isArray(instance)
      ? instance.length
      : typeof instance === 'string'
        ? [...instance].length
        : Object.keys(instance ?? {}).length;
    return tooFar(length, limit) ? fail(`${repr(instance)} ${words(limit, length)}`) : [];
  };
};

const below = (length: number, limit: number) => length < limit;
const above = (length: number, limit: number) => length > limit;
const tooShort = (limit: number, length: number) => (limit === 1 && length === 0 ? 'should be non-empty' : 'is too short');
const tooLong = (limit: number) => (limit === 0 ? 'is expected to be empty' : 'is too long');

const KEYWORDS: Record<string, Keyword> = {
  $ref: (ref, at) => followRef(String(ref), at),
  $dynamicRef: (ref, at) => followRef(String(ref), at),

  type: (types, { instance, fail }) => {
    const list = Array.isArray(types) ? types : [types];
    return list.some((type) => isOfType(instance, type))
      ? []
      : fail(`${repr(instance)} is not of type ${list.map(repr).join(', ')}`);
  },
  enum: (values, { instance, fail }) =>
    Array.isArray(values) && !values.some((value) => isDeepStrictEqual(value, instance))
      ? fail(`${repr(instance)} is not one of ${repr(values)}`)
      : [],
  const: (value, { instance, fail }) => (isDeepStrictEqual(value, instance) ? [] : fail(`${repr(value)} was expected`)),

  minimum: forNumber((value, limit) => (value < limit ? `${repr(value)} is less than the minimum of ${repr(limit)}` : undefined)),
  maximum: forNumber((value, limit) =>
    value > limit ? `${repr(value)} is greater than the maximum of ${repr(limit)}` : undefined,
  ),
  exclusiveMinimum: forNumber((value, limit) =>
    value <= limit ? `${repr(value)} is less than or equal to the minimum of ${repr(limit)}` : undefined,
  ),
  exclusiveMaximum: forNumber((value, limit) =>
    value >= limit ? `${repr(value)} is greater than or equal to the maximum of ${repr(limit)}` : undefined,
  ),
  multipleOf: forNumber((value, factor) =>
    Number.isInteger(value / factor) ? undefined : `${repr(value)} is not a multiple of ${repr(factor)}`,
  ),

  minLength: forLength('string', below, tooShort),
  maxLength: forLength('string', above, tooLong),
  pattern: (pattern, { instance, fail }) =>
    typeof instance === 'string' && !matches(String(pattern), instance)
      ? fail(`${repr(instance)} does not match ${repr(pattern)}`)
      : [],

  minItems: forLength('array', below, tooShort),
  maxItems: forLength('array', above, tooLong),
  uniqueItems: (wanted, { instance, fail }) =>
    wanted === true && Array.isArray(instance) && hasDuplicates(instance)
      ? fail(`${repr(instance)} has non-unique elements`)
      : [],
  prefixItems: (schemas, { instance, scope }) =>
    Array.isArray(instance) && Array.isArray(schemas)
      ? instance.slice(0, schemas.length).flatMap((item, index) => checkPart(item, schemas[index], scope, index))
      : [],
  items: (items, { instance, schema, scope, fail }) => {
    if (!Array.isArray(instance)) return [];
    const prefix = Array.isArray(schema.prefixItems) ? schema.prefixItems.length : 0;
    const rest = instance.slice(prefix);
    if (items === false && rest.length > 0) {
      const shown = rest.length === 1 ? repr(rest[0]) : repr(rest);
      return fail(`Expected at most ${prefix} ${prefix === 1 ? 'item' : 'items'} but found ${rest.length} extra: ${shown}`);
    }
    return rest.flatMap((item, index) => checkPart(item, items, scope, prefix + index));
  },
  contains: (contains, { instance, schema, scope, fail }) => {
    if (!Array.isArray(instance)) return [];
    const found = instance.filter((item) => check(item, contains, { root: scope.root, refs: [] }).length === 0).length;
    const least = typeof schema.minContains === 'number' ? schema.minContains : 1;
    if (found === 0 && least > 0) return fail(`${repr(instance)} does not contain items matching the given schema`);
    if (found < least) return fail(`Too few items match the given schema (expected at least ${least} but only ${found} matched)`);
    const most = typeof schema.maxContains === 'number' ? schema.maxContains : Number.POSITIVE_INFINITY;
    return found > most ? fail(`Too many items match the given schema (expected at most ${most})`) : [];
  },

  required: (names, { instance, fail }) =>
    isObject(instance) && Array.isArray(names)
      ? names.flatMap((name) => (Object.hasOwn(instance, name) ? [] : fail(`${repr(name)} is a required property`)))
      : [],
  minProperties: forLength('object', below, (limit, length) =>
    limit === 1 && length === 0 ? 'should be non-empty' : 'does not have enough properties',
  ),
  maxProperties: forLength('object', above, (limit) => (limit === 0 ? 'is expected to be empty' : 'has too many properties')),
  properties: (properties, { instance, scope }) =>
    isObject(instance) && isObject(properties)
      ? Object.entries(properties).flatMap(([name, schema]) =>
          Object.hasOwn(instance, name) ? checkPart(instance[name], schema, scope, name) : [],
        )
      : [],
  patternProperties: (patterns, { instance, scope }) =>
    isObject(instance) && isObject(patterns)
      ? Object.entries(patterns).flatMap(([pattern, schema]) =>
          Object.entries(instance).flatMap(([name, value]) =>
            matches(pattern, name) ? checkPart(value, schema, scope, name) : [],
          ),
        )
      : [],
  additionalProperties: (additional, { instance, schema, scope, fail }) => {
    if (!isObject(instance)) return [];
    const patterns = isObject(schema.patternProperties) ? Object.keys(schema.patternProperties) : [];
    const known = isObject(schema.properties) ? schema.properties : {};
    const extras = Object.keys(instance).filter(
      (name) => !Object.hasOwn(known, name) && !patterns.some((pattern) => matches(pattern, name)),
    );
    if (additional !== false) return extras.flatMap((name) => checkPart(instance[name], additional, scope, name));
    if (extras.length === 0) return [];
    const shown = extras.toSorted().map(repr).join(', ');
    if (patterns.length > 0)
      return fail(
        `${shown} ${extras.length === 1 ? 'does' : 'do'} not match any of the regexes: ${patterns.toSorted().map(repr).join(', ')}`,
      );
    return fail(`Additional properties are not allowed (${shown} ${extras.length === 1 ? 'was' : 'were'} unexpected)`);
  },
  propertyNames: (names, { instance, scope }) =>
    isObject(instance) ? Object.keys(instance).flatMap((name) => check(name, names, { root: scope.root, refs: [] })) : [],
  dependentRequired: (dependencies, { instance, fail }) =>
    isObject(instance) && isObject(dependencies)
      ? Object.entries(dependencies).flatMap(([name, needed]) =>
          Object.hasOwn(instance, name) && Array.isArray(needed)
            ? needed.flatMap((each) =>
                Object.hasOwn(instance, each) ? [] : fail(`${repr(each)} is a dependency of ${repr(name)}`),
              )
            : [],
        )
      : [],
  dependentSchemas: (dependencies, { instance, scope }) =>
    isObject(instance) && isObject(dependencies)
      ? Object.entries(dependencies).flatMap(([name, schema]) =>
          Object.hasOwn(instance, name) ? check(instance, schema, scope) : [],
        )
      : [],

  allOf: (schemas, { instance, scope }) => listOf(schemas).flatMap((schema) => check(instance, schema, scope)),
  anyOf: (schemas, { instance, scope, fail }) => {
    const found = listOf(schemas).map((schema) => check(instance, schema, scope));
    return found.some((errors) => errors.length === 0)
      ? []
      : fail(`${repr(instance)} is not valid under any of the given schemas`, found.flat());
  },
  oneOf: (schemas, { instance, scope, fail }) => {
    const found = listOf(schemas).map((schema) => ({ schema, errors: check(instance, schema, scope) }));
    const valid = found.filter(({ errors }) => errors.length === 0).map(({ schema }) => schema);
    if (valid.length === 0) {
      return fail(
        `${repr(instance)} is not valid under any of the given schemas`,
        found.flatMap(({ errors }) => errors),
      );
    }
    const [first, ...more] = valid;
    return more.length === 0 ? [] : fail(`${repr(instance)} is valid under each of ${[...more, first].map(repr).join(', ')}`);
  },
  not: (schema, { instance, scope, fail }) =>
    check(instance, schema, scope).length === 0 ? fail(`${repr(instance)} should not be valid under ${repr(schema)}`) : [],
  if: (condition, { instance, schema, scope }) => {
    const branch = check(instance, condition, scope).length === 0 ? schema.then : schema.else;
    return branch === undefined ? [] : check(instance, branch, scope);
  },
};

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function hasDuplicates(items: unknown[]): boolean {
  return items.some((item, index) => items.slice(0, index).some((before) => isDeepStrictEqual(before, item)));
}

const patterns = new Map<string, RegExp>();

function matches(pattern: string, text: string): boolean {
  let expression = patterns.get(pattern);
  if (!expression) {
    expression = new RegExp(pattern, 'u');
    if (patterns.size < 1000) patterns.set(pattern, expression);
  }
  return expression.test(text);
}

function followRef(ref: string, { instance, scope }: Place): SchemaError[] {
  if (scope.refs.includes(ref)) throw new CircularSchemaError();
  return check(instance, resolveRef(ref, scope.root), { root: scope.root, refs: [...scope.refs, ref] });
}

function resolveRef(ref: string, root: unknown): unknown {
  if (!/^#(\/|$)/.test(ref)) throw new UnresolvableRefError(`Unresolvable: ${ref}`);
  const pointer = decodeURIComponent(ref.slice(1));
  let found = root;
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (!((isObject(found) || Array.isArray(found)) && Object.hasOwn(found, key))) {
      throw new UnresolvableRefError(`PointerToNowhere: ${repr(pointer)} does not exist within ${repr(root)}`);
    }
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}
