import { resume, Variable } from 'prefect-ts';
import { type Harness, harness, mock } from 'prefect-ts/testing';
import { expect, it, vi } from 'vitest';
import { charge, Shop, takeOrder } from './orders.ts';

async function aShop(): Promise<Harness> {
  const h = await harness();
  await h.within(() => Shop.save('main', { currency: 'EUR', apiKey: 'hush' }));
  await h.client.concurrencyLimits.create({ name: 'bank', limit: 1 });
  return h;
}

it('takes a small order at once', async () => {
  await using h = await aShop();
  const run = await h.run(takeOrder, { item: 'tea', amount: 4 });
  expect(await run.result()).toBe('4 EUR');
  expect(run.flowRun.name).toBe('order of tea');
  expect((await h.client.artifacts.readLatest('receipt')).data).toBe('tea: 4 EUR');
});

it('asks about a large one', async () => {
  await using h = await aShop();
  await h.within(() => Variable.set('order-limits', { approval: 100 }));
  const running = h.run(takeOrder, { item: 'samovar', amount: 500 });
  await vi.waitFor(async () => {
    const [paused] = await h.client.flowRuns.filter({ flow_runs: { state: { type: { any_: ['PAUSED'] } } } });
    await h.within(() => resume(paused?.id ?? '', { approved: false }));
  }, 10_000);
  expect(await (await running).result()).toBe('declined');
});

it('gives back what was reserved when the payment fails', async () => {
  await using h = await aShop();
  const told = vi.spyOn(console, 'log').mockReturnValue();
  const refused = mock(charge, () => Promise.reject(new Error('no money')));
  const run = await h.run(takeOrder, { item: 'tea', amount: 4 }, { mocks: [refused] });
  expect(told.mock.calls).toEqual([['tea is back on the shelf']]);
  told.mockRestore();
  expect(run.task('reserve').states.at(-1)).toBe('RolledBack');
  expect(run.task('charge').states.filter((name) => name === 'Retrying')).toHaveLength(2);
});
