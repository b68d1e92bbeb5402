import { concurrency, flow } from 'prefect-ts';

/** Holds a slot until its process is stopped. */
const holding = flow('holding', async () =>
  concurrency('db', async () => {
    process.stdout.write('holding');
    setInterval(() => {}, 1000);
    await new Promise(() => {});
  }),
);

await holding();
