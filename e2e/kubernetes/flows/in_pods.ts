import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { flow } from 'prefect-ts';
import * as z from 'zod';

const LOOK_MS = 100;

export const greet = flow({ name: 'greet', params: z.object({ name: z.string() }) }, ({ name }) => {
  console.log(`Hello ${name}!`);
  return name;
});

export const fail = flow({ name: 'fail' }, () => {
  throw new RangeError('out of beans');
});

/** Runs until a file appears. */
export const wait = flow({ name: 'wait', params: z.object({ until: z.string() }) }, async ({ until }) => {
  console.log('waiting.');
  while (!existsSync(until)) await pause(LOOK_MS);
});
