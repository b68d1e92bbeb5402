import { flow, task } from 'prefect-ts';

const step = task('step', async ({ n }: { n: number }) => n + 1);

const forever = task('forever', () => new Promise<never>(() => {}));

export const add = flow({ name: 'add', version: 'of-the-file', retries: 1 }, async ({ n }: { n: number }) => step({ n }));

export const fail = flow('fail', async () => {
  throw new Error('as asked');
});

export const wait = flow(
  {
    name: 'wait',
    on: {
      cancellation: () => console.log('cancellation hook'),
      crashed: () => console.log('crashed hook'),
    },
  },
  async () => {
    // Keeps the process alive, as real work would.
    setInterval(() => {}, 1000);
    const future = forever.submit();
    console.log('started');
    await future.result();
  },
);

export const explode = flow('explode', async () => {
  setTimeout(() => {
    throw new RangeError('in a callback');
  });
  await new Promise(() => {});
});

export async function plain({ n }: { n: number }): Promise<number> {
  return n;
}

export const notAFlow = 1;
