import type { V1ContainerStateTerminated, V1Job, V1Pod, V1PodCondition } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import { describeEnd, isFinished } from './job-end.ts';

const job = (type?: string, more: object = {}): V1Job =>
  ({ status: { conditions: type ? [{ type, status: 'True', ...more }] : [] } }) as V1Job;

function pod(terminated?: Partial<V1ContainerStateTerminated>, status: object = {}, metadata: object = {}): V1Pod {
  const containers = [{ name: 'prefect-job', resources: { limits: { memory: '64Mi' } } }];
  const containerStatuses = terminated ? [{ name: 'prefect-job', state: { terminated } }] : [];
  return { metadata, spec: { containers }, status: { phase: 'Failed', containerStatuses, ...status } } as unknown as V1Pod;
}

const disrupted = (reason: string): Partial<V1PodCondition> => ({
  type: 'DisruptionTarget',
  status: 'True',
  reason,
  message: 'node n1',
});

describe('the end of a job', () => {
  test.each<[string, V1Job, V1Pod[], number, string | undefined]>([
    ['that completed', job('Complete'), [pod({ exitCode: 0 })], 0, undefined],
    ['whose program failed', job('Failed'), [pod({ exitCode: 3, reason: 'Error' })], 3, undefined],
    [
      'without memory',
      job('Failed'),
      [pod({ exitCode: 137, reason: 'OOMKilled' })],
      137,
      'out of memory: the container used more than its limit of 64Mi',
    ],
    [
      'whose program is not there',
      job('Failed'),
      [pod({ exitCode: 128, reason: 'StartError', message: 'no such file' })],
      128,
      'StartError: no such file',
    ],
    [
      'evicted by its node',
      job('Failed'),
      [pod(undefined, { reason: 'Evicted', message: 'low on memory' })],
      -1,
      'the pod was evicted (low on memory)',
    ],
    [
      'evicted by the API',
      job('Failed'),
      [pod({ exitCode: 137 }, { conditions: [disrupted('EvictionByEvictionAPI')] })],
      137,
      'the pod was evicted (node n1)',
    ],
    [
      'preempted',
      job('Failed'),
      [pod({ exitCode: 143 }, { conditions: [disrupted('PreemptionByScheduler')] })],
      143,
      'the pod had to make room for one of higher priority (node n1)',
    ],
    [
      'whose node is gone',
      job('Failed'),
      [pod(undefined, { conditions: [disrupted('DeletionByPodGC')] })],
      -1,
      'the pod was lost with its node (node n1)',
    ],
    [
      'whose pod was deleted',
      job('Failed'),
      [pod(undefined, {}, { deletionTimestamp: '2026-01-01T00:00:00Z' })],
      -1,
      'the pod was deleted',
    ],
    [
      'whose time was over',
      job('Failed', { reason: 'DeadlineExceeded', message: 'too long' }),
      [],
      -1,
      'the job ran longer than its deadline allows (too long)',
    ],
    [
      'without pods',
      job('Failed', { message: 'limit' }),
      [],
      -1,
      'no active or succeeded pods were found for the Kubernetes job (limit)',
    ],
  ])('%s', (_, ended, pods, exitCode, reason) => {
    expect(isFinished(ended)).toBe(true);
    expect(describeEnd(ended, pods, false)).toEqual({ exitCode, ...(reason === undefined ? {} : { reason }) });
  });

  test('tells of the last pod, not of the first', () => {
    const first = pod({ exitCode: 1 }, {}, { creationTimestamp: '2026-01-01T00:00:00Z' });
    const second = pod({ exitCode: 2 }, {}, { creationTimestamp: new Date('2026-01-01T00:01:00Z') });
    expect(describeEnd(job('Failed'), [second, first], false).exitCode).toBe(2);
  });

  test('of one that was deleted under way is no success, of one that had completed is', () => {
    expect(isFinished(job())).toBe(false);
    expect(describeEnd(job(), [], true)).toEqual({ exitCode: -1, reason: 'the Kubernetes job was deleted' });
    expect(describeEnd(job('Complete'), [], true)).toEqual({ exitCode: 0 });
  });
});
