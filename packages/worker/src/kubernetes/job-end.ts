import type { V1ContainerStateTerminated, V1Job, V1Pod } from '@kubernetes/client-node';
import type { InfrastructureEnd } from '../infrastructure.ts';

/** The container that executes the run. */
export const RUN_CONTAINER = 'prefect-job';

const OUT_OF_MEMORY = 137;

/** Whether Kubernetes has given its verdict on a job. */
export function isFinished(job: V1Job): boolean {
  return isComplete(job) || failure(job) !== undefined;
}

/**
 * Says how a job ended: with the exit code of its last pod, and in words with what Kubernetes did to it.
 *
 * @param job as it was last seen
 * @param pods as they were last seen, removed ones too
 * @param isDeleted whether the job was removed before it had ended
 */
export function describeEnd(job: V1Job, pods: readonly V1Pod[], isDeleted: boolean): InfrastructureEnd {
  if (isComplete(job)) return { exitCode: 0 };
  const failed = failure(job);
  if (failed === undefined && isDeleted) return { exitCode: -1, reason: 'the Kubernetes job was deleted' };
  const last = newest(pods);
  const told = last && describePod(last);
  if (failed?.reason === 'DeadlineExceeded') {
    return {
      exitCode: told?.exitCode || -1,
      reason: `the job ran longer than its deadline allows (${failed.message ?? 'activeDeadlineSeconds'})`,
    };
  }
  if (told) return told;
  const why = failed?.message ? ` (${failed.message})` : '';
  return { exitCode: -1, reason: `no active or succeeded pods were found for the Kubernetes job${why}` };
}

function isComplete({ status }: V1Job): boolean {
  return (
    status?.conditions?.some(({ type, status: is }) => is === 'True' && (type === 'Complete' || type === 'SuccessCriteriaMet')) ??
    false
  );
}

function failure({ status }: V1Job) {
  return status?.conditions?.find(({ type, status: is }) => type === 'Failed' && is === 'True');
}

function describePod(pod: V1Pod): InfrastructureEnd {
  const ended = terminatedRun(pod);
  const exitCode = ended?.exitCode || -1;
  const taken = whoTookIt(pod);
  if (taken !== undefined) return { exitCode, reason: taken };
  if (ended === undefined) {
    const message = pod.status?.message ?? pod.status?.reason;
    return {
      exitCode,
      reason: message === undefined ? 'the pod was lost before its container had ended' : `the pod failed: ${message}`,
    };
  }
  if (ended.reason === 'OOMKilled') {
    const limit = pod.spec?.containers.find(({ name }) => name === RUN_CONTAINER)?.resources?.limits?.memory;
    const most = limit === undefined ? 'the node has' : `its limit of ${limit}`;
    return { exitCode: ended.exitCode || OUT_OF_MEMORY, reason: `out of memory: the container used more than ${most}` };
  }
  const said = [ended.reason, ended.message?.trim()]
    .filter((word) => word && word !== 'Error' && word !== 'Completed')
    .join(': ');
  return said === '' ? { exitCode } : { exitCode, reason: said };
}

function terminatedRun(pod: V1Pod): V1ContainerStateTerminated | undefined {
  const statuses = pod.status?.containerStatuses ?? [];
  const status = statuses.find(({ name }) => name === RUN_CONTAINER);
  return status?.state?.terminated ?? status?.lastState?.terminated;
}

/** Who ended a pod that did not end by itself. */
function whoTookIt({ metadata, status }: V1Pod): string | undefined {
  if (status?.reason === 'Evicted') return `the pod was evicted${told(status.message)}`;
  const disruption = status?.conditions?.find(({ type, status: is }) => type === 'DisruptionTarget' && is === 'True');
  if (!disruption) return metadata?.deletionTimestamp === undefined ? undefined : 'the pod was deleted';
  switch (disruption.reason) {
    case 'EvictionByEvictionAPI':
      return `the pod was evicted${told(disruption.message)}`;
    case 'PreemptionByScheduler':
      return `the pod had to make room for one of higher priority${told(disruption.message)}`;
    case 'TerminationByKubelet':
      return `the node ended the pod${told(disruption.message)}`;
    case 'DeletionByTaintManager':
      return `the pod was deleted because of a taint of its node${told(disruption.message)}`;
    default:
      return `the pod was lost with its node${told(disruption.message)}`;
  }
}

const told = (message: string | undefined): string => (message ? ` (${message.trim()})` : '');

function newest(pods: readonly V1Pod[]): V1Pod | undefined {
  const time = (pod: V1Pod): number => new Date(pod.metadata?.creationTimestamp ?? 0).getTime();
  return [...pods].sort((one, other) => time(one) - time(other)).at(-1);
}
