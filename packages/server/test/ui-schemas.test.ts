import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectContract } from './contract.ts';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  await server.request('POST', '/variables/', { name: 'five', value: 5 });
});
afterAll(() => server.stop());

const integer = { type: 'integer' };
const schema = {
  type: 'object',
  properties: {
    a: integer,
    b: { type: 'string' },
    l: { type: 'array', items: integer },
    o: { type: 'object', properties: { x: integer }, required: ['x'] },
    d: { type: 'integer', default: 1 },
  },
  required: ['b'],
};

async function validate(values: object, against: object = schema) {
  const answer = await server.request<{ errors: unknown[]; valid: boolean }>('POST', '/ui/schemas/validate', {
    schema: against,
    values,
  });
  if (answer.status === 200) {
    expectContract('POST /ui/schemas/validate', answer.body);
    expect(answer.body.valid).toBe(answer.body.errors.length === 0);
  }
  return answer;
}

const errorsOf = async (values: object, against?: object) => (await validate(values, against)).body.errors;
const placeholder = (kind: string, members: object = {}) => ({ __prefect_kind: kind, ...members });

// What the reference answered.
describe('values that somebody fills in for a schema', () => {
  it('are told what is wrong with them, where it is', async () => {
    expect(await errorsOf({ b: 's', a: null, d: 2 })).toEqual([]);
    expect(await errorsOf({})).toEqual([{ property: 'b', errors: ["'b' is a required property"] }]);
    expect(await errorsOf({ a: 'x', l: ['z', 1, 'y'], o: {} })).toEqual([
      { property: 'a', errors: ["'x' is not valid under any of the given schemas"] },
      {
        property: 'l',
        errors: [
          { index: 0, errors: ["'z' is not of type 'integer'"] },
          { index: 2, errors: ["'y' is not of type 'integer'"] },
        ],
      },
      { property: 'o', errors: [{ property: 'x', errors: ["'x' is a required property"] }] },
      { property: 'b', errors: ["'b' is a required property"] },
    ]);
    expect(await errorsOf({ x: 1, y: 2 }, { type: 'object', additionalProperties: false })).toEqual([
      "Additional properties are not allowed ('x', 'y' were unexpected)",
    ]);
    const narrow = { type: 'object', properties: { a: { type: 'integer', minimum: 5, maximum: 3 } } };
    expect(await errorsOf({ a: 4 }, narrow)).toEqual([
      { property: 'a', errors: ['4 is less than the minimum of 5'] },
      { property: 'a', errors: ['4 is greater than the maximum of 3'] },
    ]);
  });

  it('may hold placeholders: each is checked as far as it is known', async () => {
    const errorOfB = async (b: object) => (await errorsOf({ b })).map((error) => (error as { errors: unknown[] }).errors[0]);
    expect(await errorOfB(placeholder('json', { value: '"fine"' }))).toEqual([]);
    expect(await errorOfB(placeholder('jinja', { template: '{{ x }}' }))).toEqual([]);
    expect(await errorsOf({ b: 's', a: placeholder('jinja', { template: '{{ x }}' }) })).toEqual([]);
    expect(await errorsOf({ b: 's', a: placeholder('json', { value: placeholder('jinja', { template: '{{ x }}' }) }) })).toEqual(
      [],
    );
    expect(await errorOfB(placeholder('workspace_variable', { variable_name: 'five' }))).toEqual(["5 is not of type 'string'"]);
    expect(await errorOfB(placeholder('workspace_variable', { variable_name: 'six' }))).toEqual([
      "Variable 'six' not found in workspace.",
    ]);
    expect(await errorOfB(placeholder('json', { value: '{bad' }))).toEqual([
      'Invalid JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)',
    ]);
    expect(await errorOfB(placeholder('jinja', { template: '{{ x ' }))).toEqual([expect.stringMatching(/^Invalid jinja: /)]);
    expect(await errorOfB(placeholder('none'))).toEqual(["Missing 'value' key in __prefect object"]);
    expect(await errorOfB(placeholder('json'))).toEqual(["'b' is a required property"]);
    const nested = { b: 's', l: [placeholder('json', { value: '[' }), 1], o: { x: placeholder('none') } };
    expect(await errorsOf(nested)).toEqual([
      { property: 'l', errors: [{ index: 0, errors: [expect.stringMatching(/^Invalid JSON/)] }] },
      { property: 'o', errors: [{ property: 'x', errors: ["Missing 'value' key in __prefect object"] }] },
    ]);
  });

  it('are not looked at when their schema is none', async () => {
    const refused = (detail: string) => expect.objectContaining({ status: 422, body: { detail: `Invalid schema: ${detail}` } });
    const bogus = { type: 'object', properties: { a: { type: 'bogus' } } };
    expect(await validate({}, bogus)).toEqual(refused("'bogus' is not valid under any of the given schemas"));
    const circular = { properties: { a: { $ref: '#/definitions/A' } }, definitions: { A: { $ref: '#/definitions/A' } } };
    expect(await validate({ a: 1 }, circular)).toEqual(refused('Unable to validate schema with circular references.'));
    expect((await validate({ a: 1 }, { properties: { a: { $ref: '#/definitions/Z' } } })).status).toBe(422);
    const { status, body } = await server.request('POST', '/ui/schemas/validate', { schema: {} });
    expect(status).toBe(422);
    expect(body).toMatchObject({ exception_detail: [{ type: 'missing', loc: ['body', 'values'], input: null }] });
  });
});
