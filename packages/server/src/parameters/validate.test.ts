import { expect, test } from 'vitest';
import {
  CircularSchemaError,
  type Schema,
  SchemaInvalidError,
  type SchemaReading,
  ValuesInvalidError,
  validateSchema,
  validateValues,
} from './index.ts';
import cases from './validate.cases.json' with { type: 'json' };

/** Each case with the message that Python's validator gives for it; null where the values are valid. */
const CASES: { schema: Schema; values: unknown; reading?: SchemaReading; message: string | null }[] = cases;

test.each(CASES)('$values: $message', ({ schema, values, reading, message }) => {
  const before = structuredClone(schema);
  let found: string | null = null;
  try {
    validateValues(values, schema, reading);
  } catch (error) {
    expect(error).toBeInstanceOf(ValuesInvalidError);
    found = (error as Error).message;
  }
  expect(found).toBe(message);
  expect(schema).toEqual(before);
});

test('a schema that refers to itself without end is an error of its own', () => {
  const schema = {
    type: 'object',
    properties: { a: { $ref: '#/definitions/B' } },
    definitions: { B: { $ref: '#/definitions/B' } },
  };
  expect(() => validateValues({ a: 1 }, schema)).toThrow(CircularSchemaError);
  expect(() => validateValues({ a: 1 }, schema)).toThrow('Unable to validate schema with circular references.');
});

test('a schema may describe trees by referring to itself', () => {
  const node = { type: 'object', properties: { next: { $ref: '#/definitions/Node' } }, title: 'Node' };
  const schema = { type: 'object', properties: { a: { $ref: '#/definitions/Node' } }, definitions: { Node: node } };
  expect(() => validateValues({ a: { next: { next: {} } } }, schema)).not.toThrow();
  expect(() => validateValues({ a: { next: { next: 3 } } }, schema)).toThrow(
    "Validation failed for field 'a.next.next'. Failure reason: 3 is not of type 'object'",
  );
});

test.each([
  ['#/definitions/X', /^Validation failed\. Failure reason: PointerToNowhere: '\/definitions\/X' does not exist within \{/],
  ['http://example.com/x', /^Validation failed\. Failure reason: Unresolvable: http:\/\/example\.com\/x$/],
])('the reference %s leads nowhere and nothing is fetched', ($ref, message) => {
  expect(() => validateValues({ a: 1 }, { type: 'object', properties: { a: { $ref } } })).toThrow(message);
});

test.each([
  [{ type: 'strange' }, "'strange' is not valid under any of the given schemas"],
  [{ properties: { a: { type: 'strange' } } }, "'strange' is not valid under any of the given schemas"],
  [{ required: 'a' }, "'a' is not of type 'array'"],
  [{ minimum: 'x' }, "'x' is not of type 'number'"],
  [{ enum: 5 }, "5 is not of type 'array'"],
  [{ pattern: '(' }, "'(' is not a 'regex'"],
  [[], "[] is not of type 'object', 'boolean'"],
])('%j is no schema', (schema, reason) => {
  expect(() => validateSchema(schema)).toThrow(new SchemaInvalidError(`Invalid schema: ${reason}`));
});
