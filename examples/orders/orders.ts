import { artifacts, block, concurrency, flow, pause, task, transaction, Variable } from 'prefect-ts';
import * as z from 'zod';

/** Where the money goes. Save one with `Shop.save('main', …)`, or in the dashboard. */
export const Shop = block('shop', {
  schema: z.object({ currency: z.string().length(3), apiKey: z.string() }),
  secrets: ['apiKey'],
});

const Order = z.object({ item: z.string(), amount: z.number().positive() });
type Order = z.infer<typeof Order>;

export const reserve = task(
  { name: 'reserve', on: { rollback: (txn) => console.log(`${txn.get('item')} is back on the shelf`) } },
  async ({ item }: Order) => `one ${item} set aside`,
);

/** The bank takes few requests at once: a limit named `bank` says how many. */
export const charge = task({ name: 'charge', retries: 2 }, async ({ amount, currency }: { amount: number; currency: string }) =>
  concurrency('bank', { timeout: '1m' }, async (signal) => {
    signal.throwIfAborted();
    return `${amount} ${currency}`;
  }),
);

/** Takes an order: large ones wait for a person, and what was reserved goes back when the payment fails. */
export const takeOrder = flow({ name: 'take-order', params: Order, runName: 'order of {item}' }, async (order) => {
  const { approval } = await Variable.get('order-limits', z.object({ approval: z.number() }), { approval: 1000 });
  if (order.amount > approval) {
    const { approved } = await pause({
      input: z.object({ approved: z.boolean() }),
      title: `Sell ${order.item} for ${order.amount}?`,
      timeout: '1d',
    });
    if (!approved) return 'declined';
  }
  const { currency } = await Shop.load('main');
  const paid = await transaction(async (txn) => {
    txn.set('item', order.item);
    await reserve(order);
    return charge({ amount: order.amount, currency });
  });
  await artifacts.markdown({ key: 'receipt', markdown: `${order.item}: ${paid}` });
  return paid;
});
