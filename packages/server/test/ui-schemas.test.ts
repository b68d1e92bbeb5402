import { afterAll, beforeAll, expect, it } from 'vitest';
import cases from '../src/parameters/error-tree.cases.json' with { type: 'json' };
import { expectContract } from './contract.ts';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  await server.request('POST', '/variables/', { name: 'v', value: 5 });
});
afterAll(() => server.stop());

const validate = (schema: unknown, values: unknown) => server.request('POST', '/ui/schemas/validate', { schema, values });

it.each(cases.map(({ schema, values, answer }) => [JSON.stringify(values), JSON.stringify(schema), answer] as const))(
  'finds in %s by %s what the reference finds',
  async (values, schema, answer) => {
    const { status, body } = await validate(JSON.parse(schema), JSON.parse(values));
    expect({ status, body }).toEqual({ status: 'detail' in answer ? 422 : 200, body: answer });
    if (status === 200) expectContract('POST /ui/schemas/validate', body);
  },
);

it('finds templates that cannot be read', async () => {
  const schema = { type: 'object', properties: { x: { type: 'integer' } }, required: ['x'] };
  const { body } = await validate(schema, { x: { __prefect_kind: 'jinja', template: '{{ a' } });
  expect(body).toMatchObject({ valid: false, errors: [{ property: 'x', errors: [expect.stringMatching(/^Invalid jinja: /)] }] });
});
