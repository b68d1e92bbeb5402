import type { V1Job, V1Pod } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import { findStartObstacle, hasStarted } from './pod-start.ts';

const job = { spec: {} } as V1Job;
const waiting = (reason: string, message?: string): V1Pod =>
  ({
    status: { phase: 'Pending', containerStatuses: [{ image: 'i:1', state: { waiting: { reason, message } } }] },
  }) as unknown as V1Pod;
const unscheduled = (reason: string, message: string): V1Pod =>
  ({ status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason, message }] } }) as V1Pod;

describe('what keeps a pod from starting', () => {
  test.each<[string, V1Pod[], boolean, string]>([
    ['no pod', [], false, 'no pod was made for the job'],
    ['no node', [unscheduled('Unschedulable', '0/1 nodes')], false, 'no node takes the pod: 0/1 nodes'],
    [
      'a registry',
      [waiting('ImagePullBackOff', 'denied')],
      false,
      "the image 'i:1' could not be pulled (ImagePullBackOff: denied)",
    ],
    ['a name', [waiting('InvalidImageName')], true, "the image 'i:1' cannot be used (InvalidImageName)"],
    [
      'a secret',
      [waiting('CreateContainerConfigError', 'no secret')],
      false,
      'the container could not be started (CreateContainerConfigError: no secret)',
    ],
  ])('%s', (_, pods, isFinal, reason) => {
    expect(findStartObstacle(job, pods)).toEqual({ reason, isFinal });
  });

  test.each<[string, V1Job, V1Pod[]]>([
    ['an image that is being pulled', job, [waiting('ContainerCreating')]],
    ['a gate of the scheduler', job, [unscheduled('SchedulingGated', '')]],
    ['a job that is held back', { spec: { suspend: true } } as V1Job, []],
  ])('is not %s', (_, its, pods) => {
    expect(findStartObstacle(its, pods)).toBeUndefined();
  });

  test('is over when the pod runs or has run', () => {
    const phases = ['Pending', 'Running', 'Succeeded', 'Failed'];
    expect(phases.map((phase) => hasStarted({ status: { phase } }))).toEqual([false, true, true, true]);
  });
});
