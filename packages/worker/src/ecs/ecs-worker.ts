import { infrastructureWorker } from '../infrastructure-worker.ts';
import type { EcsConfiguration } from './configuration.ts';
import { openEcs } from './infrastructure.ts';
import { ecsVariables } from './variables.ts';

/** Runs flows as tasks of AWS ECS. */
export const EcsWorker = infrastructureWorker<EcsConfiguration>({
  type: 'ecs',
  name: 'ECSWorker',
  description: 'Execute flow runs as tasks of AWS ECS, on Fargate or on machines of your own.',
  variables: ecsVariables,
  open: (context) => openEcs(context),
});
