import type { Variable } from '@prefect-ts/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from './contract.ts';
import { recordedEvents } from './recorded-events.ts';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;
let name: string;
let serial = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(() => {
  serial += 1;
  name = `variable-${serial}`;
});

function create(body: object = {}) {
  return server.request<Variable>('POST', '/variables/', { name, value: 1, ...body });
}

const read = async (id: string) => (await server.request<Variable>('GET', `/variables/${id}`)).body;

describe('a variable', () => {
  it.each([['text'], [7], [1.5], [true], [null], [[1, 'a', null]], [{ b: 1, a: { c: [] } }]])('holds %j', async (value) => {
    const { status, body } = await create({ value });
    expect(status).toBe(201);
    expectContract('POST /variables/', body);
    expect(body).toMatchObject({ name, value, tags: [] });
    expect(await read(body.id)).toEqual(body);
    expect((await server.request('GET', `/variables/name/${name}`)).body).toEqual(body);
  });

  it('comes back with the digits that were sent', async () => {
    const { body } = await server.request<Variable>(
      'POST',
      '/variables/',
      `{"name":"${name}","value":{"big":12345678901234567890,"float":1.0}}`,
    );
    const response = await fetch(`${server.running.apiUrl}/variables/${body.id}`);
    expect(await response.text()).toContain('"value":{"big":12345678901234567890,"float":1.0}');
  });

  it('needs a value, which may be null', async () => {
    const { status, body } = await server.request<{ exception_detail: unknown[] }>('POST', '/variables/', { name });
    expect(status).toBe(422);
    expect(body.exception_detail).toEqual([{ type: 'missing', loc: ['body', 'value'], msg: 'Field required', input: { name } }]);
  });

  it('has a name of its own', async () => {
    await create();
    expect(await create()).toMatchObject({
      status: 409,
      body: { detail: `A variable with the name '${name}' already exists.` },
    });
  });

  it.each(['UPPER', 'with space', 'é'])('is refused under the name %j', async (wrong) => {
    const { status, body } = await create({ name: wrong });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      exception_detail: [
        {
          type: 'value_error',
          loc: ['body', 'name'],
          msg: 'Value error, Variable name must only contain lowercase letters, numbers, and dashes or underscores.',
          input: wrong,
        },
      ],
    });
  });

  it('holds 5000 bytes of JSON and no more', async () => {
    expect((await create({ value: 'é'.repeat(2499) })).status).toBe(201);
    const { status, body } = await create({ name: `${name}-long`, value: 'x'.repeat(4999) });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      exception_detail: [{ loc: ['body', 'value'], msg: 'Value error, Variable value must be less than 5000 characters' }],
    });
  });

  it('changes only in what is sent; null is a value too', async () => {
    const { body: variable } = await create({ value: 1, tags: ['a'] });
    expect((await server.request('PATCH', `/variables/${variable.id}`, { tags: ['b'] })).status).toBe(204);
    expect(await read(variable.id)).toMatchObject({ value: 1, tags: ['b'] });
    expect((await server.request('PATCH', `/variables/name/${name}`, { value: null })).status).toBe(204);
    expect(await read(variable.id)).toMatchObject({ name, value: null, tags: ['b'] });
    expect((await server.request('PATCH', `/variables/${variable.id}`, { name: `${name}-new` })).status).toBe(204);
    expect(await read(variable.id)).toMatchObject({ name: `${name}-new` });
  });

  it('does not take the name of another', async () => {
    const { body: variable } = await create();
    await create({ name: `${name}-other` });
    const answer = await server.request('PATCH', `/variables/${variable.id}`, { name: `${name}-other` });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ detail: expect.stringContaining('Data integrity conflict.') });
  });

  it('tells of its life in events', async () => {
    const { body: variable } = await create({ value: { a: 1 }, tags: ['x'] });
    await server.request('PATCH', `/variables/${variable.id}`, { value: 2 });
    await server.request('DELETE', `/variables/${variable.id}`);
    const events = await recordedEvents(server, `prefect.variable.${variable.id}`);
    expect(events.map(({ event, payload }) => ({ event, payload }))).toEqual([
      { event: 'prefect.variable.created', payload: { name, value: { a: 1 }, tags: ['x'] } },
      { event: 'prefect.variable.updated', payload: { name, value: 2, tags: ['x'] } },
      { event: 'prefect.variable.deleted', payload: { name, value: 2, tags: ['x'] } },
    ]);
  });

  it.each([
    ['GET', '/variables/name/nobody'],
    ['DELETE', '/variables/name/nobody'],
    ['PATCH', '/variables/name/nobody'],
    ['GET', '/variables/00000000-0000-4000-8000-000000000000'],
    ['DELETE', '/variables/00000000-0000-4000-8000-000000000000'],
    ['PATCH', '/variables/00000000-0000-4000-8000-000000000000'],
  ])('that is not there answers %s %s with 404', async (method, path) => {
    const body = method === 'PATCH' ? { value: 1 } : undefined;
    expect(await server.request(method, path, body)).toMatchObject({ status: 404, body: { detail: 'Variable not found.' } });
  });
});

describe('a list of variables', () => {
  const names = async (body?: object) =>
    (await server.request<Variable[]>('POST', '/variables/filter', body)).body.map((variable) => variable.name);

  it('is narrowed by names and tags, sorted and counted', async () => {
    await create({ name: `${name}-b`, tags: ['x', 'y'] });
    await create({ name: `${name}-a`, tags: ['x'] });
    await create({ name: `${name}-c` });
    const like = { name: { like_: `${name}-` } };
    expect(await names({ variables: like })).toEqual([`${name}-a`, `${name}-b`, `${name}-c`]);
    expect(await names({ variables: like, sort: 'NAME_DESC', limit: 1, offset: 1 })).toEqual([`${name}-b`]);
    expect(await names({ variables: like, sort: 'CREATED_DESC' })).toEqual([`${name}-c`, `${name}-a`, `${name}-b`]);
    expect(await names({ variables: { ...like, tags: { all_: ['x', 'y'] } } })).toEqual([`${name}-b`]);
    expect(await names({ variables: { ...like, tags: { is_null_: true } } })).toEqual([`${name}-c`]);
    expect(await names({ variables: { name: { any_: [`${name}-c`] } } })).toEqual([`${name}-c`]);
    expect((await server.request('POST', '/variables/count', { variables: like })).body).toBe(3);
  });

  it('is complete without a body', async () => {
    await create();
    expect(await names()).toContain(name);
  });

  it('knows no filter for any of some tags', async () => {
    const answer = await server.request('POST', '/variables/filter', { variables: { tags: { any_: ['x'] } } });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      exception_detail: [{ type: 'extra_forbidden', loc: ['body', 'variables', 'tags', 'any_'] }],
    });
  });
});

it('fills the placeholders in the parameters of a run', async () => {
  await create({ value: { deep: [1, 2] } });
  const { body: flow } = await server.request<{ id: string }>('POST', '/flows/', { name: `flow-${name}` });
  const { body: deployment } = await server.request<{ id: string }>('POST', '/deployments/', { name: 'd', flow_id: flow.id });
  const placeholder = (variable: string) => ({ __prefect_kind: 'workspace_variable', variable_name: variable });
  const run = await server.request('POST', `/deployments/${deployment.id}/create_flow_run`, {
    parameters: { x: placeholder(name) },
  });
  expect(run).toMatchObject({ status: 201, body: { parameters: { x: { deep: [1, 2] } } } });
  const missing = await server.request('POST', `/deployments/${deployment.id}/create_flow_run`, {
    parameters: { x: placeholder('nobody') },
  });
  expect(missing).toMatchObject({
    status: 400,
    body: { detail: "Error hydrating flow run parameters: Variable 'nobody' not found in workspace." },
  });
});
