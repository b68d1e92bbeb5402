import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { RefusedRequest } from './api.ts';
import { runRound } from './load.ts';
import { NotAccepted } from './measures/measure.ts';

/** An API that nothing is sent to. */
const idle = { requests: 0, close: () => undefined };

/** A clock that moves on by a millisecond whenever it is read. */
function tickingClock(): () => number {
  let now = 0;
  return () => ++now;
}

test('units of clients that work at once all count', async () => {
  let done = 0;
  const step = async () => {
    await turn();
    done += 3;
    return 3;
  };
  const api = {
    get requests() {
      return done;
    },
    close: () => undefined,
  };
  const result = await runRound({ step }, 16, 0.2, api, 10_000, tickingClock());
  expect(result.units).toBe(done);
  expect(result.latencies).toHaveLength(done / 3);
  expect(result.requests).toBe(done);
});

test('each client works for itself, one step after the other', async () => {
  const working = new Set<number>();
  const seen = new Set<number>();
  const step = async (client: number) => {
    expect(working.has(client)).toBe(false);
    working.add(client);
    seen.add(client);
    await turn();
    working.delete(client);
    return 1;
  };
  const result = await runRound({ step }, 3, 0.2, idle, 10_000, tickingClock());
  expect(result.errors).toEqual({});
  expect([...seen]).toEqual([0, 1, 2]);
});

test('a step that fails is an error of its kind and no unit', async () => {
  const failures = [
    new RefusedRequest('POST', '/x', 503, ''),
    new NotAccepted(''),
    Object.assign(new Error(), { code: 'ECONNRESET' }),
  ];
  const step = async () => {
    await turn();
    const failure = failures.pop();
    if (failure !== undefined) throw failure;
    return 1;
  };
  const result = await runRound({ step }, 1, 0.2, idle, 10_000, tickingClock());
  expect(result.errors).toEqual({ 503: 1, 'not accepted': 1, ECONNRESET: 1 });
  expect(result.units).toBe(result.latencies.length);
});

test('the round ends when everything has become visible', async () => {
  let settled = false;
  const settle = async () => {
    await turn();
    settled = true;
  };
  await runRound({ step: async () => 1, settle }, 1, 0.01, idle, 10_000, tickingClock());
  expect(settled).toBe(true);
});

test('a step that outlasts the grace of its round is broken off and counts as unfinished', async () => {
  const hanging = Promise.withResolvers<number>();
  const api = { requests: 0, close: () => hanging.reject(new Error('socket hang up')) };
  const result = await runRound({ step: () => hanging.promise }, 2, 0.01, api, 1, tickingClock());
  expect(result.errors).toEqual({ unfinished: 2 });
  expect(result.units).toBe(0);
});
