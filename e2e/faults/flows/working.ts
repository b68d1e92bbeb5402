import { existsSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { flow, run, task } from 'prefect-ts';
import * as z from 'zod';

const BEAT_MS = 500;

/** Runs until somebody ends it. */
export const endless = flow({ name: 'endless' }, async (_: Record<string, never>) => {
  console.log(`endless in process ${process.pid}.`);
  for (;;) await pause(60_000);
});

const beat = task({ name: 'beat' }, ({ number }: { number: number }) => number);

/** Runs one task after the other until a file appears. */
export const beating = flow({ name: 'beating', params: z.object({ until: z.string() }) }, async ({ until }) => {
  let beats = 0;
  while (!existsSync(until)) {
    beats += await beat({ number: 1 });
    if (beats === 1) console.log('beating.');
    await pause(BEAT_MS);
  }
  console.log(`beaten ${beats} times.`);
});

/** Leaves a line with the id of its run. */
export const once = flow({ name: 'once', params: z.object({ file: z.string() }) }, async ({ file }) => {
  await appendFile(file, `${run.current().flowRun?.id}\n`);
});

export const counting = flow({ name: 'counting', params: z.object({ n: z.int().default(1) }) }, ({ n }) => n);

export const throwing = flow({ name: 'throwing' }, () => {
  throw new RangeError('out of beans');
});
