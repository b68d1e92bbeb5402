import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CONFORMANCE_FLOWS, type ConformanceTarget } from '@prefect-ts/worker/conformance';
import { type DockerEngine, NODE_IMAGE } from './docker-engine.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const MEGABYTE = 1024 * 1024;

/** Docker, on an engine of its own. The containers see this repository as it is, read-only, at its own path. */
export function dockerTarget({ host, client }: DockerEngine): ConformanceTarget {
  const containerOf = (id: string) => client.getContainer(id.slice(id.lastIndexOf(':') + 1));
  return {
    type: 'docker',
    workerEnvironment: { DOCKER_HOST: host },
    variables: { image: NODE_IMAGE },
    node: 'node',
    outlivesWorker: true,
    async inspect(id) {
      const seen = await containerOf(id)
        .inspect()
        .catch((error: { statusCode?: number }) => {
          if (error.statusCode === 404) return undefined;
          throw error;
        });
      if (seen === undefined) return undefined;
      return {
        running: seen.State.Running,
        name: seen.Name,
        labels: seen.Config.Labels,
        memoryMegabytes: (seen.HostConfig.Memory ?? 0) / MEGABYTE,
      };
    },
    async destroy(id) {
      await containerOf(id).kill();
    },
    flows: {
      variables: { volumes: [`${ROOT}:${ROOT}:ro`], env: { PATH: `${ROOT}/node_modules/.bin:/usr/bin:/bin` } },
      directory: dirname(fileURLToPath(CONFORMANCE_FLOWS)),
    },
    memory: (megabytes) => ({ mem_limit: `${megabytes}m`, memswap_limit: `${megabytes}m` }),
    missingImage: {
      variables: { image: 'local/not-there:1', image_pull_policy: 'Never' },
      says: /No such image: local\/not-there:1/,
    },
    refused: { variables: { networks: ['no-such-network'] }, says: /network no-such-network not found/ },
  };
}
