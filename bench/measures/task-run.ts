import { uuid4 } from '@prefect-ts/protocol';
import { create, setUp } from '../api.ts';
import type { Measure } from './measure.ts';
import { moveThrough } from './states.ts';

/** A task run that the server orchestrates, from its creation to its end: four requests. */
export const taskRun: Measure = {
  name: 'task-run',
  unit: 'life of a task run',
  async prepare(api) {
    const flowId = await setUp(api, '/flows/', { name: 'bench' });
    const flowRunId = await setUp(api, '/flow_runs/', { flow_id: flowId, state: { type: 'RUNNING' } });
    return {
      async step() {
        const body = {
          flow_run_id: flowRunId,
          name: 'bench-task',
          task_key: 'bench',
          dynamic_key: uuid4(),
          state: { type: 'SCHEDULED' },
        };
        const id = await create(api, '/task_runs/', body);
        await moveThrough(api, `/task_runs/${id}`, ['PENDING', 'RUNNING', 'COMPLETED']);
        return 1;
      },
    };
  },
};
