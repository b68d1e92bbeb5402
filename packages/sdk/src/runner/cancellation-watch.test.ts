import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { type ScriptedApi, scriptedApi } from '../../test/scripted-api.ts';
import { type CancellationWatch, watchCancellations } from './cancellation-watch.ts';

let api: ScriptedApi;
let watch: CancellationWatch | undefined;
beforeEach(async () => {
  api = await scriptedApi();
  api.on('POST /flow_runs/filter', { body: [] });
});
afterEach(async () => {
  watch?.close();
  await api[Symbol.asyncDispose]();
});

/** Lets the watch listen; gives a way to tell it that a run is to be cancelled. */
function listening(): Promise<(flowRunId: string) => void> {
  const ready = Promise.withResolvers<(flowRunId: string) => void>();
  api.onSocket('/events/out', (socket: WebSocket) => {
    socket.on('message', () =>
      ready.resolve((flowRunId) => {
        const resource = { 'prefect.resource.id': `prefect.flow-run.${flowRunId}` };
        const event = { id: `event-of-${flowRunId}`, event: 'prefect.flow-run.Cancelling', resource };
        socket.send(JSON.stringify({ type: 'event', event }));
      }),
    );
  });
  return ready.promise;
}

const cancelled = (flowRunId: string) => new Promise<void>((resolve) => watch?.watch(flowRunId, resolve));

describe('watchCancellations', () => {
  test('hears of a run by its event, once', async () => {
    const tell = listening();
    watch = watchCancellations(api.client);
    let times = 0;
    watch.watch('r1', () => {
      times += 1;
    });
    const other = cancelled('r2');
    (await tell)('r1');
    (await tell)('r1');
    (await tell)('r2');
    await other;
    expect(times).toBe(1);
  });

  test('remembers a run that was cancelled before anybody watched it', async () => {
    const tell = listening();
    watch = watchCancellations(api.client);
    const other = cancelled('r2');
    (await tell)('r1');
    (await tell)('r2');
    await other;
    await cancelled('r1');
  });

  test('asks the server while it cannot listen', async () => {
    watch = watchCancellations(api.client, 0.01);
    const run = cancelled('r1');
    await api.called('POST /flow_runs/filter');
    api.on('POST /flow_runs/filter', { body: [{ id: 'r1' }] });
    await run;
    expect(api.bodies('POST /flow_runs/filter')[0]).toEqual({
      flow_runs: { id: { any_: ['r1'] }, state: { type: { any_: ['CANCELLING'] } } },
    });
  });

  test('asks once it can listen again, for what it missed', async () => {
    let tell = listening();
    watch = watchCancellations(api.client, 3600);
    await tell;
    await api.pause();
    tell = listening();
    const run = cancelled('r1');
    api.on('POST /flow_runs/filter', { body: [{ id: 'r1' }] });
    await api.resume();
    await run;
  });
});
