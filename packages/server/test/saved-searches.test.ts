import type { SavedSearch } from '@prefect-ts/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectContract } from './contract.ts';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const filter = { object: 'flow_run', property: 'state', type: 'string', operation: 'any', value: ['FAILED'] };
const put = (name: string, filters?: object[]) =>
  server.request<SavedSearch>('PUT', '/saved_searches/', { name, ...(filters ? { filters } : {}) });

describe('a saved search', () => {
  it('is created, and replaced under the same name', async () => {
    const created = await put('failed', [filter]);
    expect(created.status).toBe(201);
    expectContract('PUT /saved_searches/', created.body);
    expect(created.body).toMatchObject({ name: 'failed', filters: [filter] });
    const replaced = await put('failed');
    expect(replaced).toMatchObject({ status: 200, body: { ...created.body, filters: [] } });
    expect((await server.request('GET', `/saved_searches/${created.body.id}`)).body).toEqual(replaced.body);
  });

  it('is listed by name', async () => {
    await put('b-search');
    await put('a-search');
    const { body } = await server.request<SavedSearch[]>('POST', '/saved_searches/filter', { limit: 2 });
    expect(body.map(({ name }) => name)).toEqual(['a-search', 'b-search']);
  });

  it('is gone once deleted', async () => {
    const { id } = (await put('short-lived')).body;
    expect((await server.request('DELETE', `/saved_searches/${id}`)).status).toBe(204);
    for (const method of ['GET', 'DELETE'])
      expect(await server.request(method, `/saved_searches/${id}`)).toMatchObject({
        status: 404,
        body: { detail: 'Saved search not found' },
      });
  });
});
