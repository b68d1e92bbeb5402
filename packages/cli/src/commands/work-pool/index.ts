import type { Group } from '../../command.ts';
import { clearConcurrencyLimit, pause, resume, setConcurrencyLimit, update } from './change.ts';
import { create } from './create.ts';
import { deletePool } from './delete.ts';
import { inspect, ls } from './show.ts';
import { getDefaultBaseJobTemplate } from './template.ts';
import { preview, slots } from './work.ts';

export const workPool: Group = {
  commands: {
    create,
    ls,
    inspect,
    update,
    pause,
    resume,
    delete: deletePool,
    'set-concurrency-limit': setConcurrencyLimit,
    'clear-concurrency-limit': clearConcurrencyLimit,
    'get-default-base-job-template': getDefaultBaseJobTemplate,
    preview,
    slots,
  },
};
