import { afterEach, describe, expect, test, vi } from 'vitest';
import { type PollLoop, type PollLoopOptions, startPollLoop } from './poll-loop.ts';

let loop: PollLoop | undefined;
afterEach(async () => {
  await loop?.stop();
  vi.useRealTimers();
});

function start(poll: () => Promise<void>, options: Partial<PollLoopOptions> = {}): PollLoop {
  loop = startPollLoop({
    poll,
    everySeconds: 3600,
    isFatal: () => false,
    onTrouble: () => undefined,
    onRecovery: () => undefined,
    ...options,
  });
  return loop;
}

/** A poll that tells when it is called, and ends when it is let. */
function controlled() {
  const calls: PromiseWithResolvers<void>[] = [];
  let arrived = Promise.withResolvers<void>();
  return {
    poll: () => {
      const call = Promise.withResolvers<void>();
      calls.push(call);
      arrived.resolve();
      arrived = Promise.withResolvers<void>();
      return call.promise;
    },
    calls,
    next: () => arrived.promise,
  };
}

describe('startPollLoop', () => {
  test('polls at once when it is woken', async () => {
    const { poll, calls, next } = controlled();
    const running = start(poll);
    calls[0]?.resolve();
    await Promise.resolve();
    const woken = next();
    running.wake();
    await woken;
    expect(calls).toHaveLength(2);
    calls[1]?.resolve();
  });

  test('polls once more when it was woken during a poll', async () => {
    const { poll, calls, next } = controlled();
    const running = start(poll);
    const again = next();
    running.wake();
    running.wake();
    calls[0]?.resolve();
    await again;
    expect(calls).toHaveLength(2);
    calls[1]?.resolve();
  });

  test('spreads its polls by up to 30 %', async () => {
    vi.useFakeTimers();
    const poll = vi.fn(async () => undefined);
    start(poll, { everySeconds: 10, random: () => 1 });
    await vi.advanceTimersByTimeAsync(12_900);
    expect(poll).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(poll).toHaveBeenCalledTimes(2);
  });

  test('outlives any number of failures, backing off to half a minute, and tells when they are over', async () => {
    vi.useFakeTimers();
    let broken = true;
    const pauses: number[] = [];
    const recoveries: number[] = [];
    start(
      async () => {
        if (broken) throw new Error('down');
      },
      {
        everySeconds: 1,
        random: () => 0.5,
        onTrouble: (_, failures, seconds) => {
          pauses.push(seconds);
          if (failures === 20) broken = false;
        },
        onRecovery: (failures) => recoveries.push(failures),
      },
    );
    await vi.advanceTimersByTimeAsync(600_000);
    expect(pauses.slice(0, 7)).toEqual([1, 2, 4, 8, 16, 30, 30]);
    expect(recoveries).toEqual([20]);
  });

  test('ends with an error that trying again cannot mend', async () => {
    const running = start(() => Promise.reject(new Error('refused')), { isFatal: () => true });
    await expect(running.ended).rejects.toThrow('refused');
  });

  test('waits for the poll under way when it is stopped', async () => {
    const { poll, calls } = controlled();
    const running = start(poll);
    let stopped = false;
    const stop = running.stop().then(() => {
      stopped = true;
    });
    await Promise.resolve();
    expect(stopped).toBe(false);
    calls[0]?.resolve();
    await stop;
    expect(calls).toHaveLength(1);
  });
});
