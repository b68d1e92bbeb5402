import { afterAll, beforeAll, expect, test } from 'vitest';
import { resetDatabase, upgradeDatabase } from '../src/database.ts';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

test('a reset empties the database, and the next server begins anew', async () => {
  const { body: flow } = await server.request<{ id: string }>('POST', '/flows/', { name: 'forgotten' });
  await server.request('POST', '/flow_runs/', { flow_id: flow.id, state: { type: 'RUNNING' } });
  await server.request('POST', '/variables/', { name: 'forgotten', value: 1 });
  expect((await server.request('POST', '/block_types/filter', {})).body).not.toEqual([]);
  await resetDatabase(server.settings);
  for (const list of ['/flows/filter', '/flow_runs/filter', '/variables/filter', '/block_types/filter', '/work_pools/filter']) {
    expect((await server.request('POST', list, {})).body).toEqual([]);
  }
  await server.restart();
  expect((await server.request('POST', '/block_types/filter', {})).body).not.toEqual([]);
});

test('the database of a server that started is at the newest version', async () => {
  const { from, to } = await upgradeDatabase(server.settings);
  expect(from).toBe(to);
});
