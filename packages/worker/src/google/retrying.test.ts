import { expect, test } from 'vitest';
import { retrying } from './retrying.ts';

const QUICK = { attempts: 3, firstDelayMs: 1, maxDelayMs: 2 };
const answered = (status: number, headers = {}) =>
  Object.assign(new Error('refused'), { config: {}, response: { status, headers: new Headers(headers), data: {} } });
const unanswered = () => Object.assign(new Error('socket hang up'), { config: {} });

/** Fails with each of the errors in turn, and then answers. */
function failing(...errors: Error[]) {
  let calls = 0;
  const send = async () => {
    calls += 1;
    const error = errors.shift();
    if (error) throw error;
    return 'answer';
  };
  return { send, calls: () => calls };
}

test.each([408, 429, 500, 502, 503, 504])('a request that met %i is repeated', async (status) => {
  const { send, calls } = failing(answered(status), unanswered());
  expect(await retrying(QUICK)('Reading', send)).toBe('answer');
  expect(calls()).toBe(3);
});

test.each([400, 401, 403, 404, 409])('a request that met %i is not repeated', async (status) => {
  const { send, calls } = failing(answered(status));
  await expect(retrying(QUICK)('Reading', send)).rejects.toMatchObject({ status, message: `Reading: ${status}: refused` });
  expect(calls()).toBe(1);
});

test('what is no matter of the network, such as missing credentials, is not repeated', async () => {
  const { send, calls } = failing(new Error('Could not load the default credentials.'));
  await expect(retrying(QUICK)('Reading', send)).rejects.toThrow('Reading: Could not load the default credentials.');
  expect(calls()).toBe(1);
});

test('the last failure is thrown', async () => {
  const { send, calls } = failing(unanswered(), unanswered(), answered(503), unanswered());
  await expect(retrying(QUICK)('Reading', send)).rejects.toMatchObject({ status: 503 });
  expect(calls()).toBe(3);
});

test('a repetition is left out when the attempt before has done the work', async () => {
  const { send, calls } = failing(unanswered());
  expect(await retrying(QUICK)('Creating', send, async () => 'found')).toBe('found');
  expect(calls()).toBe(1);
});

test('an abort ends the pause and throws its reason', async () => {
  const stop = new AbortController();
  const { send } = failing(answered(429, { 'retry-after': '3600' }));
  const request = retrying(QUICK, stop.signal)('Reading', send);
  stop.abort(new Error('enough'));
  await expect(request).rejects.toThrow('enough');
});
