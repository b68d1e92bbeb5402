import { setUp } from '../api.ts';
import type { Measure } from './measure.ts';

const NEWEST = 50;

/** The list that a dashboard opens with. */
export const newestRuns: Measure = {
  name: 'newest-runs',
  unit: `filter of the newest ${NEWEST} runs`,
  async prepare(api) {
    const flowId = await setUp(api, '/flows/', { name: 'bench' });
    const run = { flow_id: flowId, name: 'bench-run', parameters: { x: 1 }, tags: ['bench'], state: { type: 'COMPLETED' } };
    for (let count = 0; count < NEWEST; count += 1) await setUp(api, '/flow_runs/', run);
    return {
      async step() {
        await api.post('/flow_runs/filter', { sort: 'EXPECTED_START_TIME_DESC', limit: NEWEST });
        return 1;
      },
    };
  },
};
