import { uuid4 } from '@prefect-ts/protocol';
import { setUp } from '../api.ts';
import type { Measure } from './measure.ts';

/** What each worker asks every few seconds when there is nothing to do. */
export const idlePoll: Measure = {
  name: 'idle-poll',
  unit: 'idle poll of a worker',
  async prepare(api) {
    const pool = `bench-idle-${uuid4()}`;
    await setUp(api, '/work_pools/', { name: pool, type: 'process' });
    return {
      async step() {
        const soon = new Date(Date.now() + 10_000).toISOString();
        await api.post(`/work_pools/${pool}/get_scheduled_flow_runs`, { scheduled_before: soon, limit: 10 });
        return 1;
      },
    };
  },
};
