/**
 * The smallest flow that has everything: a task, a typed parameter with a default, a line in the log.
 *
 * Run it alone with `node hello/hello.ts`.
 */
import { flow, task } from 'prefect-ts';
import * as z from 'zod';

const greet = task('greet', ({ name }: { name: string }) => `Hello, ${name}!`);

export const hello = flow(
  { name: 'hello', params: z.object({ name: z.string().default('world').describe('Whom to greet') }) },
  async ({ name }, { log }) => {
    const greeting = await greet({ name });
    log.info(greeting);
    return greeting;
  },
);

if (import.meta.main) console.log(await hello({}));
