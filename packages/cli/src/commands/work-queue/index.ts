import type { Group } from '../../command.ts';
import { clearConcurrencyLimit, pause, resume, setConcurrencyLimit } from './change.ts';
import { create } from './create.ts';
import { deleteQueue } from './delete.ts';
import { inspect, ls } from './show.ts';
import { preview, readRuns, slots } from './work.ts';

export const workQueue: Group = {
  commands: {
    create,
    ls,
    inspect,
    pause,
    resume,
    'set-concurrency-limit': setConcurrencyLimit,
    'clear-concurrency-limit': clearConcurrencyLimit,
    preview,
    'read-runs': readRuns,
    slots,
    delete: deleteQueue,
  },
};
