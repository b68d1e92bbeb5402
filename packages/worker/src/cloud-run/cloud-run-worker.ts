import { infrastructureWorker } from '../infrastructure-worker.ts';
import type { CloudRunConfiguration } from './configuration.ts';
import { openCloudRun, openCloudRunV2 } from './open-cloud-run.ts';
import { cloudRunVariables } from './variables.ts';
import { cloudRunV2Variables } from './variables-v2.ts';

/** Runs flows as jobs of Google Cloud Run, by version 1 of its API. */
export const CloudRunWorker = infrastructureWorker<CloudRunConfiguration>({
  type: 'cloud-run',
  name: 'CloudRunWorker',
  description: 'Execute flow runs as jobs of Google Cloud Run (version 1 of its API).',
  variables: cloudRunVariables,
  open: () => openCloudRun(),
});

/** Runs flows as jobs of Google Cloud Run. */
export const CloudRunV2Worker = infrastructureWorker<CloudRunConfiguration>({
  type: 'cloud-run-v2',
  name: 'CloudRunV2Worker',
  description: 'Execute flow runs as jobs of Google Cloud Run.',
  variables: cloudRunV2Variables,
  open: () => openCloudRunV2(),
});
