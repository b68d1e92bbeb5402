import type { V1ContainerStateWaiting, V1Job, V1Pod } from '@kubernetes/client-node';

/** What keeps a pod from starting. */
export interface StartObstacle {
  readonly reason: string;
  /** Waiting longer cannot help. */
  readonly isFinal: boolean;
}

/** Waiting for these is in vain: only another manifest helps. */
const FINAL_REASONS = new Set(['InvalidImageName', 'ErrImageNeverPull']);
const PULL_REASONS = new Set(['ErrImagePull', 'ImagePullBackOff', 'ImageInspectError', 'RegistryUnavailable']);
const CREATE_REASONS = new Set(['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError', 'CrashLoopBackOff']);

/** Tells whether a container of a pod has begun to run, or all is over. */
export function hasStarted(pod: V1Pod): boolean {
  return pod.status?.phase !== undefined && pod.status.phase !== 'Pending' && pod.status.phase !== 'Unknown';
}

/** Says what keeps a job's pods from starting; undefined while all is on its way, as an image that is being pulled. */
export function findStartObstacle(job: V1Job, pods: readonly V1Pod[]): StartObstacle | undefined {
  // A queueing system holds it back, for as long as it likes.
  if (job.spec?.suspend === true) return undefined;
  const pod = pods.find(({ metadata }) => metadata?.deletionTimestamp === undefined);
  if (!pod) return { reason: 'no pod was made for the job', isFinal: false };
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False') {
    const isGated = scheduled.reason === 'SchedulingGated';
    return isGated ? undefined : { reason: `no node takes the pod: ${scheduled.message ?? scheduled.reason}`, isFinal: false };
  }
  for (const status of [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]) {
    const obstacle = status.state?.waiting && findContainerObstacle(status.image, status.state.waiting);
    if (obstacle) return obstacle;
  }
  return undefined;
}

function findContainerObstacle(image: string, { reason = '', message }: V1ContainerStateWaiting): StartObstacle | undefined {
  const details = message ? `${reason}: ${message}` : reason;
  if (FINAL_REASONS.has(reason)) return { reason: `the image '${image}' cannot be used (${details})`, isFinal: true };
  if (PULL_REASONS.has(reason)) return { reason: `the image '${image}' could not be pulled (${details})`, isFinal: false };
  if (CREATE_REASONS.has(reason)) return { reason: `the container could not be started (${details})`, isFinal: false };
  return undefined;
}
