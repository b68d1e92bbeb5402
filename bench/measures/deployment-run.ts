import { uuid4 } from '@prefect-ts/protocol';
import { create, setUp } from '../api.ts';
import type { Measure } from './measure.ts';

const AN_HOUR = 3_600_000;

/** A run of a deployment, asked for an hour ahead so that no service makes it late while others are measured. */
export const deploymentRun: Measure = {
  name: 'deployment-run',
  unit: 'deployment run created',
  async prepare(api) {
    const name = `bench-${uuid4()}`;
    await setUp(api, '/work_pools/', { name, type: 'process' });
    const flowId = await setUp(api, '/flows/', { name: 'bench' });
    const deploymentId = await setUp(api, '/deployments/', {
      name,
      flow_id: flowId,
      work_pool_name: name,
      parameters: { x: 1 },
    });
    return {
      async step() {
        const scheduled_time = new Date(Date.now() + AN_HOUR).toISOString();
        const body = { parameters: { x: 2 }, state: { type: 'SCHEDULED', state_details: { scheduled_time } } };
        await create(api, `/deployments/${deploymentId}/create_flow_run`, body);
        return 1;
      },
    };
  },
};
