import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AcquireConcurrencySlotTimeoutError, concurrency } from 'prefect-ts';
import { harness } from 'prefect-ts/testing';
import { expect, it, onTestFinished } from 'vitest';
import { answering } from '../server-process.ts';
import { aPythonClient } from './python.ts';

it('a slot that Python holds is not given to TypeScript before Python gives it back', async () => {
  await using h = await harness();
  await h.client.concurrencyLimits.create({ name: 'shared', limit: 1 });
  const python = await aPythonClient(h.apiUrl);
  const leave = join(h.home, 'leave');
  const holder = python.start('python', '../sdk-flows/slots.py', leave);
  onTestFinished(() => void holder.kill('SIGKILL'));
  await answering(holder, (text) => text.includes('holding'));
  await h.within(async () => {
    await expect(concurrency('shared', { timeout: '100ms' }, () => 'mine')).rejects.toThrow(AcquireConcurrencySlotTimeoutError);
    const waiting = concurrency('shared', { timeout: '60s' }, () => 'mine');
    await writeFile(leave, '');
    await once(holder, 'exit');
    expect(await waiting).toBe('mine');
  });
});
