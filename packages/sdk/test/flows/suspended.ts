import { flow, suspend, task } from 'prefect-ts';
import * as z from 'zod';

const once = task({ name: 'once', persist: true }, async () => ({ at: Math.random() }));

/** Asks for a person in the middle; what came before is kept. */
export const approval = flow('approval', async () => {
  const { at } = await once();
  const { approved } = await suspend({ input: z.object({ approved: z.boolean() }), title: 'Approve?' });
  return { at, approved };
});

const turn = task('turn', async ({ n }: { n: number }) => {
  await new Promise((resolve) => setTimeout(resolve, 50));
  return n;
});

/** Goes on until it is stopped. */
export const endless = flow('endless', async () => {
  for (let n = 0; ; n++) await turn({ n });
});
