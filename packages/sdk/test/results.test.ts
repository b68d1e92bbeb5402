import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { hashOf } from '../src/cache/hash.ts';
import { CachePolicy, flow, RemoteError, SerializationError, task } from '../src/index.ts';
import type { ResultMetadata } from '../src/results/metadata.ts';
import { readResult } from '../src/results/read.ts';
import { deserializeResult, JSON_SERIALIZER, serializeResult } from '../src/results/serializer.ts';
import { aServer } from './fixture.ts';

describe('the json serializer', () => {
  it.each([
    ['plain data', { a: [1, 2.5, null, true, 'é"'] }, '{"a": [1, 2.5, null, true, "\\u00e9\\""]}'],
    ['a date', new Date('2026-01-02T03:04:05.678Z'), '{"__class__": "datetime.datetime", "data": "2026-01-02T03:04:05.678Z"}'],
    ['a set', new Set([1, 2]), '{"__class__": "builtins.set", "data": [1, 2]}'],
    ['a map', new Map([['k', 1]]), '{"__class__": "js.Map", "data": [["k", 1]]}'],
    ['text in bytes', new TextEncoder().encode('hi'), '{"__class__": "builtins.bytes", "data": "hi"}'],
    ['other bytes', Uint8Array.of(255, 0), '{"__class__": "js.Uint8Array", "data": "/wA="}'],
    ['a large integer', 12345678901234567890n, '12345678901234567890'],
    ['numbers that JSON lacks', [Number.NaN, Number.POSITIVE_INFINITY, 'NaN'], '[NaN, Infinity, "NaN"]'],
    ['small numbers', [0.00001, 1e-7, 0.001], '[1e-05, 1e-07, 0.001]'],
  ])('writes %s as Python does, and reads it again', (_, value, text) => {
    expect(serializeResult(value)).toBe(text);
    expect(deserializeResult(text, JSON_SERIALIZER)).toEqual(value);
  });

  it('brings errors back with class, message and cause', () => {
    const error = new TypeError('no', { cause: new Error('deeper') });
    const read = deserializeResult(serializeResult(error), JSON_SERIALIZER);
    expect(read).toBeInstanceOf(TypeError);
    expect(read).toMatchObject({ message: 'no', stack: error.stack, cause: { message: 'deeper' } });
    const python = deserializeResult('{"__exc_type__": "builtins.ValueError", "message": "bad"}', JSON_SERIALIZER);
    expect(python).toBeInstanceOf(RemoteError);
    expect(python).toMatchObject({ pyType: 'builtins.ValueError', message: 'bad' });
  });

  it('leaves objects of unknown classes as they are', () => {
    const text = '{"__class__": "app.Model", "data": {"x": 1}}';
    expect(deserializeResult(text, JSON_SERIALIZER)).toEqual(JSON.parse(text));
  });

  it('names the place of a value that it cannot write', () => {
    expect(() => serializeResult({ items: [1, { socket: () => {} }] })).toThrow(/\$\.items\[1\]\.socket/);
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(() => serializeResult(loop)).toThrow(SerializationError);
  });
});

describe('kept results', () => {
  it('of a task are a record that names its key, in the event too', async () => {
    const { server, session, storage, within } = await aServer();
    const rows = task({ name: 'rows', persist: true }, async () => [1, 2]);
    await within(() => flow('f', async () => rows())());
    await session.flush();

    const { data } = server.eventsOf('rows').at(-1).payload.validated_state;
    expect(data).toMatchObject({ serializer: { type: 'json' }, expiration: null, storage_block_id: null });
    expect(data.storage_key.startsWith(`${storage}/`)).toBe(true);
    expect(JSON.parse(await readFile(data.storage_key, 'utf8'))).toEqual({
      metadata: { ...data, serializer: JSON_SERIALIZER },
      result: '[1, 2]',
    });
  });

  it('of a flow are the bare value; the state says where', async () => {
    const { server, within } = await aServer();
    await within(() => flow({ name: 'f', persist: true }, async () => ({ n: 7 }))());
    const metadata = server.proposedStates.at(-1)?.data as ResultMetadata;
    expect(await readFile(metadata.storage_key, 'utf8')).toBe('{"n": 7}');
    expect(await within(() => readResult(metadata))).toEqual({ n: 7 });
  });

  it('that cannot be written leave the run completed', async () => {
    const { within } = await aServer();
    const odd = flow({ name: 'f', persist: true }, async () => () => 'function');
    const state = await within(() => odd.state());
    expect(state.isCompleted()).toBe(true);
    expect(state.metadata).toBeNull();
  });
});

describe('cache keys', () => {
  const context = {
    taskName: 't',
    taskVersion: '1',
    taskSource: '() => 1',
    flowRunId: 'fr',
    taskRunId: 'tr',
    flowParameters: { day: 'x' },
  };

  it('are those that Python computes for the same JSON', async () => {
    expect(hashOf('a', 'b')).toBe('7bc8af5d17ed9e038a77b1a1741b258d');
    expect(await CachePolicy.inputs.keyFor(context, { a: 1 })).toBe(hashOf({ a: 1 }));
    expect(await CachePolicy.runId.keyFor(context, {})).toBe('fr');
    expect(await CachePolicy.runId.and(CachePolicy.inputs).keyFor(context, { a: 1 })).toBe(hashOf('fr', hashOf({ a: 1 })));
    expect(await CachePolicy.inputs.and(CachePolicy.runId).keyFor(context, { a: 1 })).toBe(hashOf('fr', hashOf({ a: 1 })));
  });

  it('of the source follow the text of the body', async () => {
    expect(await CachePolicy.source.keyFor(context, {})).toBe(hashOf('() => 1'));
  });

  it.each([
    ['no inputs', CachePolicy.inputs, undefined],
    ['empty inputs', CachePolicy.inputs, {}],
    ['no policy', CachePolicy.none, { a: 1 }],
    ['a function that says so', CachePolicy.key(() => null), { a: 1 }],
  ])('are none for %s', async (_, policy, input) => {
    expect(await policy.keyFor(context, input)).toBeNull();
  });

  it('leave out what is to be left out', async () => {
    const policy = CachePolicy.inputs.and(CachePolicy.version).without('verbose');
    expect(await policy.keyFor(context, { a: 1, verbose: true })).toBe(await policy.keyFor(context, { a: 1, verbose: false }));
    expect(await policy.keyFor(context, { a: 1 })).not.toBe(await policy.keyFor(context, { a: 2 }));
  });
});

describe('a cached task', () => {
  it('runs once for equal inputs, over flow runs, and says Cached', async () => {
    const { server, session, within } = await aServer();
    let calls = 0;
    const slow = task({ name: 'slow', cache: 'inputs' }, async ({ n }: { n: number }) => ({
      n,
      calls: ++calls,
      at: new Date(0),
    }));
    const twice = flow('twice', async ({ n }: { n: number }) => slow({ n }));

    const first = await within(() => twice({ n: 1 }));
    expect(await within(() => twice({ n: 1 }))).toEqual(first);
    await within(() => twice({ n: 2 }));
    await session.flush();

    expect(calls).toBe(2);
    expect(server.taskStates('slow')).toEqual([
      'Pending',
      'Running',
      'Completed',
      'Pending',
      'Running',
      'Cached',
      'Pending',
      'Running',
      'Completed',
    ]);
  });

  it('runs again when its result has expired, or is to be renewed', async () => {
    const { within } = await aServer();
    let calls = 0;
    const options = { name: 'slow', cache: { policy: CachePolicy.key(() => 'key'), expires: 0 } };
    const slow = task(options, async () => ++calls);
    await within(() => flow('f', async () => [await slow(), await slow()])());
    expect(calls).toBe(2);
    const renewed = slow.with({ cache: CachePolicy.key(() => 'other'), refreshCache: true });
    await within(() => flow('f', async () => [await renewed(), await renewed()])());
    expect(calls).toBe(4);
  });

  it('never takes a failure for a result', async () => {
    const { within } = await aServer();
    let calls = 0;
    const failing = task({ name: 'failing', cache: 'inputs' }, async ({ n }: { n: number }) => {
      if (++calls === 1) throw new Error('first');
      return n;
    });
    await within(() => flow('f', async () => failing({ n: 1 })).state());
    expect(await within(() => flow('f', async () => failing({ n: 1 }))())).toBe(1);
  });
});
