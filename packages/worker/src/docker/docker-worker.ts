import { infrastructureWorker } from '../infrastructure-worker.ts';
import type { DockerConfiguration } from './configuration.ts';
import { openDocker } from './infrastructure.ts';
import { dockerVariables } from './variables.ts';

/** Runs each flow run in a container of its own, on the engine that `DOCKER_HOST` names. */
export const DockerWorker = infrastructureWorker<DockerConfiguration>({
  type: 'docker',
  name: 'DockerWorker',
  description: 'Execute flow runs in containers of a Docker engine.',
  variables: dockerVariables,
  open: openDocker,
});
