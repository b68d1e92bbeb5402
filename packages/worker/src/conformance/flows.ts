/** The flows of the conformance kit. They run inside the infrastructure, by the default command of a worker. */
import { flow, task } from 'prefect-ts';

const double = task('double', ({ n }: { n: number }) => n * 2);

export const succeeds = flow('conformance-succeeds', async (_parameters, { log }) => {
  const doubled = await double({ n: 21 });
  log.info(`doubled to ${doubled}`);
});

export const fails = flow('conformance-fails', async () => {
  throw new Error('on purpose');
});

export const exits = flow('conformance-exits', async () => {
  process.exit(7);
});

export const waits = flow('conformance-waits', async (_parameters, { signal }) => {
  await new Promise((_resolve, reject) => {
    const hour = setTimeout(() => undefined, 3_600_000);
    signal.addEventListener('abort', () => {
      clearTimeout(hour);
      reject(signal.reason);
    });
  });
});
