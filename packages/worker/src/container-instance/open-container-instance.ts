import type { Infrastructure } from '../infrastructure.ts';
import { type AzureOptions, loadAzure } from './azure-client.ts';
import type { ContainerInstanceConfiguration } from './configuration.ts';
import { ContainerInstanceInfrastructure } from './infrastructure.ts';

/**
 * Azure Container Instances, for pools of the types `azure-container-instance` and `azure-container-instance:push`.
 *
 * @throws {MissingPlatformClientError} when one of the packages of Azure is not installed
 */
export async function openContainerInstance(options: AzureOptions = {}): Promise<Infrastructure<ContainerInstanceConfiguration>> {
  return new ContainerInstanceInfrastructure({ connect: await loadAzure(options), pollMs: options.pollMs });
}
