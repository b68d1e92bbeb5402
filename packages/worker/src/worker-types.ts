import type { WorkerClass } from './base-worker.ts';

/** The types of workers of this package. Each is loaded when it is asked for: its platform's library is large. */
const WORKER_TYPES: Readonly<Record<string, () => Promise<WorkerClass>>> = {
  kubernetes: async () => (await import('./kubernetes/kubernetes-worker.ts')).KubernetesWorker,
  process: async () => (await import('./process/process-worker.ts')).ProcessWorker,
  docker: async () => (await import('./docker/docker-worker.ts')).DockerWorker,
  ecs: async () => (await import('./ecs/ecs-worker.ts')).EcsWorker,
  'cloud-run': async () => (await import('./cloud-run/cloud-run-worker.ts')).CloudRunWorker,
  'cloud-run-v2': async () => (await import('./cloud-run/cloud-run-worker.ts')).CloudRunV2Worker,
  'vertex-ai': async () => (await import('./vertex-ai/vertex-ai-worker.ts')).VertexAiWorker,
  'azure-container-instance': async () =>
    (await import('./container-instance/container-instance-worker.ts')).ContainerInstanceWorker,
};

/** The names of the types that {@link findWorkerClass} knows. */
export const WORKER_TYPE_NAMES: readonly string[] = Object.keys(WORKER_TYPES);

/** The class of the workers that serve pools of a type; undefined when there is none here. */
export async function findWorkerClass(type: string): Promise<WorkerClass | undefined> {
  return Object.hasOwn(WORKER_TYPES, type) ? WORKER_TYPES[type]?.() : undefined;
}
