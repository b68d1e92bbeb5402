import { describe, expect, it } from 'vitest';
import { isOfKind, orderedProperties, resolveField, type Schema, startValue } from './schema.ts';
import { changedValues, checkValues, defaultValues } from './values.ts';

const root: Schema = {
  definitions: { Region: { enum: ['eu', 'us'] }, Node: { type: 'object', properties: { next: { $ref: '#/definitions/Node' } } } },
};
const kindOf = (schema: Schema) => resolveField(schema, root).field.kind;

describe('the widget of a schema', () => {
  it.each<[string, Schema, string]>([
    ['a string', { type: 'string' }, 'text'],
    ['an integer', { type: 'integer' }, 'number'],
    ['a boolean', { type: 'boolean' }, 'boolean'],
    ['an enumeration', { enum: ['a', 'b'] }, 'choice'],
    ['one of constants', { oneOf: [{ const: 1 }, { const: 2 }] }, 'choice'],
    ['a reference', { allOf: [{ $ref: '#/definitions/Region' }] }, 'choice'],
    ['an instant', { type: 'string', format: 'date-time' }, 'date-time'],
    ['a list of scalars', { type: 'array', items: { type: 'string' } }, 'list'],
    ['a list of objects', { type: 'array', items: { type: 'object', properties: { a: {} } } }, 'list'],
    ['a list of anything', { type: 'array', items: {} }, 'json'],
    ['names with values', { type: 'object', additionalProperties: { type: 'string' } }, 'map'],
    ['a time of day', { type: 'string', format: 'time' }, 'time'],
    ['an object with members', { type: 'object', properties: { a: { type: 'string' } } }, 'object'],
    ['an object without members', { type: 'object' }, 'json'],
    ['a union of types', { anyOf: [{ type: 'string' }, { type: 'integer' }] }, 'union'],
    ['a union with something unknown', { anyOf: [{ type: 'string' }, {}] }, 'json'],
    ['nothing said', {}, 'json'],
    ['an unknown reference', { $ref: '#/definitions/Missing' }, 'json'],
  ])('of %s', (_, schema, kind) => expect(kindOf(schema)).toBe(kind));

  it('of a type or null is that of the type, and null is a value of its own', () => {
    expect(resolveField({ anyOf: [{ type: 'integer' }, { type: 'null' }], title: 'N' }, root)).toMatchObject({
      field: { kind: 'number', integer: true },
      schema: { title: 'N' },
      nullable: true,
    });
    expect(resolveField({ type: ['string', 'null'] }, root)).toMatchObject({ field: { kind: 'text' }, nullable: true });
  });

  it('of a schema that holds itself ends in JSON', () => {
    expect(resolveField({ $ref: '#/definitions/Node' }, root).field.kind).toBe('object');
    expect(resolveField({ $ref: '#/definitions/Node' }, root, 7).field.kind).toBe('json');
  });
});

describe('parameters', () => {
  it('are ordered by position, then as they stand', () => {
    const schema: Schema = { properties: { c: {}, b: { position: 1 }, a: { position: 0 } } };
    expect(orderedProperties(schema).map(([name]) => name)).toEqual(['a', 'b', 'c']);
  });

  it('begin with their default, null or an empty value', () => {
    expect(startValue({ type: 'string', default: 'x' }, root)).toBe('x');
    expect(startValue({ anyOf: [{ type: 'string' }, { type: 'null' }] }, root)).toBeNull();
    expect(startValue({ type: 'array', items: { type: 'string' } }, root)).toEqual([]);
  });
});

describe('the values of a form', () => {
  const form: Schema = {
    required: ['day'],
    properties: {
      day: { type: 'string', format: 'date-time' },
      pages: { type: 'integer', minimum: 1, maximum: 9, default: 3 },
      region: { enum: ['eu', 'us'] },
      note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    },
  };

  it.each<[string, Record<string, unknown>, Record<string, string>]>([
    ['what is required and missing', {}, { day: 'A value is needed' }],
    ['a date that is none', { day: 'soon' }, { day: 'This must be a date' }],
    ['a number with a fraction', { day: '2026-01-01T00:00:00Z', pages: 1.5 }, { pages: 'This must be a whole number' }],
    ['a number out of bounds', { day: '2026-01-01T00:00:00Z', pages: 10 }, { pages: 'This must be 9 or less' }],
    [
      'a choice that is not offered',
      { day: '2026-01-01T00:00:00Z', region: 'mars' },
      { region: 'This is not one of the choices' },
    ],
    ['nothing when null is allowed', { day: '2026-01-01T00:00:00Z', note: null }, {}],
  ])('are refused for %s', (_, values, problems) => expect(checkValues(form, values)).toEqual(problems));

  it('are sent only where they differ from the defaults', () => {
    const defaults = defaultValues(form, { region: 'us' });
    expect(defaults).toEqual({ pages: 3, region: 'us' });
    expect(changedValues(defaults, { pages: 3, region: 'eu', note: null, day: undefined })).toEqual({ region: 'eu', note: null });
  });
});

describe('the kind of a value', () => {
  it.each<[unknown, Schema, boolean]>([
    ['x', { type: 'string' }, true],
    [1, { type: 'string' }, false],
    [1.5, { type: 'integer' }, false],
    [null, { anyOf: [{ type: 'string' }, { type: 'null' }] }, true],
    [null, { type: 'string' }, false],
    [{ a: 1 }, { type: 'object', properties: { a: {} }, required: ['a'] }, true],
    [{ b: 1 }, { type: 'object', properties: { a: {} }, required: ['a'] }, false],
    [['a'], { type: 'array', items: { type: 'string' } }, true],
    ['us', { $ref: '#/definitions/Region' }, true],
    ['moon', { $ref: '#/definitions/Region' }, false],
  ])('%j against %j: %s', (value, schema, expected) => expect(isOfKind(value, schema, root)).toBe(expected));
});

it('a block inside of a form is referred to', () => {
  const schema: Schema = { type: 'object', block_type_slug: 'secret', properties: { value: { type: 'string' } } };
  expect(resolveField(schema, root, 1).field).toEqual({ kind: 'block', slug: 'secret' });
  expect(resolveField(schema, root).field.kind).toBe('object');
});
