import { setUp } from '../api.ts';
import type { Measure } from './measure.ts';

const LINES = 100;

/** Lines of a running flow, in the batches that clients send. */
export const logs: Measure = {
  name: 'logs',
  unit: `${LINES} log lines`,
  async prepare(api) {
    const flowId = await setUp(api, '/flows/', { name: 'bench' });
    const flowRunId = await setUp(api, '/flow_runs/', { flow_id: flowId, state: { type: 'RUNNING' } });
    return {
      async step() {
        const timestamp = new Date().toISOString();
        const lines = Array.from({ length: LINES }, (_, line) => ({
          name: 'prefect.flow_runs',
          level: 20,
          message: `Line ${line}: 1000 rows were read, 998 of them were new, none was refused`,
          timestamp,
          flow_run_id: flowRunId,
        }));
        await api.post('/logs/', lines);
        return 1;
      },
    };
  },
};
