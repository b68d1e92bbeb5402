import { inspect } from 'node:util';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import * as z from 'zod';
import { checksumOf } from '../src/blocks/fields.ts';
import {
  block,
  ConfigurationError,
  flow,
  InvalidNameError,
  ObjectNotFound,
  ParameterTypeError,
  placeOfBlock,
} from '../src/index.ts';
import { harness } from '../src/testing/index.ts';

const Keys = block('aws-keys', {
  schema: z.object({ accessKey: z.string(), secret: z.string(), region: z.string().nullable().default(null) }),
  secrets: ['secret'],
  description: 'Keys of an account.',
});
const Lake = block(
  'lake-store',
  {
    schema: z.object({
      bucketName: z.string().describe('Name of the bucket'),
      tokens: z.record(z.string(), z.string()).default({}),
    }),
    refs: { keys: Keys },
    secrets: ['tokens.*'],
  },
  (lake) => ({ place: (path: string) => `${lake.keys.accessKey}@${lake.bucketName}/${path}` }),
);

describe('a block', () => {
  it('is saved and loaded with its values, methods, and the blocks it refers to', async () => {
    await using h = await harness();
    await h.within(async () => {
      const keys = await Keys.save('prod', { accessKey: 'AK', secret: 'hush' });
      const saved = await Lake.save('lake', { bucketName: 'b', tokens: { a: 'x' }, keys });
      const lake = await Lake.load('lake');
      expect({ ...lake }).toEqual({ ...saved });
      expect(lake.place('day=1')).toBe('AK@b/day=1');
      expect(lake.keys.secret).toBe('hush');
      expect(lake.tokens).toEqual({ a: 'x' });
      expect(placeOfBlock(lake)).toMatchObject({ name: 'lake', slug: 'lake-store' });
      expect(placeOfBlock(lake.keys)).toEqual(placeOfBlock(keys));
      expectTypeOf(lake.keys.region).toEqualTypeOf<string | null>();
    });
  });

  it('has names and a schema that other languages read', async () => {
    await using h = await harness();
    await h.within(() => Lake.register());
    const type = await h.client.blockTypes.readBySlug('lake-store');
    expect(type).toMatchObject({ name: 'LakeStore', slug: 'lake-store' });
    const [schema] = await h.client.blockSchemas.filter({ block_schemas: { block_type_id: { any_: [type.id] } } });
    expect(schema?.fields).toMatchObject({
      title: 'LakeStore',
      block_type_slug: 'lake-store',
      secret_fields: ['tokens.*', 'keys.secret'],
      required: ['bucket_name', 'keys'],
      properties: {
        bucket_name: { title: 'Bucket Name', description: 'Name of the bucket', type: 'string', position: 0 },
        tokens: { title: 'Tokens', type: 'object', default: {}, position: 1 },
        keys: { $ref: '#/definitions/AwsKeys', position: 2 },
      },
      block_schema_references: { keys: { block_type_slug: 'aws-keys' } },
    });
    expect(checksumOf(schema?.fields as never)).toBe(schema?.checksum);
  });

  it('is registered once, however often it is saved', async () => {
    await using h = await harness();
    await h.within(async () => {
      const keys = await Keys.save('one', { accessKey: 'a', secret: 's' });
      await Keys.save('two', { accessKey: 'a', secret: 's' });
      await Lake.save('lake', { bucketName: 'b', keys });
    });
    expect(await h.client.blockSchemas.filter()).toHaveLength(2);
  });

  it('does not show its secrets', async () => {
    await using h = await harness();
    await h.within(async () => {
      const keys = await Keys.save('prod', { accessKey: 'AK', secret: 'hush' });
      const lake = await Lake.save('lake', { bucketName: 'b', tokens: { a: 'hush' }, keys });
      for (const shown of [JSON.stringify(lake), inspect(lake, { depth: 9 }), `${inspect([keys])}`]) {
        expect(shown).toContain('**********');
        expect(shown).not.toContain('hush');
      }
    });
    expect((await h.client.blockDocuments.filter({})).map(({ data }) => JSON.stringify(data)).join()).not.toContain('hush');
  });

  it('replaces another only when told to, and can be removed', async () => {
    await using h = await harness();
    await h.within(async () => {
      const first = await Keys.save('k', { accessKey: 'a', secret: 's', region: 'eu' });
      await expect(Keys.save('k', { accessKey: 'b', secret: 's' })).rejects.toThrow(ConfigurationError);
      const second = await Keys.save('k', { accessKey: 'b', secret: 't' }, { overwrite: true });
      expect(placeOfBlock(second)?.id).toBe(placeOfBlock(first)?.id);
      expect({ ...(await Keys.load('k')) }).toEqual({ accessKey: 'b', secret: 't', region: null });
      expect(await Keys.delete('k')).toBe(true);
      expect(await Keys.delete('k')).toBe(false);
      await expect(Keys.load('k')).rejects.toThrow(ObjectNotFound);
    });
  });

  it('has to fit its schema, unless it is loaded without', async () => {
    await using h = await harness();
    await h.within(async () => {
      await expect(Keys.save('k', { accessKey: 1 } as never)).rejects.toThrow(ParameterTypeError);
      await Keys.save('k', { accessKey: 'a', secret: 's' });
      const Stricter = block('aws-keys', { schema: z.object({ accessKey: z.string().min(5), account: z.string() }) });
      await expect(Stricter.load('k')).rejects.toThrow(ParameterTypeError);
      expect(await Stricter.load('k', { validate: false })).toMatchObject({ accessKey: 'a', secret: 's' });
    });
  });

  it('of any kind is loaded as data, and an event tells of it', async () => {
    await using h = await harness();
    await h.within(async () => {
      const keys = await Keys.save('prod', { accessKey: 'AK', secret: 'hush' });
      await Lake.save('lake', { bucketName: 'b', keys });
      const lake = await block.untyped('lake-store/lake');
      expect(lake).toMatchObject({ slug: 'lake-store', data: { bucket_name: 'b', keys: { access_key: 'AK', secret: 'hush' } } });
      await expect(block.untyped('lake')).rejects.toThrow(InvalidNameError);
    });
    await h.flush();
    await vi.waitFor(async () => {
      const { events } = await h.client.events.filter({ filter: { event: { name: ['prefect.block.lake-store.loaded'] } } });
      expect(events[0]).toMatchObject({
        resource: { 'prefect.resource.name': 'lake' },
        related: [{ 'prefect.resource.id': 'prefect.block-type.lake-store', 'prefect.resource.role': 'block-type' }],
      });
    });
  });

  it('in the parameters of a run is loaded before the body sees it', async () => {
    await using h = await harness();
    const Account = block('account', { schema: z.object({ accessKey: z.string() }) });
    const keys = await h.within(() => Account.save('prod', { accessKey: 'AK' }));
    const $ref = { block_document_id: placeOfBlock(keys)?.id };
    const uses = flow('uses', async ({ list }: { list: unknown[] }) => (list[0] as { accessKey: string }).accessKey);
    expect(await (await h.run(uses, { list: [{ $ref }] })).result()).toBe('AK');
  });
});
