import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type KubernetesObject, KubernetesObjectApi, type V1PodSpec } from '@kubernetes/client-node';
import { type FlowRunResponse, isTerminal } from '@prefect-ts/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { eventually } from '../processes.ts';
import { startCluster, type TestCluster } from './cluster.ts';
import { IMAGE } from './image.ts';
import { NODE_ADDRESS } from './node-network.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MANIFESTS = join(ROOT, 'deploy', 'kubernetes');
const FLOWS = fileURLToPath(new URL('flows', import.meta.url));
const NAMESPACE = 'prefect';
const PATIENCE_MS = 90_000;
const PROGRAMS = [dirname(process.execPath), join(ROOT, 'node_modules', '.bin'), '/usr/bin'].join(':');

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster?.stop());

test('the manifests bring up a server and a worker that runs flows with the rights it is given', async () => {
  const { resources } = parse(await readFile(join(MANIFESTS, 'kustomization.yaml'), 'utf8')) as { resources: string[] };
  const objects = (await Promise.all(resources.map(readObjects))).flat();
  const [worker] = objects.filter(({ kind, metadata }) => kind === 'Deployment' && metadata?.name === 'prefect-worker');
  await apply(objects.filter((object) => object !== worker));
  const api = `http://${await addressOfServer()}:4200/api`;
  await apply([await templateOfPool(), withEnv(worker, { PREFECT_API_URL: api })]);
  await eventually('the worker has made its pool', () => isThere(api, '/work_pools/kubernetes'), PATIENCE_MS);
  const id = await startRun(api);
  const run = await eventually(
    'the run is over',
    async () => {
      const found = await request<FlowRunResponse>(api, `/flow_runs/${id}`);
      return isTerminal(found.state_type ?? undefined) && found;
    },
    PATIENCE_MS,
  );
  expect(run.state).toMatchObject({ type: 'COMPLETED' });
  expect(run.infrastructure_pid).toMatch(/^prefect:/);
  const events = { filter: { any_resource: { id: [`prefect.flow-run.${id}`] } } };
  const { events: happened } = await request<{ events: { event: string }[] }>(api, '/events/filter', events);
  expect(happened.map(({ event }) => event)).toContain('prefect.kubernetes.pod.running');
});

interface Deployment extends KubernetesObject {
  spec: { template: { spec: V1PodSpec } };
}

/** The objects of a file, with what the test cluster lacks put into their pods: the image, volumes, and names. */
async function readObjects(file: string): Promise<KubernetesObject[]> {
  const documents = parseAllDocuments(await readFile(join(MANIFESTS, file), 'utf8'));
  const objects = documents.map((document) => document.toJS() as KubernetesObject);
  for (const object of objects) if (object.kind === 'Deployment') letUseMachine((object as Deployment).spec.template.spec);
  return objects;
}

function letUseMachine(pod: V1PodSpec): void {
  mountMachine(pod);
  const env = Object.entries({ PATH: PROGRAMS, HOME: '/tmp' }).map(([name, value]) => ({ name, value }));
  for (const container of pod.containers) container.env = [...(container.env ?? []), ...env];
}

function mountMachine(pod: V1PodSpec): void {
  const paths = ['/usr', ROOT, dirname(process.execPath)];
  const mounts = paths.map((mountPath, index) => ({ name: `machine-${index}`, mountPath }));
  const volumes = (pod.volumes ?? []).map(({ persistentVolumeClaim, ...volume }) =>
    persistentVolumeClaim ? { ...volume, emptyDir: {} } : volume,
  );
  pod.volumes = [...volumes, ...paths.map((path, index) => ({ name: `machine-${index}`, hostPath: { path } }))];
  pod.dnsPolicy = 'Default';
  for (const container of pod.containers) {
    container.image = IMAGE;
    container.volumeMounts = [...(container.volumeMounts ?? []), ...mounts];
  }
}

/** No addresses of services work in the test cluster: a worker reaches the server, and Kubernetes, at their own. */
function withEnv(worker: KubernetesObject | undefined, env: Record<string, string>): KubernetesObject {
  if (!worker) throw new Error('There is no worker among the manifests.');
  const all = { ...env, KUBERNETES_SERVICE_HOST: NODE_ADDRESS, KUBERNETES_SERVICE_PORT: '6443' };
  const entries = Object.entries(all).map(([name, value]) => ({ name, value }));
  for (const container of (worker as Deployment).spec.template.spec.containers) {
    container.env = [...(container.env ?? []).filter(({ name }) => !(name in all)), ...entries];
  }
  return worker;
}

/** What kustomize makes of the file; here the pods of runs are adapted, too. */
async function templateOfPool(): Promise<KubernetesObject> {
  const file = 'base-job-template.json';
  const template = JSON.parse(await readFile(join(MANIFESTS, file), 'utf8')) as JobTemplate;
  const pod = template.job_configuration.job_manifest.spec.template.spec;
  mountMachine(pod);
  const data = { [file]: JSON.stringify(template) };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'prefect-worker', namespace: NAMESPACE },
    data,
  } as KubernetesObject;
}

interface JobTemplate {
  job_configuration: { job_manifest: Deployment };
}

async function apply(objects: readonly KubernetesObject[]): Promise<void> {
  const api = KubernetesObjectApi.makeApiClient(cluster.config);
  for (const object of objects) await api.create(object);
}

async function addressOfServer(): Promise<string> {
  const labelSelector = 'app.kubernetes.io/name=prefect-server';
  return eventually(
    'the server is ready',
    async () => {
      const [pod] = (await cluster.core.listNamespacedPod({ namespace: NAMESPACE, labelSelector })).items;
      const isReady = pod?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
      return isReady ? pod?.status?.podIP : undefined;
    },
    PATIENCE_MS,
  );
}

async function isThere(api: string, path: string): Promise<boolean> {
  return request(api, path).then(
    () => true,
    () => false,
  );
}

async function startRun(api: string): Promise<string> {
  const { id: flow_id } = await request<{ id: string }>(api, '/flows/', { name: 'greet' });
  const deployment = await request<{ id: string }>(api, '/deployments/', {
    name: 'in-cluster',
    flow_id,
    entrypoint: 'in_pods.ts:greet',
    path: FLOWS,
    work_pool_name: 'kubernetes',
    job_variables: { env: { PATH: PROGRAMS, HOME: '/tmp', PREFECT_HOME: '/tmp/prefect' } },
  });
  const body = { parameters: { name: 'cluster' } };
  return (await request<{ id: string }>(api, `/deployments/${deployment.id}/create_flow_run`, body)).id;
}

async function request<Body>(api: string, path: string, body?: object, method = body ? 'POST' : 'GET'): Promise<Body> {
  const answer = await fetch(`${api}${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as Body;
}
