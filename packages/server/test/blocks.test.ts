import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlockDocument, BlockSchema, BlockType } from '@prefect-ts/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from './contract.ts';
import { recordedEvents } from './recorded-events.ts';
import { startTestServer, type TestServer } from './server.ts';

let server: TestServer;
let slug: string;
let serial = 0;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());
beforeEach(() => {
  serial += 1;
  slug = `type-${serial}`;
});

const NOBODY = '00000000-0000-4000-8000-000000000000';
const ask = <Body>(method: string, path: string, body?: unknown) => server.request<Body>(method, path, body);

async function aType(body: object = {}): Promise<BlockType> {
  return (await ask<BlockType>('POST', '/block_types/', { name: `Type ${slug}`, slug, ...body })).body;
}

async function aSchema(type: BlockType, fields: object = {}, body: object = {}): Promise<BlockSchema> {
  const schema = { block_type_id: type.id, fields: { title: type.name, block_type_slug: type.slug, ...fields }, ...body };
  return (await ask<BlockSchema>('POST', '/block_schemas/', schema)).body;
}

async function aDocument(schema: BlockSchema, name: string, data: object): Promise<BlockDocument> {
  const wanted = { name, data, block_schema_id: schema.id, block_type_id: schema.block_type_id };
  return (await ask<BlockDocument>('POST', '/block_documents/', wanted)).body;
}

const read = async (id: string, secrets = false) =>
  (await ask<BlockDocument>('GET', `/block_documents/${id}?include_secrets=${secrets}`)).body;
const ref = (document: { id: string }) => ({ $ref: { block_document_id: document.id } });

describe('a block type', () => {
  it('is created with texts that pages can show, and found by id and slug', async () => {
    const { status, body } = await ask<BlockType>('POST', '/block_types/', {
      name: 'Markup',
      slug,
      description: 'a <b> & "c"',
      code_example: 'x > y',
    });
    expect(status).toBe(201);
    expectContract('POST /block_types/', body);
    expect(body).toMatchObject({ description: 'a &lt;b&gt; &amp; "c"', code_example: 'x &gt; y', is_protected: false });
    expect((await ask('GET', `/block_types/${body.id}`)).body).toEqual(body);
    expect((await ask('GET', `/block_types/slug/${slug}`)).body).toEqual(body);
  });

  it('has a slug of its own', async () => {
    await aType({ name: 'First' });
    expect(await ask('POST', '/block_types/', { name: 'Second', slug })).toMatchObject({
      status: 409,
      body: { detail: 'Block type with name "Second" already exists' },
    });
  });

  it('is refused under reserved names and unreadable slugs', async () => {
    expect(await ask('POST', '/block_types/', { name: 'prefect thing', slug })).toMatchObject({
      status: 403,
      body: { detail: "Block type names beginning with 'Prefect' are reserved." },
    });
    expect(await ask('POST', '/block_types/', { name: 'x', slug: 'A b' })).toMatchObject({
      status: 422,
      body: {
        exception_detail: [
          {
            loc: ['body', 'slug'],
            msg: 'Value error, Block type slug must only contain lowercase letters, numbers, and dashes.',
          },
        ],
      },
    });
  });

  it('changes only when a client says something new', async () => {
    const type = await aType({ description: 'a < b' });
    expect((await ask('PATCH', `/block_types/${type.id}`, { description: 'a < b' })).status).toBe(204);
    expect((await ask<BlockType>('GET', `/block_types/${type.id}`)).body.updated).toBe(type.updated);
    await ask('PATCH', `/block_types/${type.id}`, { description: 'other', logo_url: 'https://example.com/x.png' });
    expect((await ask('GET', `/block_types/${type.id}`)).body).toMatchObject({ description: 'other' });
    await ask('DELETE', `/block_types/${type.id}`);
    const events = await recordedEvents(server, `prefect.block-type.${type.id}`);
    expect(events.map(({ event }) => event.split('.').pop())).toEqual(['created', 'updated', 'deleted']);
  });

  it('takes its schemas and documents with it', async () => {
    const type = await aType();
    const schema = await aSchema(type);
    const document = await aDocument(schema, 'one', {});
    expect((await ask('DELETE', `/block_types/${type.id}`)).status).toBe(204);
    expect((await ask('GET', `/block_schemas/${schema.id}`)).status).toBe(404);
    expect((await ask('GET', `/block_documents/${document.id}`)).status).toBe(404);
  });

  it('is there from the start and protected, if everybody needs it', async () => {
    const { body: type } = await ask<BlockType>('GET', '/block_types/slug/secret');
    expect(type.is_protected).toBe(true);
    expect(await ask('DELETE', `/block_types/${type.id}`)).toMatchObject({
      status: 403,
      body: { detail: 'protected block types cannot be deleted.' },
    });
    const filter = { block_schemas: { block_type_id: { any_: [type.id] }, block_capabilities: { all_: null } } };
    const { body: schemas } = await ask<BlockSchema[]>('POST', '/block_schemas/filter', filter);
    expect(await ask('DELETE', `/block_schemas/${schemas[0]?.id}`)).toMatchObject({
      status: 403,
      body: { detail: 'Block schemas for protected block types cannot be deleted.' },
    });
    expect(await ask('POST', '/block_types/install_system_block_types')).toMatchObject({ status: 200, body: null });
  });

  it('is found by what its blocks can do', async () => {
    const type = await aType();
    await aSchema(type, {}, { capabilities: ['fly', 'swim'] });
    const { body } = await ask<BlockType[]>('POST', '/block_types/filter', {
      block_schemas: { block_capabilities: { all_: ['fly'] } },
    });
    expect(body.map((found) => found.slug)).toContain(slug);
    const like = { block_types: { name: { like_: slug.toUpperCase() }, slug: { any_: [slug] } } };
    expect((await ask<BlockType[]>('POST', '/block_types/filter', like)).body).toEqual([type]);
    expect((await ask<string[]>('GET', '/block_capabilities/')).body).toEqual(expect.arrayContaining(['fly', 'swim', 'notify']));
  });

  it.each([
    ['GET', `/block_types/${NOBODY}`],
    ['PATCH', `/block_types/${NOBODY}`],
    ['DELETE', `/block_types/${NOBODY}`],
    ['GET', '/block_types/slug/nobody'],
    ['GET', '/block_types/slug/nobody/block_documents'],
  ])('that is not there answers %s %s with 404', async (method, path) => {
    const answer = await ask(method, path, method === 'PATCH' ? {} : undefined);
    expect(answer).toMatchObject({ status: 404, body: { detail: 'Block type not found' } });
  });
});

describe('a block schema', () => {
  it('is known by the checksum of its fields', async () => {
    const type = await aType();
    const wanted = { block_type_id: type.id, fields: { title: slug, properties: { a: {} } }, capabilities: ['b', 'a'] };
    const created = await ask<BlockSchema>('POST', '/block_schemas/', wanted);
    expect(created.status).toBe(201);
    expectContract('POST /block_schemas/', created.body);
    expect(created.body).toMatchObject({
      fields: { ...wanted.fields, block_schema_references: {} },
      capabilities: ['b', 'a'],
      version: 'non-versioned',
      block_type: type,
    });
    expect(await ask('POST', '/block_schemas/', wanted)).toMatchObject({ status: 200, body: created.body });
    const newer = await ask<BlockSchema>('POST', '/block_schemas/', { ...wanted, version: '2' });
    expect(newer.status).toBe(201);
    const { checksum } = created.body;
    expect(newer.body.checksum).toBe(checksum);
    expect((await ask('GET', `/block_schemas/checksum/${checksum}`)).body).toEqual(newer.body);
    expect((await ask('GET', `/block_schemas/checksum/${checksum}?version=non-versioned`)).body).toEqual(created.body);
    expect((await ask('GET', `/block_schemas/${created.body.id}`)).body).toEqual(created.body);
    const { body: listed } = await ask<BlockSchema[]>('POST', '/block_schemas/filter', {
      block_schemas: { block_type_id: { any_: [type.id] } },
    });
    expect(listed.map(({ id }) => id)).toEqual([newer.body.id, created.body.id]);
  });

  it('needs a type, and the types of the blocks in it', async () => {
    expect(await ask('POST', '/block_schemas/', { block_type_id: NOBODY, fields: {} })).toMatchObject({
      status: 404,
      body: { detail: `Block type ${NOBODY} not found.` },
    });
    const type = await aType();
    const fields = { block_schema_references: { child: { block_type_slug: 'nobody', block_schema_checksum: 'sha256:0' } } };
    expect(await ask('POST', '/block_schemas/', { block_type_id: type.id, fields })).toMatchObject({
      status: 409,
      body: {
        detail: "Cannot create block schema because block type 'nobody' was not found.Did you forget to register the block type?",
      },
    });
  });

  it('comes back without definitions that allow anything', async () => {
    const properties = { any: { $ref: '#/definitions/Any' } };
    const type = await aType();
    const words = await aSchema(type, { properties, definitions: { Any: {}, Word: { type: 'string' } } });
    expect(words.fields.definitions).toEqual({ Word: { type: 'string' } });
    const nothing = await aSchema(type, { properties, definitions: { Any: {} }, title: 'Nothing' });
    expect(nothing.fields).not.toHaveProperty('definitions');
  });

  it('comes back with the definitions of the blocks that it holds, whether they were registered before or came along', async () => {
    const leafType = await aType({ slug: `${slug}-leaf`, name: 'Leaf' });
    const leaf = await aSchema(leafType, { properties: { pw: { type: 'string' } }, secret_fields: ['pw'] });
    const middleType = await aType({ slug: `${slug}-middle`, name: 'Middle' });
    const reference = (of: BlockSchema) => ({
      block_type_slug: of.block_type?.slug,
      block_schema_checksum: of.checksum,
    });
    const middle = await aSchema(middleType, {
      properties: { leaf: { $ref: '#/definitions/Leaf' }, point: { $ref: '#/definitions/Point' } },
      block_schema_references: { leaf: reference(leaf) },
      definitions: { Point: { type: 'object' } },
    });
    const other = {
      title: 'Other',
      block_type_slug: `${slug}-other`,
      properties: { note: { $ref: '#/definitions/Note' } },
      block_schema_references: {},
    };
    await aType({ slug: other.block_type_slug, name: 'Other' });
    const top = await aSchema(await aType(), {
      properties: {
        middle: { $ref: '#/definitions/Middle' },
        either: { anyOf: [{ $ref: '#/definitions/Leaf' }, { $ref: '#/definitions/Other' }] },
      },
      block_schema_references: {
        middle: reference(middle),
        either: [reference(leaf), { block_type_slug: other.block_type_slug, block_schema_checksum: 'sha256:unknown' }],
      },
      definitions: { Other: other, Note: { type: 'string' } },
    });
    const { body: added } = await ask<BlockSchema[]>('POST', '/block_schemas/filter', {
      block_schemas: { block_type_id: { any_: [(await ask<BlockType>('GET', `/block_types/slug/${slug}-other`)).body.id] } },
    });
    expect(added).toHaveLength(1);
    expect(top.fields.block_schema_references).toEqual({
      middle: reference(middle),
      either: [reference(leaf), { block_type_slug: other.block_type_slug, block_schema_checksum: added[0]?.checksum }],
    });
    expect(top.fields.definitions).toEqual({
      Leaf: leaf.fields,
      Middle: {
        title: 'Middle',
        block_type_slug: `${slug}-middle`,
        properties: { leaf: { $ref: '#/definitions/Leaf' }, point: { $ref: '#/definitions/Point' } },
        block_schema_references: { leaf: reference(leaf) },
      },
      Other: other,
      Point: { type: 'object' },
      Note: { type: 'string' },
    });
  });

  it.each([
    ['GET', `/block_schemas/${NOBODY}`],
    ['DELETE', `/block_schemas/${NOBODY}`],
    ['GET', '/block_schemas/checksum/sha256:nothing'],
  ])('that is not there answers %s %s with 404', async (method, path) => {
    expect(await ask(method, path)).toMatchObject({ status: 404, body: { detail: 'Block schema not found' } });
  });
});

describe('a block document', () => {
  it('is answered with its schema and its type, by id and by name', async () => {
    const type = await aType();
    const schema = await aSchema(type);
    const document = await aDocument(schema, 'my-block', { url: 'x', size: 3 });
    expectContract('POST /block_documents/', document);
    expect(document).toMatchObject({
      name: 'my-block',
      data: { url: 'x', size: 3 },
      block_schema: schema,
      block_type: type,
      block_type_name: type.name,
      block_document_references: {},
      is_anonymous: false,
    });
    expect(await read(document.id)).toEqual(document);
    expect((await ask('GET', `/block_types/slug/${slug}/block_documents/name/my-block`)).body).toEqual(document);
    expect((await ask('GET', `/block_types/slug/${slug}/block_documents`)).body).toEqual([document]);
  });

  it('is refused without a proper name, with a name in use, or for a type or schema that is not there', async () => {
    const schema = await aSchema(await aType());
    const wanted = { name: 'taken', data: {}, block_schema_id: schema.id, block_type_id: schema.block_type_id };
    const post = (body: object) => ask('POST', '/block_documents/', { ...wanted, ...body });
    await post({});
    expect(await post({})).toMatchObject({ status: 409, body: { detail: 'Block already exists' } });
    expect(await post({ name: 'Not this' })).toMatchObject({
      status: 422,
      body: {
        exception_detail: [{ msg: 'Value error, Block document name must only contain lowercase letters, numbers, and dashes.' }],
      },
    });
    expect(await post({ name: null })).toMatchObject({
      status: 422,
      body: { exception_detail: [{ loc: ['body'], msg: 'Value error, Names must be provided for block documents.' }] },
    });
    expect((await post({ name: 'free', block_type_id: NOBODY })).status).toBe(404);
    expect(await post({ name: 'free', block_schema_id: NOBODY })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('Data integrity conflict.') },
    });
  });

  it('without a name gets one, if it is anonymous, and shows up only for those who ask', async () => {
    const schema = await aSchema(await aType());
    const anonymous = { is_anonymous: true, data: {}, block_schema_id: schema.id, block_type_id: schema.block_type_id };
    const { body } = await ask<BlockDocument>('POST', '/block_documents/', anonymous);
    expect(body.name).toMatch(/^anonymous-[0-9a-f-]{36}$/);
    const count = async (block_documents?: object) =>
      (await ask('POST', '/block_documents/count', { block_types: { slug: { any_: [slug] } }, block_documents })).body;
    expect(await count()).toBe(0);
    expect(await count({})).toBe(0);
    expect(await count({ is_anonymous: null })).toBe(1);
    expect(await count({ is_anonymous: { eq_: true } })).toBe(1);
    expect(await recordedEvents(server, `prefect.block-document.${body.id}`)).toEqual([]);
  });

  it('is listed by name or by type, narrowed by capability', async () => {
    const schema = await aSchema(await aType(), {}, { capabilities: [slug] });
    await aDocument(schema, 'b', {});
    await aDocument(schema, 'a', {});
    const names = async (body: object) => {
      const filters = { block_schemas: { block_capabilities: { all_: [slug] } }, ...body };
      return (await ask<BlockDocument[]>('POST', '/block_documents/filter', filters)).body.map(({ name }) => name);
    };
    expect(await names({})).toEqual(['a', 'b']);
    expect(await names({ sort: 'NAME_DESC' })).toEqual(['b', 'a']);
    expect(await names({ sort: 'BLOCK_TYPE_AND_NAME_ASC', limit: 1 })).toEqual(['a']);
    expect(await names({ block_documents: { name: { any_: ['b'] } } })).toEqual(['b']);
  });

  it('merges what a change names, or is replaced by it', async () => {
    const document = await aDocument(await aSchema(await aType()), 'one', { a: { x: 1, y: 1 }, b: 1 });
    const change = (body: object) => ask('PATCH', `/block_documents/${document.id}`, body);
    expect((await change({ data: { a: { x: 2 } } })).status).toBe(204);
    expect((await read(document.id)).data).toEqual({ a: { x: 2 }, b: 1 });
    await change({ data: { c: 1 }, merge_existing_data: false });
    expect((await read(document.id)).data).toEqual({ c: 1 });
    await change({});
    expect((await read(document.id)).data).toEqual({ c: 1 });
  });

  it('moves to another schema of its own type only', async () => {
    const type = await aType();
    const document = await aDocument(await aSchema(type), 'one', {});
    const newer = await aSchema(type, { description: 'newer' });
    const foreign = await aSchema(await aType({ slug: `${slug}-foreign` }), { description: 'foreign' });
    const change = (id: string) => ask('PATCH', `/block_documents/${document.id}`, { block_schema_id: id });
    expect((await change(newer.id)).status).toBe(204);
    expect((await read(document.id)).block_schema_id).toBe(newer.id);
    expect(await change(foreign.id)).toMatchObject({
      status: 400,
      body: { detail: 'Must migrate block document to a block schema of the same block type.' },
    });
  });

  it('comes back with the digits that were sent', async () => {
    const { id, block_type_id } = await aSchema(await aType());
    const { body } = await ask<BlockDocument>(
      'POST',
      '/block_documents/',
      `{"name":"exact","data":{"n":12345678901234567890,"f":1.0},"block_schema_id":"${id}","block_type_id":"${block_type_id}"}`,
    );
    const response = await fetch(`${server.running.apiUrl}/block_documents/${body.id}`);
    expect(await response.text()).toContain('"data":{"n":12345678901234567890,"f":1.0}');
  });

  it.each(['GET', 'PATCH', 'DELETE'])('that is not there answers %s with 404', async (method) => {
    const answer = await ask(method, `/block_documents/${NOBODY}`, method === 'PATCH' ? {} : undefined);
    expect(answer).toMatchObject({ status: 404, body: { detail: 'Block document not found' } });
  });
});

describe('documents inside of documents', () => {
  it('are inlined, and named beside', async () => {
    const schema = await aSchema(await aType());
    const leaf = await aDocument(schema, 'leaf', { a: 1 });
    const middle = await aDocument(schema, 'middle', { leaf: ref(leaf), b: 2 });
    const top = await aDocument(schema, 'top', { middle: ref(middle), c: 3 });
    expect(top.data).toEqual({ c: 3, middle: { b: 2, leaf: { a: 1 } } });
    expect(top.block_document_references).toMatchObject({
      middle: {
        block_document: {
          id: middle.id,
          name: 'middle',
          is_anonymous: false,
          block_type: { slug },
          block_document_references: { leaf: { block_document: { id: leaf.id, block_document_references: {} } } },
        },
      },
    });
    await ask('PATCH', `/block_documents/${leaf.id}`, { data: { a: 10 } });
    expect((await read(top.id)).data).toEqual({ c: 3, middle: { b: 2, leaf: { a: 10 } } });
  });

  it('are lost when a change does not name them, or when they are deleted', async () => {
    const schema = await aSchema(await aType());
    const leaf = await aDocument(schema, 'leaf', { a: 1 });
    const first = await aDocument(schema, 'first', { leaf: ref(leaf), b: 1 });
    const second = await aDocument(schema, 'second', { leaf: ref(leaf) });
    await ask('PATCH', `/block_documents/${first.id}`, { data: { b: 2 } });
    expect(await read(first.id)).toMatchObject({ data: { b: 2 }, block_document_references: {} });
    expect((await ask('DELETE', `/block_documents/${leaf.id}`)).status).toBe(204);
    expect(await read(second.id)).toMatchObject({ data: {}, block_document_references: {} });
  });

  it('take the place of plain data, and the other way round', async () => {
    const schema = await aSchema(await aType());
    const leaf = await aDocument(schema, 'leaf', { a: 1 });
    const document = await aDocument(schema, 'one', { x: 'plain' });
    await ask('PATCH', `/block_documents/${document.id}`, { data: { x: ref(leaf) } });
    expect((await read(document.id)).data).toEqual({ x: { a: 1 } });
    await ask('PATCH', `/block_documents/${document.id}`, { data: { x: 'plain again' } });
    expect(await read(document.id)).toMatchObject({ data: { x: 'plain again' }, block_document_references: {} });
  });

  it('cannot go round in circles, or lead nowhere', async () => {
    const schema = await aSchema(await aType());
    const leaf = await aDocument(schema, 'leaf', {});
    const top = await aDocument(schema, 'top', { leaf: ref(leaf) });
    const put = (to: object) => ask('PATCH', `/block_documents/${leaf.id}`, { data: { to } });
    for (const target of [leaf, top])
      expect(await put(ref(target))).toMatchObject({
        status: 400,
        body: {
          detail: `Cannot create block document reference: it would introduce a cycle into the block_document_reference graph (parent=${leaf.id}, reference=${target.id}).`,
        },
      });
    expect(await put({ $ref: {} })).toMatchObject({
      status: 400,
      body: { detail: 'Received block reference without a block_document_id in key to' },
    });
    expect((await put(ref({ id: NOBODY }))).status).toBe(409);
  });
});

describe('secrets', () => {
  const fields = { secret_fields: ['pw', 'gone', 'headers.*', 'deep.pw', 'list.pw', 'child.pw', 'whole'] };
  const data = {
    pw: 'hunter2-pw',
    gone: null,
    headers: { auth: 'hunter2-auth', more: { x: 'hunter2-more', n: 1 } },
    deep: { pw: 5, open: 'shown' },
    list: [{ pw: 'hunter2-list', open: 1 }],
    whole: { any: 'hunter2-whole' },
    plain: 'shown',
  };
  const MASK = '********';
  const masked = {
    pw: MASK,
    gone: null,
    headers: { auth: MASK, more: { x: MASK, n: MASK } },
    deep: { pw: MASK, open: 'shown' },
    list: [{ pw: MASK, open: 1 }],
    whole: MASK,
    plain: 'shown',
  };

  it('are told only to those who ask for them', async () => {
    const document = await aDocument(await aSchema(await aType(), fields), 'one', data);
    expect(document.data).toEqual(masked);
    expect((await read(document.id)).data).toEqual(masked);
    expect((await read(document.id, true)).data).toEqual(data);
    const filter = { block_types: { slug: { any_: [slug] } } };
    const list = async (body: object) =>
      (await ask<BlockDocument[]>('POST', '/block_documents/filter', { ...filter, ...body })).body[0]?.data;
    expect(await list({})).toEqual(masked);
    expect(await list({ include_secrets: true })).toEqual(data);
    const byName = `/block_types/slug/${slug}/block_documents/name/one`;
    expect((await ask<BlockDocument>('GET', byName)).body.data).toEqual(masked);
    expect((await ask<BlockDocument>('GET', `${byName}?include_secrets=true`)).body.data).toEqual(data);
  });

  it('stay as they are when their masks come back', async () => {
    const document = await aDocument(await aSchema(await aType(), fields), 'one', data);
    const changed = { ...masked, plain: 'changed', headers: { ...masked.headers, auth: 'hunter2-new' } };
    await ask('PATCH', `/block_documents/${document.id}`, { data: changed });
    expect((await read(document.id, true)).data).toEqual({
      ...data,
      plain: 'changed',
      headers: { ...data.headers, auth: 'hunter2-new' },
    });
  });

  it('of a document inside are covered as its own schema says and as the one around it says', async () => {
    const ownSchema = await aSchema(await aType(), { secret_fields: ['token'] });
    const child = await aDocument(ownSchema, 'child', { token: 't', pw: 'p', open: 1 });
    const parentSchema = await aSchema(await aType({ slug: `${slug}-parent` }), fields);
    const parent = await aDocument(parentSchema, 'parent', { child: ref(child) });
    expect(parent.data).toEqual({ child: { token: MASK, pw: MASK, open: 1 } });
    expect((await read(parent.id, true)).data).toEqual({ child: { token: 't', pw: 'p', open: 1 } });
  });

  it('are in no event', async () => {
    const document = await aDocument(await aSchema(await aType(), fields), 'one', data);
    await ask('PATCH', `/block_documents/${document.id}`, { data: { plain: 'changed' } });
    await ask('DELETE', `/block_documents/${document.id}`);
    const events = await recordedEvents(server, `prefect.block-document.${document.id}`);
    expect(events.map(({ event, payload }) => [event, (payload as { data: unknown }).data])).toEqual([
      ['prefect.block-document.created', { plain: 'shown' }],
      ['prefect.block-document.updated', { plain: 'changed' }],
      ['prefect.block-document.deleted', { plain: 'changed' }],
    ]);
    expect(events[0]?.related).toEqual([
      {
        'prefect.resource.id': `prefect.block-type.${document.block_type_id}`,
        'prefect.resource.role': 'block-type',
        'prefect.resource.name': document.block_type_name,
      },
      { 'prefect.resource.id': `prefect.block-schema.${document.block_schema_id}`, 'prefect.resource.role': 'block-schema' },
    ]);
  });

  it('are nowhere in what the database holds', async () => {
    await aDocument(await aSchema(await aType(), fields), 'one', data);
    const { scan, storage } = server.running.core;
    const documents = await scan.all(storage.builder.selectFrom('block_document').select('data'));
    expect(JSON.stringify(documents)).not.toMatch(/hunter2|shown/);
    const events = await scan.all(storage.builder.selectFrom('event').select('body'));
    expect(JSON.stringify(events)).not.toContain('hunter2');
    if (storage.dialect.name === 'postgres') return;
    const files = (await readdir(server.settings.home)).filter((file) => file.startsWith('prefect.db'));
    expect(files).toContain('prefect.db');
    for (const file of files) expect((await readFile(join(server.settings.home, file))).includes('hunter2')).toBe(false);
  });

  it('open again after a restart, and with no other key', async () => {
    const own = await startTestServer();
    try {
      const create = async (name: string) => {
        const { body: type } = await own.request<BlockType>('GET', '/block_types/slug/secret');
        const { body: schemas } = await own.request<BlockSchema[]>('POST', '/block_schemas/filter', {
          block_schemas: { block_type_id: { any_: [type.id] } },
        });
        const document = { name, data: { value: 'x' }, block_type_id: type.id, block_schema_id: schemas[0]?.id };
        return own.request<BlockDocument>('POST', '/block_documents/', document);
      };
      const { id } = (await create('kept')).body;
      await own.restart();
      const get = () => own.request<BlockDocument>('GET', `/block_documents/${id}?include_secrets=true`);
      expect((await get()).body.data).toEqual({ value: 'x' });
      const stranger = await startTestServer({
        environment: {
          PREFECT_API_DATABASE_CONNECTION_URL: own.settings.databaseUrl,
          PREFECT_SERVER_ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64url'),
        },
      });
      try {
        const refusal = { status: 500, body: { exception_message: expect.stringContaining('PREFECT_SERVER_ENCRYPTION_KEY') } };
        expect(await stranger.request('GET', `/block_documents/${id}`)).toMatchObject(refusal);
        const document = { name: 'new', data: {} };
        const { body: type } = await stranger.request<BlockType>('GET', '/block_types/slug/secret');
        const { body: schemas } = await stranger.request<BlockSchema[]>('POST', '/block_schemas/filter', {});
        const schema = schemas.find((each) => each.block_type_id === type.id);
        expect(
          await stranger.request('POST', '/block_documents/', {
            ...document,
            block_type_id: type.id,
            block_schema_id: schema?.id,
          }),
        ).toMatchObject(refusal);
      } finally {
        await stranger.stop();
      }
    } finally {
      await own.stop();
    }
  });
});

it('a default of a job variable may be a block', async () => {
  const document = await aDocument(await aSchema(await aType()), 'one', { region: 'eu' });
  const template = (id: string) => ({
    job_configuration: { cluster: '{{ cluster }}' },
    variables: {
      type: 'object',
      properties: {
        cluster: { type: 'object', required: ['region'], properties: { region: { type: 'string' } }, default: ref({ id }) },
      },
    },
  });
  const create = (name: string, id: string) =>
    ask('POST', '/work_pools/', { name, type: 'kubernetes', base_job_template: template(id) });
  expect((await create(`pool-${slug}`, document.id)).status).toBe(201);
  expect(await create(`pool-${slug}-lost`, NOBODY)).toMatchObject({ status: 404, body: { detail: 'Block not found.' } });
});
