import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../server.ts';
import { KINDS } from './kinds.ts';
import { aProvider, expectNoDrift, type Provider } from './provider.ts';

let server: TestServer;
let provider: Provider;
beforeAll(async () => {
  server = await startTestServer();
  provider = aProvider(server.running.apiUrl);
});
afterAll(() => server.stop());

const VALUES = ['text', '', 13, 12.5, true, false, ['a', 1, null, [true]], { a: { b: [1, 'x'] }, c: null }, [], {}];

describe('a variable', () => {
  it('changes its value from any kind to any other, its name and its tags', async () => {
    let planned = { name: 'changing', value: 'first' as unknown, tags: ['a', 'b'] };
    let state = await provider.create(KINDS.variable, planned);
    expectNoDrift(state, planned);
    for (const value of VALUES) {
      planned = { ...planned, value };
      state = await provider.update(KINDS.variable, state, planned);
      expectNoDrift(state, planned);
    }
    planned = { name: 'changed', value: 1, tags: [] };
    state = await provider.update(KINDS.variable, state, planned);
    expectNoDrift(state, planned);
    expectNoDrift(await provider.call('GET /variables/name/changed 200'), { ...planned, id: state.id });
    await provider.destroy(KINDS.variable, state);
  });

  it.each(VALUES.map((value, index) => ({ value, name: `variable_${index}` })))('starts as $value', async ({ value, name }) => {
    const state = await provider.create(KINDS.variable, { name, value, tags: [] });
    expectNoDrift(state, { name, value, tags: [] });
    await provider.destroy(KINDS.variable, state);
  });
});

describe('a global concurrency limit', () => {
  it('comes back as it was written, changes in everything, and goes', async () => {
    const planned = { name: 'database', limit: 5, active: true, active_slots: 0, slot_decay_per_second: 0 };
    let state = await provider.create(KINDS.globalConcurrencyLimit, planned);
    expectNoDrift(state, planned);
    const changed = { name: 'the database', limit: 10, active: false, active_slots: 2, slot_decay_per_second: 0.25 };
    state = await provider.update(KINDS.globalConcurrencyLimit, state, changed);
    expectNoDrift(state, changed);
    expect([state.created, state.updated]).toEqual([expect.any(String), expect.any(String)]);
    expectNoDrift(await provider.call('GET /v2/concurrency_limits/the%20database 200'), { ...changed, id: state.id });
    await provider.destroy(KINDS.globalConcurrencyLimit, state);
    await provider.call(`DELETE /v2/concurrency_limits/${state.id} 404`);
  });
});

describe('a concurrency limit of task runs', () => {
  it('comes back as it was written, and goes', async () => {
    const planned = { tag: 'database', concurrency_limit: 3 };
    const state = await provider.create(KINDS.taskRunConcurrencyLimit, planned);
    expectNoDrift(state, planned);
    expect([state.created, state.updated]).toEqual([expect.any(String), expect.any(String)]);
    await provider.destroy(KINDS.taskRunConcurrencyLimit, state);
  });
});
