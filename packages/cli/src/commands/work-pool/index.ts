import type { Group } from '../../command.ts';
import { clearConcurrencyLimit, pause, resume, setConcurrencyLimit, update } from './change.ts';
import { create } from './create.ts';
import { deletePool } from './delete.ts';
import { inspect, ls } from './show.ts';
import { storage } from './storage.ts';
import { getDefaultBaseJobTemplate } from './template.ts';
import { preview, slots } from './work.ts';

const BY_THE_PROVIDER = 'Make what the pool needs with the tools of the provider; `prefect work-pool create` makes the pool.';

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
    storage,
  },
  absent: {
    'provision-infrastructure': BY_THE_PROVIDER,
    'provision-infra': BY_THE_PROVIDER,
  },
};
