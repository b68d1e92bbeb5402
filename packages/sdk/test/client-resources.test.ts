import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod';
import { ConfigurationError, flow, getClient, ParameterTypeError, Variable } from '../src/index.ts';
import { harness } from '../src/testing/index.ts';

describe('getClient()', () => {
  it('has the operations as methods by resource', async () => {
    await using h = await harness();
    const { id } = await h.client.flows.create({ name: 'etl' });
    expect(await h.client.flows.readByName('etl')).toMatchObject({ id, name: 'etl' });
    expect(await h.client.flows.filter({ flows: { name: { any_: ['etl'] } } })).toHaveLength(1);
    await h.client.flows.update(id, { tags: ['nightly'] });
    expect((await h.client.flows.read(id)).tags).toEqual(['nightly']);
    expect(await h.client.blockDocuments.count()).toBe(0);
    await h.client.flows.delete(id);
    expect(await h.client.flows.filter()).toEqual([]);
  });

  it('is the connection of the run inside one, and stays open when it is disposed of', async () => {
    await using h = await harness();
    const body = flow('f', async () => {
      await (await getClient())[Symbol.asyncDispose]();
      return (await getClient()).server.readHealth();
    });
    expect(await (await h.run(body)).result()).toBe(true);
  });

  it('is what the contract document gives', async () => {
    const generator = new URL('../generate-client.ts', import.meta.url).pathname;
    await promisify(execFile)(process.execPath, [generator, '--check']);
  });
});

describe('variables', () => {
  it('are set, read, replaced only when told to, and removed', async () => {
    await using h = await harness();
    await h.within(async () => {
      expect(await Variable.get('limits')).toBeNull();
      expect(await Variable.get('limits', { max: 1 })).toEqual({ max: 1 });
      await Variable.set('limits', { max: 5 }, { tags: ['a'] });
      expect(await Variable.get('limits')).toEqual({ max: 5 });
      await expect(Variable.set('limits', 1)).rejects.toThrow('exists already');
      await Variable.set('limits', { max: 6 }, { overwrite: true });
      expect(await h.client.variables.readByName('limits')).toMatchObject({ value: { max: 6 }, tags: ['a'] });
      expect(await Variable.unset('limits')).toBe(true);
      expect(await Variable.unset('limits')).toBe(false);
    });
  });

  it('are checked and typed by a schema', async () => {
    await using h = await harness();
    const schema = z.object({ max: z.number(), names: z.array(z.string()).default([]) });
    await h.within(async () => {
      await Variable.set('limits', { max: 5 });
      const limits = await Variable.get('limits', schema);
      expectTypeOf(limits).toEqualTypeOf<{ max: number; names: string[] } | null>();
      expect(limits).toEqual({ max: 5, names: [] });
      expect(await Variable.get('others', schema, { max: 0, names: [] })).toEqual({ max: 0, names: [] });
      await Variable.set('limits', { max: 'many' }, { overwrite: true });
      await expect(Variable.get('limits', schema)).rejects.toThrow(ParameterTypeError);
    });
  });

  it('too long for the server are refused here', async () => {
    await using h = await harness();
    await expect(h.within(() => Variable.set('long', 'x'.repeat(5000)))).rejects.toThrow(ConfigurationError);
  });
});
