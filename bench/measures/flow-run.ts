import { create, setUp } from '../api.ts';
import type { Measure } from './measure.ts';
import { moveThrough } from './states.ts';

/** A flow run from its creation to its end: four requests. */
export const flowRun: Measure = {
  name: 'flow-run',
  unit: 'life of a flow run',
  async prepare(api) {
    const flowId = await setUp(api, '/flows/', { name: 'bench' });
    return {
      async step() {
        const body = { flow_id: flowId, name: 'bench-run', parameters: { x: 1 }, tags: ['bench'], state: { type: 'SCHEDULED' } };
        const id = await create(api, '/flow_runs/', body);
        await moveThrough(api, `/flow_runs/${id}`, ['PENDING', 'RUNNING', 'COMPLETED']);
        return 1;
      },
    };
  },
};
