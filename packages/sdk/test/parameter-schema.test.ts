import type { StandardSchemaV1 } from '@standard-schema/spec';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { flow, registerJsonSchema } from '../src/index.ts';

describe('the parameter schema of a flow', () => {
  it('has titles and positions, and only needs what has no default', () => {
    const etl = flow(
      {
        name: 'etl',
        params: z.object({
          day: z.string().describe('which day'),
          depth: z.number().int().default(1),
          note: z.string().nullable().optional(),
        }),
      },
      async () => {},
    );
    expect(etl.parameterSchema()).toEqual({
      title: 'Parameters',
      type: 'object',
      properties: {
        day: { title: 'day', type: 'string', description: 'which day', position: 0 },
        depth: { title: 'depth', type: 'integer', default: 1, position: 1 },
        note: { title: 'note', anyOf: [{ type: 'string' }, { type: 'null' }], position: 2 },
      },
      required: ['day'],
    });
  });

  it('keeps shared definitions where Python looks for them', () => {
    const item = z.object({ x: z.number() }).meta({ id: 'Item' });
    const uses = flow({ name: 'uses', params: z.object({ a: item, b: item }) }, async () => {});
    const schema = uses.parameterSchema();
    expect(schema?.properties.a).toMatchObject({ $ref: '#/definitions/Item' });
    expect(schema?.definitions?.Item).toMatchObject({ type: 'object', title: 'Item' });
  });

  it('is empty for a flow without, and unknown when the library cannot write it', () => {
    expect(flow('bare', async () => {}).parameterSchema()).toEqual({ title: 'Parameters', type: 'object', properties: {} });
    const mute: StandardSchemaV1<{ a: string }> = {
      '~standard': { version: 1, vendor: 'mute', validate: (value) => ({ value: value as { a: string } }) },
    };
    const flowOfMute = flow({ name: 'mute', params: mute }, async () => {});
    expect(flowOfMute.parameterSchema()).toBeUndefined();
    registerJsonSchema('mute', () => ({ properties: { a: { type: 'string' } }, required: ['a'] }));
    expect(flowOfMute.parameterSchema()).toMatchObject({ properties: { a: { title: 'a', position: 0 } }, required: ['a'] });
  });
});
