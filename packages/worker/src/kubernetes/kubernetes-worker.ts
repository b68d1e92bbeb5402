import { infrastructureWorker } from '../infrastructure-worker.ts';
import { loadPlatformClient } from '../platform-client.ts';
import type { KubernetesConfiguration } from './configuration.ts';
import { KubernetesInfrastructure } from './infrastructure.ts';
import { kubernetesVariables } from './variables.ts';

/** Runs flows as jobs of a Kubernetes cluster. */
export const KubernetesWorker = infrastructureWorker<KubernetesConfiguration>({
  type: 'kubernetes',
  name: 'KubernetesWorker',
  description: 'Execute flow runs as jobs of a Kubernetes cluster.',
  variables: kubernetesVariables,
  async open(context) {
    const client = await loadPlatformClient('kubernetes', '@kubernetes/client-node', () => import('@kubernetes/client-node'));
    return new KubernetesInfrastructure(context, client, process.env);
  },
});
