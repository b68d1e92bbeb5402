import type { DeploymentResponse, Flow, FlowRun } from '@prefect-ts/protocol';
import { describe, expect, test } from 'vitest';
import { baseJobTemplate } from '../job-template/base-job-template.ts';
import { buildJobConfiguration } from '../job-template/job-configuration.ts';
import { prepareForRun } from '../job-template/prepare-for-run.ts';
import type { KubernetesConfiguration } from './configuration.ts';
import { buildJobManifest, InvalidJobManifestError } from './job-manifest.ts';
import { kubernetesVariables } from './variables.ts';

const run = { id: 'r1', name: 'calm-owl', flow_id: 'f1' } as FlowRun;
const flow = { id: 'f1', name: 'etl' } as Flow;
const deployment = { id: 'd1', name: 'Daily Report' } as DeploymentResponse;
const flowRun = { ...run, flow, deployment };
const noReferences = {
  blockById: () => Promise.reject(new Error('no blocks')),
  blockByName: () => Promise.reject(new Error('no blocks')),
  variable: () => Promise.resolve(undefined),
};

type Template = { job_configuration: { job_manifest: Record<string, unknown> } };

/** The configuration of the run, as a worker prepares it. */
async function configured(
  variables: Record<string, unknown> = {},
  change: (manifest: Record<string, unknown>) => void = () => undefined,
): Promise<KubernetesConfiguration> {
  const template = structuredClone(baseJobTemplate(kubernetesVariables)) as unknown as Template & Record<string, unknown>;
  change(template.job_configuration.job_manifest);
  const built = (await buildJobConfiguration(template, variables, noReferences, {})) as unknown as KubernetesConfiguration;
  const settings = { PREFECT_API_URL: 'http://api' };
  return prepareForRun(built, {
    flowRun: run,
    flow,
    deployment,
    workPool: { id: 'p1', name: 'k8s' },
    workerName: 'w 1',
    settings,
  });
}

interface Built {
  metadata: { name: string; namespace: string; labels: Record<string, string>; generateName: string };
  spec: {
    backoffLimit: number;
    template: {
      metadata: { labels: Record<string, string> };
      spec: { containers: { image: string; args: string[]; env: { name: string; value?: string }[]; resources: object }[] };
    };
  };
}

async function build(...args: Parameters<typeof configured>) {
  const manifest = buildJobManifest(flowRun, await configured(...args), { image: () => 'default:1' }) as unknown as Built;
  const [container] = manifest.spec.template.spec.containers;
  if (!container) throw new Error('There is no container.');
  return { ...manifest, container, env: Object.fromEntries(container.env.map(({ name, value }) => [name, value])) };
}

describe('the job of a run', () => {
  test('executes the run in the namespace of the pool, with the image that the worker knows', async () => {
    const { metadata, container, env } = await build();
    expect(metadata.namespace).toBe('default');
    expect(metadata.name).toMatch(/^calm-owl-[a-z0-9]{5}$/);
    expect(container).toMatchObject({ image: 'default:1', args: ['prefect', 'flow-run', 'execute'], resources: {} });
    expect(env).toMatchObject({ PREFECT_API_URL: 'http://api', PREFECT__FLOW_RUN_ID: 'r1' });
  });

  test('carries labels that Kubernetes takes, and its pod the same', async () => {
    const { metadata, spec } = await build({ labels: { Team: 'a b' } });
    expect(metadata.labels).toMatchObject({
      Team: 'a-b',
      'app.kubernetes.io/managed-by': 'prefect',
      'app.kubernetes.io/name': 'Daily-Report',
      'prefect.io/flow-run-id': 'r1',
      'prefect.io/worker-name': 'w-1',
    });
    expect(spec.template.metadata.labels).toEqual(metadata.labels);
  });

  test('takes what the job variables say', async () => {
    const variables = {
      image: 'mine:2',
      command: "run 'a b'",
      cpu_limit: '1',
      memory_request: '1Gi',
      name: 'My Job',
      namespace: 'n',
    };
    const { metadata, container } = await build({ ...variables, env: { A: 1, PREFECT_API_URL: null } });
    expect(metadata).toMatchObject({ namespace: 'n', generateName: 'my-job-' });
    expect(container).toMatchObject({
      image: 'mine:2',
      args: ['run', 'a b'],
      resources: { limits: { cpu: '1' }, requests: { memory: '1Gi' } },
    });
    expect(container.env).toContainEqual({ name: 'A', value: '1' });
    expect(container.env.map(({ name }) => name)).not.toContain('PREFECT_API_URL');
  });

  test('keeps variables that the manifest lists, and lets them win', async () => {
    const secret = { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } };
    const listed = [secret, { name: 'PREFECT_API_URL', value: 'http://other' }];
    const { container, env } = await build({ env: { PASSWORD: 'plain' } }, (manifest) => {
      const { template } = manifest.spec as { template: { spec: { containers: Record<string, unknown>[] } } };
      Object.assign(template.spec.containers[0] ?? {}, { env: listed });
    });
    expect(container.env.filter(({ name }) => name === 'PASSWORD')).toEqual([secret]);
    expect(env.PREFECT_API_URL).toBe('http://other');
  });

  test.each([
    [0, undefined, 'reschedule'],
    [0, 'crash', 'crash'],
    [2, 'crash', 'relinquish'],
  ])('with a backoff limit of %d and the wish %s, does on SIGTERM: %s', async (backoff_limit, wish, expected) => {
    const name = 'PREFECT_FLOW_RUN_EXECUTE_SIGTERM_BEHAVIOR';
    const { env } = await build({ backoff_limit, ...(wish ? { env: { [name]: wish } } : {}) });
    expect(env[name]).toBe(expected);
  });

  test('is refused with the paths of what its manifest lacks or contradicts', async () => {
    const lacking = build({}, (manifest) => delete manifest.kind);
    await expect(lacking).rejects.toThrow('Job is missing required attributes at the following paths: /kind');
    const contradicting = build({}, (manifest) => Object.assign(manifest, { kind: 'Pod' }));
    await expect(contradicting).rejects.toThrow(InvalidJobManifestError);
    await expect(contradicting).rejects.toThrow('incompatible values for the following attributes: /kind must have value');
  });
});
