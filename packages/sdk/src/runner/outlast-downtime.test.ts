import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { accept, type Call, proposed, type ScriptedApi, scriptedApi } from '../../test/scripted-api.ts';
import { ApiUnreachable, PrefectHTTPStatusError } from '../client/errors.ts';
import { outlastDowntime } from './outlast-downtime.ts';
import { proposeState } from './propose-state.ts';

describe('outlastDowntime', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const answered = (status: number) => new PrefectHTTPStatusError({ method: 'POST', url: 'http://api', status, body: '' });

  test('calls until the server is back', async () => {
    const troubles = [new ApiUnreachable('down', 'http://api'), answered(503), answered(429)];
    const result = outlastDowntime(async () => {
      const trouble = troubles.shift();
      if (trouble) throw trouble;
      return 'done';
    });
    await vi.runAllTimersAsync();
    expect(await result).toBe('done');
  });

  test('gives up when its patience is over', async () => {
    const result = outlastDowntime(() => Promise.reject(answered(503)), 60);
    const failed = expect(result).rejects.toThrow(/503/);
    await vi.advanceTimersByTimeAsync(90_000);
    await failed;
  });

  test('does not try again what cannot succeed', async () => {
    await expect(outlastDowntime(() => Promise.reject(answered(404)))).rejects.toThrow(/404/);
  });
});

describe('proposeState', () => {
  let api: ScriptedApi;
  beforeEach(async () => {
    api = await scriptedApi();
  });
  afterEach(() => api[Symbol.asyncDispose]());

  const propose = () => proposeState(api.client, 'r1', { type: 'PENDING', name: 'Pending' });

  test('tells whether the run is in the state now', async () => {
    api.on('POST /flow_runs/r1/set_state', accept);
    expect(await propose()).toMatchObject({ accepted: true, state: { type: 'PENDING' } });
  });

  test.each([
    ['ABORT', null, 'no'],
    ['REJECT', { type: 'SCHEDULED', state_details: {} }, 'later'],
    ['ACCEPT', { type: 'SCHEDULED', state_details: {} }, undefined],
  ])('is not accepted by %s with %j', async (status, state, reason) => {
    api.on('POST /flow_runs/r1/set_state', { body: { status, state, details: { reason } } });
    expect(await propose()).toMatchObject({ accepted: false, reason });
  });

  test('recognises its own state when the first answer was lost', async () => {
    let sent: Call['body'];
    api.on('POST /flow_runs/r1/set_state', (call) => {
      if (sent === undefined) {
        sent = call.body;
        return { status: 503 };
      }
      expect(call.body).toEqual(sent);
      const details = { reason: 'This run has already made this state transition.' };
      return { body: { status: 'REJECT', details, state: { ...proposed(sent) } } };
    });
    expect((await propose()).accepted).toBe(true);
  });
});
