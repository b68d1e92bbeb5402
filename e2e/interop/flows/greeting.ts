import { flow } from 'prefect-ts';
import * as z from 'zod';

export const greeting = flow({ name: 'typescript-greeting', params: z.object({ name: z.string() }) }, ({ name }, { log }) =>
  log.info(`hello ${name} from TypeScript`),
);
