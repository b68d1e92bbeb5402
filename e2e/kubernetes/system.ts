import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { V1Job, V1Pod } from '@kubernetes/client-node';
import { type Event, type FlowRunResponse, isTerminal, type State, type WorkPoolResponse } from '@prefect-ts/protocol';
import { eventually } from '../processes.ts';
import { aServerProcess, type ServerProcess } from '../server-process.ts';
import { aTerminal, type Program, type Terminal } from '../terminal.ts';
import { startCluster, type TestCluster } from './cluster.ts';
import { IMAGE } from './image.ts';
import { HOST_ADDRESS } from './node-network.ts';

/** A server, a cluster, and a work pool whose runs are jobs there. */
export interface System {
  readonly cluster: TestCluster;
  readonly server: ServerProcess;
  readonly terminal: Terminal;
  /** A folder that pods see at the same path. */
  readonly shared: string;
  /** Starts a worker of the pool and waits until it takes runs. */
  startWorker(...options: string[]): Promise<Program>;
  /** Starts a run of a flow. */
  startRun(flow: string, options?: RunOptions): Promise<string>;
  readRun(id: string): Promise<FlowRunResponse>;
  /** Waits until a run is in a state with this name. */
  becomes(id: string, name: string): Promise<State>;
  /** Waits until a run is over and gives its last state. */
  endOf(id: string): Promise<State>;
  /** The texts of a run's logs. */
  logsOf(id: string): Promise<string[]>;
  eventsOf(id: string): Promise<Event[]>;
  jobsOf(id: string): Promise<V1Job[]>;
  podsOf(id: string): Promise<V1Pod[]>;
  remove(): Promise<void>;
}

export interface RunOptions {
  readonly parameters?: object;
  readonly variables?: Readonly<Record<string, unknown>>;
}

const POOL = 'cluster';
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FLOWS = fileURLToPath(new URL('flows', import.meta.url));
const PYTHON_PROGRAMS = join(ROOT, '.cache', 'python', 'bin');
const PATIENCE_MS = 50_000;

export async function aSystem(): Promise<System> {
  const cluster = await startCluster();
  const shared = await mkdtemp(join(tmpdir(), 'prefect-pods-'));
  const server = await aServerProcess({ environment: { PREFECT_SERVER_API_HOST: '0.0.0.0' } });
  await server.start();
  const apiUrl = server.apiUrl.replace('127.0.0.1', HOST_ADDRESS);
  const terminal = await aTerminal({ folder: FLOWS, env: { PREFECT_API_URL: apiUrl, KUBECONFIG: cluster.kubeconfig } });
  await terminal.succeed('work-pool', 'create', POOL, '--type', 'kubernetes');
  // The environment in .cache links to an interpreter that may lie anywhere.
  const interpreter = await realpath(join(PYTHON_PROGRAMS, 'python'));
  await mountMachine(server, [ROOT, shared, dirname(process.execPath), dirname(dirname(interpreter))]);
  const deployments = await deploy(server);

  const readRun = async (id: string) => (await server.request<FlowRunResponse>('GET', `/flow_runs/${id}`)).body;
  const ofRun = (id: string) => ({ namespace: 'default', labelSelector: `prefect.io/flow-run-id=${id}` });
  return {
    cluster,
    server,
    terminal,
    shared,
    readRun,
    async startWorker(...options) {
      const worker = terminal.start('worker', 'start', '--pool', POOL, ...options);
      await worker.said(/started!\n/);
      return worker;
    },
    async startRun(flow, { parameters = {}, variables = {} } = {}) {
      const body = { parameters, job_variables: variables };
      return (await create<FlowRunResponse>(server, `/deployments/${deployments.get(flow)}/create_flow_run`, body)).id;
    },
    becomes: (id, name) =>
      eventually(
        `run ${id} is ${name}`,
        async () => {
          const { state } = await readRun(id);
          return state?.name === name && state;
        },
        PATIENCE_MS,
      ),
    endOf: (id) =>
      eventually(
        `run ${id} is over`,
        async () => {
          const { state } = await readRun(id);
          return isTerminal(state?.type) && (state ?? false);
        },
        PATIENCE_MS,
      ),
    async logsOf(id) {
      const body = { logs: { flow_run_id: { any_: [id] } }, sort: 'TIMESTAMP_ASC' };
      return (await server.request<{ message: string }[]>('POST', '/logs/filter', body)).body.map(({ message }) => message);
    },
    async eventsOf(id) {
      const body = { filter: { any_resource: { id: [`prefect.flow-run.${id}`] }, order: 'ASC' } };
      return (await server.request<{ events: Event[] }>('POST', '/events/filter', body)).body.events;
    },
    jobsOf: async (id) => (await cluster.batch.listNamespacedJob(ofRun(id))).items,
    podsOf: async (id) => (await cluster.core.listNamespacedPod(ofRun(id))).items,
    async remove() {
      await terminal.close();
      await server.remove();
      await cluster.stop();
      await rm(shared, { recursive: true, force: true });
    },
  };
}

/** Lets pods use the programs and flows of this machine: their image is nearly empty. */
async function mountMachine(server: ServerProcess, folders: readonly string[]): Promise<void> {
  const { body: pool } = await server.request<WorkPoolResponse>('GET', `/work_pools/${POOL}`);
  const template = pool.base_job_template as unknown as JobTemplate;
  const pod = template.job_configuration.job_manifest.spec.template.spec;
  const paths = ['/usr', ...folders.filter((folder) => folder !== '/usr' && !folder.startsWith('/usr/'))];
  pod.volumes = paths.map((path, index) => ({ name: `machine-${index}`, hostPath: { path } }));
  const [container] = pod.containers;
  if (container) container.volumeMounts = paths.map((mountPath, index) => ({ name: `machine-${index}`, mountPath }));
  pod.dnsPolicy = 'Default';
  template.variables.properties.image = { type: 'string', default: IMAGE };
  await server.request('PATCH', `/work_pools/${POOL}`, { base_job_template: template });
}

interface JobTemplate {
  job_configuration: { job_manifest: { spec: { template: { spec: PodTemplate } } } };
  variables: { properties: Record<string, object> };
}

interface PodTemplate {
  volumes?: object[];
  dnsPolicy?: string;
  containers: { volumeMounts?: object[] }[];
}

/** The ids of the deployments by the names of their flows. */
async function deploy(server: ServerProcess): Promise<Map<string, string>> {
  const typescript = [dirname(process.execPath), join(ROOT, 'node_modules', '.bin'), '/usr/bin'].join(':');
  const python = [PYTHON_PROGRAMS, '/usr/bin'].join(':');
  const flows = [
    ...['greet', 'fail', 'wait'].map((name) => ({ name, entrypoint: `in_pods.ts:${name}`, path: typescript })),
    { name: 'greet-from-python', entrypoint: 'in_pods.py:greet_from_python', path: python },
  ];
  const ids = new Map<string, string>();
  for (const { name, entrypoint, path } of flows) {
    const flow = await create(server, '/flows/', { name });
    const deployment = await create(server, '/deployments/', {
      name: 'in-pods',
      flow_id: flow.id,
      entrypoint,
      path: FLOWS,
      work_pool_name: POOL,
      // The nearly empty image has no certificates.
      job_variables: { env: { PATH: path, HOME: '/tmp', PREFECT_HOME: '/tmp/prefect', PREFECT_API_SSL_CERT_FILE: null } },
    });
    ids.set(name, deployment.id);
  }
  return ids;
}

async function create<Created = { id: string }>(server: ServerProcess, path: string, body: object): Promise<Created> {
  const { status, body: created } = await server.request<Created>('POST', path, body);
  if (status !== 200 && status !== 201) throw new Error(`${path} answered ${status}: ${JSON.stringify(created)}`);
  return created;
}
