import { infrastructureWorker } from '../infrastructure-worker.ts';
import type { ContainerInstanceConfiguration } from './configuration.ts';
import { openContainerInstance } from './open-container-instance.ts';
import { containerInstanceVariables } from './variables.ts';

/** Runs flows as container groups of Azure Container Instances. */
export const ContainerInstanceWorker = infrastructureWorker<ContainerInstanceConfiguration>({
  type: 'azure-container-instance',
  name: 'AzureContainerWorker',
  description: 'Execute flow runs in container groups of Azure Container Instances.',
  variables: containerInstanceVariables,
  open: () => openContainerInstance(),
});
