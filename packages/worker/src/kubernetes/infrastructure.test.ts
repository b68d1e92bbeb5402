import type { FlowRun } from '@prefect-ts/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiRequest, type KubernetesApi, kubernetesApi, refuse, tell } from '../../test/kubernetes-api.ts';
import { poolOfOne } from '../../test/pool-of-one.ts';
import type { FlowRunToStart, WorkerContext } from '../base-worker.ts';
import { InfrastructureNotAvailableError, InfrastructureNotFoundError } from '../infrastructure.ts';
import type { KubernetesConfiguration } from './configuration.ts';
import { KubernetesInfrastructure } from './infrastructure.ts';
import { kubernetesVariables } from './variables.ts';

const client = await import('@kubernetes/client-node');
const JOBS = '/apis/batch/v1/namespaces/default/jobs';
const PODS = '/api/v1/namespaces/default/pods';
const SECRETS = '/api/v1/namespaces/default/secrets';

let cluster: KubernetesApi;
let api: Awaited<ReturnType<typeof poolOfOne>>;
let infrastructure: KubernetesInfrastructure;
beforeEach(async () => {
  cluster = await kubernetesApi();
  api = await poolOfOne();
  cluster.on('GET /api/v1/namespaces/kube-system', () => ({ metadata: { name: 'kube-system', uid: 'this-cluster' } }));
  infrastructure = open();
});
afterEach(async () => {
  await infrastructure.close();
  await cluster[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
});

const quiet = { debug: () => undefined, info: () => undefined, warning: () => undefined, error: () => undefined };

function open(settings: Record<string, string> = {}): KubernetesInfrastructure {
  const env = Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [`PREFECT_INTEGRATIONS_KUBERNETES_WORKER_${name}`, value]),
  );
  return new KubernetesInfrastructure(
    { client: api.client, log: quiet, workerName: 'w1' } as unknown as WorkerContext,
    client,
    env,
  );
}

const flowRun = { id: 'r1', name: 'calm-owl', flow_id: 'f1' } as FlowRun as FlowRunToStart;

function configuration(env: Record<string, string> = {}): KubernetesConfiguration {
  const manifest = structuredClone(kubernetesVariables.jobConfiguration?.job_manifest) as KubernetesConfiguration['job_manifest'];
  const spec = manifest.spec as { backoffLimit: unknown; template: { spec: { containers: [Record<string, unknown>] } } };
  manifest.metadata = { namespace: 'default' };
  spec.backoffLimit = 0;
  Object.assign(spec, { ttlSecondsAfterFinished: undefined });
  Object.assign(spec.template.spec, {
    serviceAccountName: undefined,
    containers: [{ name: 'prefect-job', image: 'i:1', resources: {} }],
  });
  return { command: null, labels: {}, name: 'calm-owl', env, job_manifest: manifest, cluster_config: cluster.config };
}

interface SentJob {
  metadata: { name: string };
  spec: { template: { spec: { containers: [{ env: object[] }] } } };
}

const created = (): SentJob[] => cluster.bodies(`POST ${JOBS}`) as unknown as SentJob[];
const echo = ({ body }: ApiRequest) => ({ ...body, metadata: { ...(body.metadata as object), uid: 'job-uid' } });

describe('starting a job', () => {
  test('gives an id that workers of both languages read, and notes the cluster', async () => {
    cluster.on(`POST ${JOBS}`, echo);
    const id = await infrastructure.start(flowRun, configuration(), AbortSignal.timeout(10_000));
    expect(id).toBe(`default:${created()[0]?.metadata.name}`);
    expect(await api.called('PATCH /flow_runs/r1/labels')).toEqual({ 'prefect.kubernetes.cluster-uid': 'this-cluster' });
  });

  test('makes one job although the answer to the first attempt was lost', async () => {
    let attempts = 0;
    cluster.on(`POST ${JOBS}`, ({ body, response }) => {
      attempts += 1;
      if (attempts > 1) return refuse(response, 409, 'AlreadyExists');
      cluster.on(`GET ${JOBS}/${(body as unknown as SentJob).metadata.name}`, () => body);
      response.destroy();
    });
    const id = await infrastructure.start(flowRun, configuration(), AbortSignal.timeout(10_000));
    const names = created().map(({ metadata }) => metadata.name);
    expect(new Set(names)).toEqual(new Set([id.replace('default:', '')]));
  });

  test('says why the cluster does not take it, and what may help', async () => {
    cluster.on(`POST ${JOBS}`, ({ response }) => refuse(response, 403, 'Forbidden', 'jobs.batch is forbidden'));
    const start = infrastructure.start(flowRun, configuration(), AbortSignal.timeout(10_000));
    await expect(start).rejects.toThrow(
      /^Unable to create Kubernetes job: Forbidden: jobs.batch is forbidden\. Hint: .*verbs create/,
    );
  });

  test('refers to the secret that the settings name, instead of the key itself', async () => {
    cluster.on(`POST ${JOBS}`, echo);
    infrastructure = open({ API_KEY_SECRET_NAME: 'keys', API_KEY_SECRET_KEY: 'prefect', API_AUTH_STRING_SECRET_NAME: 'auth' });
    await infrastructure.start(flowRun, configuration({ PREFECT_API_KEY: 'plain' }), AbortSignal.timeout(10_000));
    expect(created()[0]?.spec.template.spec.containers[0].env).toEqual([
      { name: 'PREFECT_FLOW_RUN_EXECUTE_SIGTERM_BEHAVIOR', value: 'reschedule' },
      { name: 'PREFECT_API_KEY', valueFrom: { secretKeyRef: { name: 'keys', key: 'prefect' } } },
      { name: 'PREFECT_API_AUTH_STRING', valueFrom: { secretKeyRef: { name: 'auth', key: 'value' } } },
    ]);
  });

  test('keeps the API key in a secret of the worker, made anew when it is there', async () => {
    cluster.on(`POST ${JOBS}`, echo);
    cluster.on(`POST ${SECRETS}`, ({ response }) => refuse(response, 409, 'AlreadyExists'));
    cluster.on(`PUT ${SECRETS}/prefect-w1-api-key`, ({ body }) => body);
    infrastructure = open({ CREATE_SECRET_FOR_API_KEY: 'true' });
    await infrastructure.start(flowRun, configuration({ PREFECT_API_KEY: 'plain' }), AbortSignal.timeout(10_000));
    expect(cluster.bodies(`PUT ${SECRETS}/prefect-w1-api-key`)[0]).toMatchObject({ stringData: { value: 'plain' } });
    expect(JSON.stringify(created())).not.toContain('plain');
  });

  test('keeps the whole environment in a secret that goes with the job', async () => {
    cluster.on(`POST ${JOBS}`, echo);
    cluster.on(`POST ${SECRETS}`, ({ body }) => {
      cluster.on(`PUT ${SECRETS}/${(body as unknown as SentJob).metadata.name}`, (update) => update.body);
      return body;
    });
    infrastructure = open({ STORE_ENV_AS_SECRET: '1' });
    await infrastructure.start(flowRun, configuration({ PASSWORD: 'plain' }), AbortSignal.timeout(10_000));
    const name = created()[0]?.metadata.name;
    expect(JSON.stringify(created())).not.toContain('plain');
    expect(cluster.bodies(`POST ${SECRETS}`)[0]).toMatchObject({ metadata: { name }, stringData: { PASSWORD: 'plain' } });
    const [owned] = cluster.bodies(`PUT ${SECRETS}/${name}`);
    expect(owned).toMatchObject({ metadata: { ownerReferences: [{ kind: 'Job', name, uid: 'job-uid' }] } });
  });
});

const job = (condition?: string, resourceVersion = '5') => ({
  metadata: { name: 'j', namespace: 'default', resourceVersion, labels: { 'prefect.io/flow-run-id': 'r1' } },
  status: { conditions: condition ? [{ type: condition, status: 'True' }] : [] },
});
const listOf = (...items: object[]) => ({ metadata: { resourceVersion: '5' }, items });

describe('watching a job', () => {
  beforeEach(() => {
    cluster.on(`GET ${JOBS}/j`, () => job());
    cluster.on(`GET ${JOBS}`, () => listOf());
    cluster.on(`GET ${PODS}`, () => listOf());
    cluster.on(`WATCH ${JOBS}`, () => undefined);
    cluster.on(`WATCH ${PODS}`, () => undefined);
  });
  const watch = (id = 'default:j') =>
    infrastructure.watch(id, configuration({ PREFECT__FLOW_RUN_ID: 'r1' }), { log: quiet, signal: AbortSignal.timeout(20_000) });

  test('goes on from where it was when its connection breaks', async () => {
    let connections = 0;
    cluster.on(`WATCH ${JOBS}`, ({ query, response }) => {
      connections += 1;
      if (connections === 1) {
        tell(response, 'MODIFIED', job(undefined, '7'));
        setImmediate(() => response.destroy());
      } else if (query.get('resourceVersion') === '7') tell(response, 'MODIFIED', job('Complete', '8'));
    });
    expect(await watch()).toEqual({ exitCode: 0 });
  });

  test('looks again when the cluster has forgotten where it was', async () => {
    let lists = 0;
    cluster.on(`GET ${JOBS}`, () => {
      lists += 1;
      if (lists === 2) cluster.on(`GET ${JOBS}/j`, () => job('Complete'));
      return listOf();
    });
    cluster.on(`WATCH ${JOBS}`, ({ response }) => {
      if (lists > 1) return;
      tell(response, 'ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' });
      response.end();
    });
    expect(await watch()).toEqual({ exitCode: 0 });
    expect(lists).toBe(2);
  });

  test('sees the end of a job that is removed with its last word', async () => {
    cluster.on(`WATCH ${JOBS}`, ({ response }) => tell(response, 'DELETED', job('Complete', '6')));
    expect(await watch()).toEqual({ exitCode: 0 });
  });

  test('says nothing of a crash of a run that was given back', async () => {
    cluster.on(`WATCH ${JOBS}`, ({ response }) => tell(response, 'DELETED', job(undefined, '6')));
    api.on('GET /flow_runs/r1', { body: { id: 'r1', state_type: 'SCHEDULED' } });
    expect(await watch()).toEqual({ exitCode: 0 });
  });

  test('needs two connections for any number of runs', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `j${index}`);
    for (const id of ids) cluster.on(`GET ${JOBS}/${id}`, () => ({ ...job(), metadata: { ...job().metadata, name: id } }));
    const watching = Promise.withResolvers<ApiRequest>();
    cluster.on(`WATCH ${JOBS}`, watching.resolve);
    const ends = ids.map((id) => watch(`default:${id}`));
    const { response } = await watching.promise;
    for (const id of ids) tell(response, 'MODIFIED', { ...job('Complete'), metadata: { ...job().metadata, name: id } });
    expect(await Promise.all(ends)).toEqual(ids.map(() => ({ exitCode: 0 })));
    expect(cluster.calls.filter((call) => call.startsWith('WATCH'))).toHaveLength(2);
  });

  test('tells a job that is gone from one of another cluster', async () => {
    cluster.on(`GET ${JOBS}/j`, ({ response }) => refuse(response, 404, 'NotFound'));
    api.on('GET /flow_runs/r1', { body: { id: 'r1', labels: { 'prefect.kubernetes.cluster-uid': 'this-cluster' } } });
    await expect(watch()).rejects.toThrow(InfrastructureNotFoundError);
    api.on('GET /flow_runs/r1', { body: { id: 'r1', labels: { 'prefect.kubernetes.cluster-uid': 'another-cluster' } } });
    await expect(watch()).rejects.toThrow(InfrastructureNotAvailableError);
    await expect(watch('another-cluster:default:j')).rejects.toThrow(InfrastructureNotAvailableError);
  });
});

test('a job is found by its run when nobody told its id', async () => {
  const named = (name: string, creationTimestamp: string) => ({ metadata: { name, creationTimestamp } });
  cluster.on(`GET ${JOBS}`, ({ query }) => {
    const isAsked = query.get('labelSelector') === 'prefect.io/flow-run-id=r1';
    return listOf(...(isAsked ? [named('old', '2026-01-01T00:00:00Z'), named('new', '2026-01-01T00:00:01Z')] : []));
  });
  expect(await infrastructure.find('r1', configuration())).toBe('default:new');
  expect(await infrastructure.find('r2', configuration())).toBeUndefined();
});

describe('ending a job', () => {
  test('ends its pods with the grace that is given', async () => {
    cluster.on(`DELETE ${JOBS}/j`, () => ({}));
    cluster.on(`DELETE ${PODS}/p`, () => ({}));
    cluster.on(`GET ${PODS}`, () => listOf({ metadata: { name: 'p' }, status: { phase: 'Running' } }));
    await infrastructure.kill('default:j', 7, configuration());
    expect(cluster.calls).toEqual(expect.arrayContaining([`DELETE ${JOBS}/j`, `DELETE ${PODS}/p`]));
  });

  test('says that there is none', async () => {
    await expect(infrastructure.kill('default:j', 7, configuration())).rejects.toThrow(InfrastructureNotFoundError);
    await expect(infrastructure.kill('4711', 7, configuration())).rejects.toThrow(InfrastructureNotFoundError);
  });
});
