import { AZURE_CONTAINER_INSTANCE, AZURE_CONTAINER_INSTANCE_PUSH } from './types/azure-container-instance.ts';
import { CLOUD_RUN, CLOUD_RUN_PUSH } from './types/cloud-run.ts';
import { CLOUD_RUN_V2, CLOUD_RUN_V2_PUSH } from './types/cloud-run-v2.ts';
import { COILED_PUSH } from './types/coiled-push.ts';
import { DOCKER } from './types/docker.ts';
import { ECS, ECS_PUSH } from './types/ecs.ts';
import { KUBERNETES } from './types/kubernetes.ts';
import { MANAGED } from './types/managed.ts';
import { MODAL_PUSH } from './types/modal-push.ts';
import { PROCESS } from './types/process.ts';
import { VERTEX_AI } from './types/vertex-ai.ts';
import type { WorkerType } from './worker-type.ts';

/** Python clients install the package that a type is listed under when they start a worker of that type. */
const COLLECTIONS: Record<string, WorkerType[]> = {
  prefect: [PROCESS, MANAGED, MODAL_PUSH, COILED_PUSH],
  'prefect-aws': [ECS, ECS_PUSH],
  'prefect-azure': [AZURE_CONTAINER_INSTANCE, AZURE_CONTAINER_INSTANCE_PUSH],
  'prefect-docker': [DOCKER],
  'prefect-gcp': [CLOUD_RUN, CLOUD_RUN_PUSH, CLOUD_RUN_V2, CLOUD_RUN_V2_PUSH, VERTEX_AI],
  'prefect-kubernetes': [KUBERNETES],
};

/** The answer of `GET /collections/views/aggregate-worker-metadata`: by collection, then by type. */
export function workerMetadata(): Record<string, Record<string, WorkerType>> {
  const collections = Object.entries(COLLECTIONS);
  return Object.fromEntries(
    collections.map(([name, types]) => [name, Object.fromEntries(types.map((type) => [type.type, type]))]),
  );
}

/** The type of a work pool, or undefined for one that we know nothing of. */
export function findWorkerType(type: string): WorkerType | undefined {
  return Object.values(COLLECTIONS)
    .flat()
    .find((known) => known.type === type);
}
