import { flow, task } from 'prefect-ts';

const greet = task({ name: 'greet' }, ({ name }: { name: string }) => `Hello, ${name}!`);

export const hello = flow({ name: 'hello' }, async ({ name = 'world' }: { name?: string }, { log }) => {
  log.info(await greet({ name }));
});
