import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  AcquireConcurrencySlotTimeoutError,
  ConcurrencyLeaseLost,
  ConcurrencySlotAcquisitionError,
  concurrency,
  flow,
  rateLimit,
  task,
} from '../src/index.ts';
import { Pulse } from '../src/pulse/pulse.ts';
import { loadSettings } from '../src/settings/index.ts';
import { type Harness, harness } from '../src/testing/index.ts';

async function slotsOf(h: Harness, name: string): Promise<number> {
  return (await h.client.concurrencyLimits.read(name)).active_slots;
}

function eventsNamed(h: Harness, prefix: string) {
  return vi.waitFor(async () => {
    const { events } = await h.client.events.filter({ filter: { event: { prefix: [prefix] } } });
    if (events.length === 0) throw new Error(`no event ${prefix}`);
    return events;
  }, 10_000);
}

function startProgram(h: Harness, name: string, ...args: string[]): ChildProcess {
  const file = new URL(`./flows/${name}`, import.meta.url).pathname;
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...process.env, ...h.environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

describe('concurrency()', () => {
  it('lets only so many work at once, and gives the slots back', async () => {
    await using h = await harness();
    await h.client.concurrencyLimits.create({ name: 'db', limit: 2 });
    let most = 0;
    let now = 0;
    const query = task('query', async () =>
      concurrency('db', async () => {
        most = Math.max(most, ++now);
        expect(await slotsOf(h, 'db')).toBeGreaterThanOrEqual(now);
        now--;
      }),
    );
    const run = await h.run(flow('f', async () => void (await query.map([1, 2, 3], () => undefined).results())));
    await run.result();
    expect(most).toBeLessThanOrEqual(2);
    expect(await slotsOf(h, 'db')).toBe(0);
  });

  it('tells of slots taken and given back with an event for each limit', async () => {
    await using h = await harness();
    for (const name of ['a', 'b']) await h.client.concurrencyLimits.create({ name, limit: 3 });
    await h.run(flow('f', async () => concurrency(['a', 'b'], { slots: 2 }, () => 'done')));
    const released = await eventsNamed(h, 'prefect.concurrency-limit.released');
    const acquired = await eventsNamed(h, 'prefect.concurrency-limit.acquired');
    expect(acquired.map(({ resource }) => resource['prefect.resource.name']).sort()).toEqual(['a', 'b']);
    expect(released.map(({ follows }) => follows).sort()).toEqual(acquired.map(({ id }) => id).sort());
    expect(acquired[0]?.resource).toMatchObject({ 'slots-acquired': '2', limit: '3' });
    expect(acquired[0]?.related.map((each) => each['prefect.resource.role'])).toContain('concurrency-limit');
  });

  it('gives the slots back when the work throws, and when it is stopped', async () => {
    await using h = await harness();
    await h.client.concurrencyLimits.create({ name: 'db', limit: 1 });
    await h.within(async () => {
      await expect(concurrency('db', () => Promise.reject(new TypeError('no')))).rejects.toThrow(new TypeError('no'));
      expect(await slotsOf(h, 'db')).toBe(0);
      const slow = flow({ name: 'slow', timeout: '50ms' }, async () => concurrency('db', () => new Promise(() => {})));
      expect((await slow.state()).name).toBe('TimedOut');
    });
    await vi.waitFor(async () => expect(await slotsOf(h, 'db')).toBe(0), 10_000);
  });

  it('gives the slots back when the process is told to end', async () => {
    await using h = await harness();
    await h.client.concurrencyLimits.create({ name: 'db', limit: 1 });
    const child = startProgram(h, 'slots.ts');
    if (child.stdout) await once(child.stdout, 'data');
    expect(await slotsOf(h, 'db')).toBe(1);
    child.kill('SIGTERM');
    await once(child, 'exit');
    expect(await slotsOf(h, 'db')).toBe(0);
  });

  it('waits no longer than asked', async () => {
    await using h = await harness();
    await h.client.concurrencyLimits.create({ name: 'db', limit: 1 });
    await h.within(() =>
      concurrency('db', async () => {
        await expect(concurrency('db', { timeout: '50ms' }, () => 1)).rejects.toThrow(AcquireConcurrencySlotTimeoutError);
      }),
    );
  });

  it('goes on without limits that do not exist, unless it is strict', async () => {
    await using h = await harness();
    await h.within(async () => {
      expect(await concurrency('none', () => 'done')).toBe('done');
      expect(await concurrency([], () => 'done')).toBe('done');
      await expect(concurrency('none', { strict: true }, () => 'done')).rejects.toThrow(ConcurrencySlotAcquisitionError);
    });
  });

  it('stops strict work that has lost its slots', async () => {
    await using h = await harness();
    await h.client.concurrencyLimits.create({ name: 'db', limit: 1 });
    // The shortest lease is a minute; the loss is told as the thread would tell it.
    vi.spyOn(Pulse.prototype, 'keep').mockImplementation((_job, _every, onLost) => {
      setImmediate(() => onLost?.('answered 410'));
      return () => {};
    });
    onTestFinished(() => void vi.restoreAllMocks());
    await h.within(async () => {
      let seen: unknown;
      const lost = concurrency('db', { strict: true }, async (signal) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        seen = signal.reason;
      });
      await expect(lost).rejects.toThrow(ConcurrencyLeaseLost);
      expect(seen).toBeInstanceOf(ConcurrencyLeaseLost);
      expect(await concurrency('db', { stopOnLoss: false }, () => 'on')).toBe('on');
    });
  });
});

describe('rateLimit()', () => {
  it('takes slots that come back by themselves', async () => {
    await using h = await harness();
    await h.client.concurrencyLimits.create({ name: 'api', limit: 1, slot_decay_per_second: 20 });
    await h.within(async () => {
      await rateLimit('api');
      expect(await slotsOf(h, 'api')).toBe(1);
      await rateLimit('api', { timeout: '5s' });
      await rateLimit('none');
      await expect(rateLimit('none', { strict: true })).rejects.toThrow(ConcurrencySlotAcquisitionError);
    });
  });
});

describe('a process whose event loop is blocked', () => {
  it('still says that it is alive, and keeps its slots', async () => {
    await using h = await harness();
    await h.client.concurrencyLimits.create({ name: 'db', limit: 1 });
    const lease = await h.client.concurrencyLimits.incrementWithLease({ names: ['db'], slots: 1, lease_duration: 60 });
    const renewals: string[] = [];
    const child = startProgram(h, 'blocking.ts', lease.lease_id);
    if (child.stdout) await once(child.stdout, 'data');
    renewals.push(...(await eventsNamed(h, 'prefect.flow-run.heartbeat')).map(({ id }) => id));
    await vi.waitFor(async () => {
      const { total } = await h.client.events.filter({ filter: { event: { prefix: ['prefect.flow-run.heartbeat'] } } });
      expect(total).toBeGreaterThan(renewals.length);
    }, 10_000);
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  it('is not kept alive by it', async () => {
    await using h = await harness();
    const child = startProgram(h, 'ending.ts');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('is told when a lease is gone', async () => {
    await using h = await harness();
    const pulse = new Pulse(loadSettings({ env: h.environment }));
    onTestFinished(() => pulse.close());
    const lost = Promise.withResolvers<string>();
    pulse.keep({ kind: 'lease', leaseId: crypto.randomUUID(), seconds: 60 }, 0.01, lost.resolve);
    expect(await lost.promise).toContain('410');
  });
});
