import { flow, task } from 'prefect-ts';
import * as z from 'zod';

const greet = task({ name: 'greet' }, ({ name }: { name: string }) => `Hello, ${name}!`);

const params = z.object({ name: z.string().default('world') });

export const hello = flow({ name: 'hello', params }, async ({ name }, { log }) => {
  log.info(await greet({ name }));
});
