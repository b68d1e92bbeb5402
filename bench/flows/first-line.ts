import { appendFileSync } from 'node:fs';
import { flow } from 'prefect-ts';

/** Tells a file when its first line ran. */
export const firstLine = flow('first-line', ({ file }: { file: string }) => {
  appendFileSync(file, `${Date.now()}\n`);
});
