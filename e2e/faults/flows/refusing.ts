import { flow } from 'prefect-ts';
import * as z from 'zod';

/** Does nothing with a number. */
export const counting = flow({ name: 'counting', params: z.object({ n: z.int().default(1) }) }, ({ n }) => n);

/** Throws. */
export const throwing = flow({ name: 'throwing' }, () => {
  throw new RangeError('out of beans');
});

export const nothing = 'no flow';
