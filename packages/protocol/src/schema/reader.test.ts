import { describe, expect, it } from 'vitest';
import { contract } from '../contract.ts';
import type { JsonSchema } from './json-schema.ts';
import { SchemaCompiler } from './reader.ts';

const ID = '0f3c9a52-1b8e-4d4e-9a67-2c1f0b7d5e11';

function read(schema: JsonSchema, value: unknown, components: Record<string, JsonSchema> = {}) {
  return new SchemaCompiler(components).compile(schema, 'body')(value);
}

describe('what comes in is brought to its canonical form', () => {
  it.each<[string, JsonSchema, unknown, unknown]>([
    ['numbers in strings', { type: 'integer' }, ' 12 ', 12],
    ['whole floats', { type: 'integer' }, 3, 3],
    ['numbers', { type: 'number' }, '1.5', 1.5],
    ['booleans in words', { type: 'boolean' }, 'yes', true],
    ['ids without dashes', { type: 'string', format: 'uuid' }, ID.replaceAll('-', '').toUpperCase(), ID],
    ['times of other zones', { type: 'string', format: 'date-time' }, '2026-01-01T02:00:00+02:00', '2026-01-01T00:00:00Z'],
    ['times in seconds', { type: 'string', format: 'date-time' }, 0, '1970-01-01T00:00:00Z'],
    [
      'times that keep their zones',
      { type: 'string', format: 'date-time', 'x-keeps-offset': true },
      '2026-01-01T02:00:00+02:00',
      '2026-01-01T02:00:00+02:00',
    ],
    ['durations in ISO 8601', { type: 'string', format: 'duration' }, 'PT1H30M', 5400],
    ['sets', { type: 'array', uniqueItems: true, items: { type: 'string' } }, ['a', 'a'], ['a']],
    ['null', { anyOf: [{ type: 'string' }, { type: 'null' }] }, null, null],
    ['the type that fits best', { anyOf: [{ type: 'boolean' }, { type: 'integer' }, { type: 'string' }] }, 1, 1],
    ['defaults', { type: 'object', properties: { a: { type: 'integer', default: 3 } } }, {}, { a: 3 }],
    [
      'a default that is a text of a duration',
      { type: 'object', properties: { a: { type: 'string', format: 'duration', default: 'PT1M' } } },
      {},
      { a: 60 },
    ],
    ['unknown members', { type: 'object', properties: { a: { type: 'integer' } } }, { a: 1, b: 2 }, { a: 1 }],
    ['free members', { type: 'object', properties: {}, additionalProperties: true }, { b: 2 }, { b: 2 }],
  ])('%s', (_, schema, value, expected) => {
    expect(read(schema, value)).toEqual({ ok: true, value: expected });
  });

  it('gives every caller its own default', () => {
    const schema: JsonSchema = { type: 'object', properties: { tags: { type: 'array', default: [] } } };
    const compile = new SchemaCompiler({}).compile(schema, 'body');
    const [a, b] = [compile({}), compile({})];
    expect(a).toEqual(b);
    expect(a.ok && b.ok && (a.value as { tags: [] }).tags !== (b.value as { tags: [] }).tags).toBe(true);
  });
});

describe('what is wrong is told with its place', () => {
  const item = (type: string, loc: (string | number)[], msg?: string) => ({ type, loc, ...(msg ? { msg } : {}) });
  it.each<[string, JsonSchema, unknown, object]>([
    ['missing', { type: 'object', properties: { a: {} }, required: ['a'] }, {}, item('missing', ['body', 'a'], 'Field required')],
    [
      'extra',
      { type: 'object', properties: {}, additionalProperties: false },
      { x: 1 },
      item('extra_forbidden', ['body', 'x'], 'Extra inputs are not permitted'),
    ],
    ['enum', { enum: ['a', 'b', 'c'] }, 'd', item('enum', ['body'], "Input should be 'a', 'b' or 'c'")],
    ['literal', { const: 'a' }, 'd', item('literal_error', ['body'], "Input should be 'a'")],
    ['fraction', { type: 'integer' }, 1.5, item('int_from_float', ['body'])],
    ['text for a number', { type: 'integer' }, 'x', item('int_parsing', ['body'])],
    ['too small', { type: 'integer', minimum: 0 }, -1, { ...item('greater_than_equal', ['body']), ctx: { ge: 0 } }],
    ['too large', { type: 'integer', maximum: 5 }, 9, { ...item('less_than_equal', ['body']), ctx: { le: 5 } }],
    ['too long', { type: 'array', maxItems: 1 }, [1, 2], item('too_long', ['body'])],
    [
      'pattern',
      { type: 'string', pattern: '^a$' },
      'b',
      item('string_pattern_mismatch', ['body'], "String should match pattern '^a$'"),
    ],
    ['deep inside', { type: 'array', items: { type: 'boolean' } }, [true, {}], item('bool_type', ['body', 1])],
    ['no object', { type: 'object', properties: {} }, [], item('model_attributes_type', ['body'])],
    ['no id', { type: 'string', format: 'uuid' }, 'x', item('uuid_parsing', ['body'])],
    ['no time', { type: 'string', format: 'date-time' }, 'x', item('datetime_from_date_parsing', ['body'])],
  ])('%s', (_, schema, value, expected) => {
    const outcome = read(schema, value);
    expect(outcome.ok ? [] : outcome.issues).toMatchObject([expected]);
  });

  it('in every alternative, when none fits', () => {
    const outcome = read({ anyOf: [{ type: 'integer' }, { type: 'boolean' }] }, {});
    expect(outcome.ok ? [] : outcome.issues.map(({ loc }) => loc)).toEqual([
      ['body', 'int'],
      ['body', 'bool'],
    ]);
  });
});

describe('the contract document', () => {
  it('compiles: every body and parameter of every operation', () => {
    const compiler = new SchemaCompiler(contract.components.schemas);
    for (const methods of Object.values(contract.paths))
      for (const operation of Object.values(methods)) {
        for (const { schema } of Object.values(operation.requestBody?.content ?? {})) compiler.compile(schema, 'body')({});
        for (const { schema } of operation.parameters ?? []) compiler.compile(schema, 'query')('x');
      }
  });

  it('reads objects that refer to each other in circles', () => {
    const components: Record<string, JsonSchema> = {
      Tree: { type: 'object', properties: { children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } } },
    };
    const value = { children: [{ children: [] }] };
    expect(read({ $ref: '#/components/schemas/Tree' }, value, components)).toEqual({ ok: true, value });
  });
});
