import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../server.ts';
import { KINDS } from './kinds.ts';
import { aProvider, expectNoDrift, type Known, type Provider } from './provider.ts';

let server: TestServer;
let provider: Provider;
let serial = 0;
beforeAll(async () => {
  server = await startTestServer();
  provider = aProvider(server.running.apiUrl);
});
afterAll(() => server.stop());

const TEXTS = {
  logo_url: 'https://example.com/logo.png',
  documentation_url: 'https://example.com/docs',
  description: 'Talks to the warehouse.',
  code_example: 'warehouse = Warehouse.load("main")',
};

const aType = (wanted: object = {}) => {
  serial += 1;
  return provider.create(KINDS.blockType, { name: `Warehouse ${serial}`, slug: `warehouse-${serial}`, ...TEXTS, ...wanted });
};

const aSchema = (type: Known, wanted: object = {}) =>
  provider.create(KINDS.blockSchema, {
    block_type_id: type.id,
    capabilities: [],
    version: '1.0',
    fields: { ...FIELDS, title: type.name },
    ...wanted,
  });

const FIELDS = {
  type: 'object',
  properties: { host: { type: 'string' }, password: { type: 'string', format: 'password' }, options: { type: 'object' } },
  secret_fields: ['password'],
};

/** Makes a block as the provider does: its type by the slug, then the newest schema of the type. */
async function aBlock(slug: string, data: object | null): Promise<Known> {
  const type = await provider.call(`GET /block_types/slug/${slug} 200`);
  const [newest] = await schemasOf(type);
  const wanted = { name: `block-${++serial}`, data, block_schema_id: newest?.id, block_type_id: type.id };
  const state = await provider.create(KINDS.block, wanted);
  expect(state).toMatchObject({ name: wanted.name, block_type: { slug } });
  return state;
}

const schemasOf = (type: Known) =>
  provider.call<Known[]>('POST /block_schemas/filter 200', {
    block_schemas: { block_type_id: { any_: [type.id] }, block_capabilities: { all_: null } },
  });

const replaced = (state: Known, data: object) =>
  provider.update(KINDS.block, state, { block_schema_id: state.block_schema_id, data, merge_existing_data: false });

describe('a block type', () => {
  it('comes back as it was written, changes in its texts, and goes', async () => {
    let state = await aType();
    expectNoDrift(state, { ...TEXTS, is_protected: false });
    const changes = { ...TEXTS, description: 'Talks to another one.', code_example: 'Warehouse()' };
    state = await provider.update(KINDS.blockType, state, changes);
    expectNoDrift(state, changes);
    expectNoDrift(await provider.call(`GET /block_types/${state.id} 200`), { ...changes, slug: state.slug });
    await provider.destroy(KINDS.blockType, state);
  });

  it('may have empty texts', async () => {
    const empty = { logo_url: '', documentation_url: '', description: '', code_example: '' };
    const state = await aType(empty);
    for (const name of Object.keys(empty)) expect([null, ''], name).toContain(state[name]);
    await provider.destroy(KINDS.blockType, await provider.update(KINDS.blockType, state, empty));
  });
});

describe('a block schema', () => {
  it('comes back as it was written, is known by its checksum, and goes', async () => {
    const type = await aType();
    const planned = { capabilities: ['write', 'read', 'a'], version: '1.2.3' };
    const state = await aSchema(type, planned);
    expectNoDrift(state, { ...planned, block_type_id: type.id });
    expect(state).toMatchObject({ checksum: expect.stringMatching(/^sha256:/), block_type: { slug: type.slug } });
    await provider.destroy(KINDS.blockSchema, state);
    await provider.destroy(KINDS.blockType, type);
  });

  it('that is newest is listed first', async () => {
    const type = await aType();
    await aSchema(type);
    const newer = await aSchema(type, { fields: { ...FIELDS, title: type.name, description: 'newer' } });
    expect((await schemasOf(type))[0]).toMatchObject({ id: newer.id, block_type_id: type.id });
  });
});

describe('a block', () => {
  it('shows its secrets and nothing that was not written, and is replaced as a whole', async () => {
    const type = await aType();
    await aSchema(type);
    const planned = { host: 'db', password: 'swordfish', options: { pool: 2, ratio: 0.5, tags: ['x'] } };
    let state = await aBlock(String(type.slug), planned);
    expectNoDrift(state, { data: planned });
    for (const data of [{ password: 'other' }, { host: 'db', options: {} }]) {
      state = await replaced(state, data);
      expectNoDrift(state, { data });
    }
    const named = `GET /block_types/slug/${type.slug}/block_documents/name/${state.name}?include_secrets=true 200`;
    expectNoDrift(await provider.call(named), { id: state.id, name: state.name, data: state.data });
    await provider.destroy(KINDS.block, state);
  });

  it('moves on to the newest schema of its type', async () => {
    const type = await aType();
    await aSchema(type);
    const state = await aBlock(String(type.slug), { host: 'db' });
    const newer = await aSchema(type, { fields: { ...FIELDS, title: type.name, description: 'newer' } });
    const moved = await replaced({ ...state, block_schema_id: newer.id }, { host: 'other' });
    expectNoDrift(moved, { block_schema_id: newer.id, data: { host: 'other' } });
  });

  it('may refer to another one, which is answered in its place', async () => {
    const type = await aType();
    await aSchema(type);
    const inner = await aBlock(String(type.slug), { host: 'inner', password: 'p' });
    const outer = await aBlock(String(type.slug), { host: 'outer', options: { $ref: { block_document_id: inner.id } } });
    expect(outer.data).toMatchObject({ host: 'outer', options: { host: 'inner', password: 'p' } });
  });

  it.each([
    { slug: 'secret', data: { value: 'swordfish' }, other: { value: { user: 'a', password: 'b' } } },
    { slug: 'slack-webhook', data: { url: 'https://hooks.example.com/a' }, other: { url: 'https://hooks.example.com/b' } },
    { slug: 'local-file-system', data: { basepath: '/srv' }, other: { basepath: '/tmp' } },
  ])('of the type $slug needs nothing registered before', async ({ slug, data, other }) => {
    let state = await aBlock(slug, data);
    expectNoDrift(state, { data });
    state = await replaced(state, other);
    expectNoDrift(state, { data: other });
    await provider.destroy(KINDS.block, state);
  });
});
