import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../processes.ts';
import type { Program } from '../terminal.ts';
import { aSystem, type System } from './system.ts';

let system: System;
let worker: Program;
beforeAll(async () => {
  system = await aSystem();
  worker = await system.startWorker('--name', 'in-cluster');
});
afterAll(() => system?.remove());

let gates = 0;
/** A run that waits in its pod until the test opens its gate, and that pod. */
async function aWaitingRun(variables: Record<string, unknown> = {}) {
  gates += 1;
  const gate = join(system.shared, `gate-${gates}`);
  const id = await system.startRun('wait', { parameters: { until: gate }, variables });
  await system.becomes(id, 'Running');
  const [pod] = await system.podsOf(id);
  return { id, podName: pod?.metadata?.name ?? '', open: () => writeFile(gate, '') };
}

/** A run whose program hears no wish and reports nothing, and its pod. */
async function aDeafRun() {
  const id = await system.startRun('greet', { parameters: { name: 'x' }, variables: { command: 'sleep 1000' } });
  const podName = await eventually('the pod runs', async () => {
    const [pod] = await system.podsOf(id);
    return pod?.status?.phase === 'Running' && pod.metadata?.name;
  });
  return { id, podName };
}

/** Ends a pod as the loss of its node would. */
const losePod = (name: string) => system.cluster.core.deleteNamespacedPod({ namespace: 'default', name, gracePeriodSeconds: 0 });

describe('a run on a cluster', () => {
  test('completes in a pod that says whose it is, and its output shows at the worker', async () => {
    const id = await system.startRun('greet', {
      parameters: { name: 'pod' },
      variables: { labels: { 'team/name': 'Data & Co' } },
    });
    expect(await system.endOf(id)).toMatchObject({ type: 'COMPLETED' });
    await worker.said(/Hello pod!/);
    const [pod] = await system.podsOf(id);
    expect(pod?.metadata?.labels).toMatchObject({
      'app.kubernetes.io/managed-by': 'prefect',
      'prefect.io/worker-name': 'in-cluster',
      'team/name': 'Data-Co',
    });
    const [job] = await system.jobsOf(id);
    expect((await system.readRun(id)).infrastructure_pid).toBe(`default:${job?.metadata?.name}`);
    const events = await eventually('the pod has succeeded', async () => {
      const told = (await system.eventsOf(id)).map(({ event }) => event).filter((event) => event.includes('.pod.'));
      return told.includes('prefect.kubernetes.pod.succeeded') && told;
    });
    expect(events).toEqual(['pending', 'running', 'succeeded'].map((phase) => `prefect.kubernetes.pod.${phase}`));
  });

  test('completes in Python too', async () => {
    const id = await system.startRun('greet-from-python', { parameters: { name: 'snake' } });
    const ended = await system.endOf(id);
    expect(ended, ended.message ?? '').toMatchObject({ type: 'COMPLETED' });
    await expect.poll(() => system.logsOf(id)).toContain('Hello snake!');
  });

  test('fails as its flow fails, without a word about its pod', async () => {
    const id = await system.startRun('fail');
    expect(await system.endOf(id)).toMatchObject({ type: 'FAILED' });
    await worker.said(/RangeError: out of beans/);
    expect((await system.eventsOf(id)).map(({ event }) => event)).not.toContain('prefect.flow-run.Crashed');
  });

  test('crashes with the reason when it uses more memory than it may', async () => {
    const hog = 'const all = []; for (;;) all.push(Buffer.alloc(8e6, 1))';
    const variables = { command: `node -e '${hog}'`, memory_limit: '96Mi' };
    const id = await system.startRun('greet', { parameters: { name: 'x' }, variables });
    const { type, message } = await system.endOf(id);
    expect(type).toBe('CRASHED');
    expect(message).toContain('status code 137. Out of memory: the container used more than its limit of 96Mi.');
  });

  test('crashes with what its pod printed when its program gives up before the run begins', async () => {
    const variables = { command: "sh -c 'echo no such thing; exit 7'" };
    const id = await system.startRun('greet', { parameters: { name: 'x' }, variables });
    expect((await system.endOf(id)).message).toContain('status code 7.');
    expect(await system.logsOf(id)).toContain('no such thing');
  });

  test('crashes at once when its image can never be there', async () => {
    const variables = { image: 'local/none:1', image_pull_policy: 'Never' };
    const id = await system.startRun('greet', { parameters: { name: 'x' }, variables });
    expect((await system.endOf(id)).message).toContain("The pod did not start: the image 'local/none:1' cannot be used");
    expect(await system.jobsOf(id)).toEqual([]);
  });

  test('crashes when no node takes its pod in time, and the job is gone with it', async () => {
    const variables = { cpu_request: '900', pod_watch_timeout_seconds: 1 };
    const id = await system.startRun('greet', { parameters: { name: 'x' }, variables });
    expect((await system.endOf(id)).message).toMatch(/did not start within 1 seconds: no node takes the pod: .*Insufficient cpu/);
    expect(await system.logsOf(id)).toContainEqual(expect.stringMatching(/^Pod '.*': FailedScheduling: /));
    expect(await system.jobsOf(id)).toEqual([]);
  });

  test('crashes with what the cluster says when it does not take the job', async () => {
    const id = await system.startRun('greet', { parameters: { name: 'x' }, variables: { namespace: 'nowhere' } });
    const { message } = await system.endOf(id);
    expect(message).toMatch(/Unable to create Kubernetes job: NotFound: namespaces "nowhere" not found\. Hint: /);
  });

  test('crashes when its job is deleted', async () => {
    const { id } = await aDeafRun();
    const [job] = await system.jobsOf(id);
    const name = job?.metadata?.name ?? '';
    const how = { gracePeriodSeconds: 0, propagationPolicy: 'Background' };
    await system.cluster.batch.deleteNamespacedJob({ namespace: 'default', name, ...how });
    expect((await system.endOf(id)).message).toContain('The Kubernetes job was deleted.');
  });

  test('crashes when its pod is evicted without grace', async () => {
    const { id, podName: name } = await aDeafRun();
    const body = { metadata: { name }, deleteOptions: { gracePeriodSeconds: 0 } };
    await system.cluster.core.createNamespacedPodEviction({ namespace: 'default', name, body });
    expect((await system.endOf(id)).message).toContain('The pod was evicted');
  });

  test('is given back when its pod is deleted, and completes in another', async () => {
    const run = await aWaitingRun();
    await system.cluster.core.deleteNamespacedPod({ namespace: 'default', name: run.podName });
    const happened = async () => (await system.eventsOf(run.id)).map(({ event }) => event);
    await eventually('the run is given back', async () => (await happened()).includes('prefect.flow-run.AwaitingRetry'));
    await run.open();
    expect(await system.endOf(run.id)).toMatchObject({ type: 'COMPLETED' });
    expect(await happened()).not.toContain('prefect.flow-run.Crashed');
    expect(await system.jobsOf(run.id)).toHaveLength(2);
  });

  test('is cancelled while it runs, by what supervises it in its pod', async () => {
    const run = await aWaitingRun();
    await system.terminal.succeed('flow-run', 'cancel', run.id);
    expect(await system.endOf(run.id)).toMatchObject({ type: 'CANCELLED' });
    await eventually('the pod has ended', async () =>
      (await system.podsOf(run.id)).every(({ status }) => status?.phase !== 'Running'),
    );
  });

  test('is cancelled while no node takes its pod, and leaves nothing behind', async () => {
    const id = await system.startRun('greet', { parameters: { name: 'x' }, variables: { cpu_request: '900' } });
    await eventually('the pod is there', async () => (await system.podsOf(id)).length > 0);
    await system.becomes(id, 'InfrastructurePending');
    await system.terminal.succeed('flow-run', 'cancel', id);
    expect(await system.endOf(id)).toMatchObject({ type: 'CANCELLED', message: 'Flow run cancelled by worker while pending.' });
    expect(await system.jobsOf(id)).toEqual([]);
  });
});

describe('a worker', () => {
  test('sees how a run ends although the API server was gone meanwhile', async () => {
    const [lost, kept] = [await aDeafRun(), await aWaitingRun()];
    await system.cluster.restartApiServer();
    await losePod(lost.podName);
    await kept.open();
    expect((await system.endOf(lost.id)).message).toContain('The pod was deleted');
    expect(await system.endOf(kept.id)).toMatchObject({ type: 'COMPLETED' });
  });

  test('that comes back after it was killed reports what happened to its runs', async () => {
    const [lost, kept] = [await aDeafRun(), await aWaitingRun()];
    await worker.stop('SIGKILL');
    await losePod(lost.podName);
    worker = await system.startWorker('--name', 'in-cluster');
    expect((await system.endOf(lost.id)).message).toContain('No active or succeeded pods were found');
    await worker.said(new RegExp(`Flow run '${(await system.readRun(kept.id)).name}' is watched again`));
    await kept.open();
    expect(await system.endOf(kept.id)).toMatchObject({ type: 'COMPLETED' });
  });

  test('that is stopped leaves its runs running', async () => {
    const run = await aWaitingRun();
    expect(await worker.stop('SIGTERM')).toBe(0);
    await run.open();
    expect(await system.endOf(run.id)).toMatchObject({ type: 'COMPLETED' });
  });
});
