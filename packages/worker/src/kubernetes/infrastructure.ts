import { COMPATIBLE_VERSION } from '@prefect-ts/protocol';
import { entrypointLanguage } from 'prefect-ts/runner';
import type { FlowRunToStart, WorkerContext } from '../base-worker.ts';
import {
  type Infrastructure,
  type InfrastructureEnd,
  InfrastructureNotAvailableError,
  InfrastructureNotFoundError,
  type WatchOptions,
} from '../infrastructure.ts';
import { isNotFound, readApiFailure } from './api-error.ts';
import { type Cluster, clusters, type KubernetesClient } from './cluster.ts';
import type { KubernetesConfiguration } from './configuration.ts';
import { createJob } from './create-job.ts';
import { followJob } from './follow-job.ts';
import { formatJobId, type JobIdentity, parseJobId } from './identifier.ts';
import { buildJobManifest, type EnvEntry, FLOW_RUN_LABEL, InvalidJobManifestError, namespaceOf } from './job-manifest.ts';
import { JOB_NAME_LABEL, NamespaceWatch } from './namespace-watch.ts';
import { runReports } from './run-reports.ts';
import { credentialSecrets, type EnvSecret, keepEnvInSecret, referToSecrets } from './run-secrets.ts';
import { type KubernetesSettings, readKubernetesSettings } from './settings.ts';

const POD_SECONDS = 60;
const CLUSTER_LABEL = 'prefect.kubernetes.cluster-uid';

/** Runs flows as jobs of Kubernetes clusters. */
export class KubernetesInfrastructure implements Infrastructure<KubernetesConfiguration> {
  readonly #context: WorkerContext;
  readonly #settings: KubernetesSettings;
  readonly #open: ReturnType<typeof clusters>;
  readonly #watches = new Map<Cluster, Map<string, NamespaceWatch>>();

  constructor(context: WorkerContext, kubernetes: KubernetesClient, env: Readonly<Record<string, string | undefined>>) {
    this.#context = context;
    this.#settings = readKubernetesSettings(env);
    this.#open = clusters(kubernetes, env);
  }

  async start(flowRun: FlowRunToStart, config: KubernetesConfiguration, signal: AbortSignal): Promise<string> {
    const cluster = this.#open(config.cluster_config);
    const clusterUid = await cluster.uid();
    const namespace = namespaceOf(config);
    const { workerName } = this.#context;
    const secrets = await credentialSecrets(cluster, this.#settings, {
      namespace,
      workerName,
      apiKey: config.env.PREFECT_API_KEY,
    });
    let env: EnvEntry[] = [];
    const manifest = buildJobManifest(flowRun, config, {
      image: () => defaultImage(flowRun, config),
      env(entries) {
        env = referToSecrets(entries, secrets);
        return env;
      },
    });
    const secret = this.#settings.storeEnvAsSecret ? await keepEnvInSecret(cluster, manifest, env) : undefined;
    await this.#create(cluster, manifest, signal, secret);
    if (clusterUid !== undefined) this.#noteCluster(flowRun.id, clusterUid);
    return formatJobId({ namespace, name: manifest.metadata.name });
  }

  async #create(
    cluster: Cluster,
    manifest: Parameters<typeof createJob>[1],
    signal: AbortSignal,
    secret: EnvSecret | undefined,
  ): Promise<void> {
    try {
      const job = await createJob(cluster, manifest, signal);
      await secret?.ownedBy(job);
    } catch (error) {
      await secret?.remove();
      throw error;
    }
  }

  async watch(id: string, config: KubernetesConfiguration, { log, signal }: WatchOptions): Promise<InfrastructureEnd> {
    const { cluster, namespace, name } = await this.#find(id, config);
    const { client, workerName } = this.#context;
    const following = followJob({
      cluster,
      watch: this.#watchOf(cluster, namespace),
      namespace,
      name,
      log,
      signal,
      reports: (flowRunId) => runReports({ client, log, flowRunId, workerName }),
      streamOutput: config.stream_output !== false,
      jobSeconds: config.job_watch_timeout_seconds ?? undefined,
      podSeconds: config.pod_watch_timeout_seconds ?? POD_SECONDS,
    });
    return following.catch(async (error: unknown) => {
      if (error instanceof InfrastructureNotFoundError) await this.#checkCluster(cluster, config, error.message);
      throw error;
    });
  }

  /** The id does not tell the cluster, and workers on several clusters may serve one pool: a label of the run tells it. */
  #noteCluster(flowRunId: string, clusterUid: string): void {
    const { client, log } = this.#context;
    client
      .call('PATCH /flow_runs/{id}/labels', { path: { id: flowRunId }, body: { [CLUSTER_LABEL]: clusterUid } })
      .catch((error: Error) => log.debug(`The cluster of flow run '${flowRunId}' was not noted: ${error.message}`));
  }

  /** @throws {InfrastructureNotAvailableError} when the run was started in another cluster */
  async #checkCluster(cluster: Cluster, config: KubernetesConfiguration, message: string): Promise<void> {
    const id = config.env.PREFECT__FLOW_RUN_ID;
    if (!id) return;
    const { labels } = await this.#context.client.call('GET /flow_runs/{id}', { path: { id } });
    const noted = labels?.[CLUSTER_LABEL];
    if (noted === undefined || noted === (await cluster.uid())) return;
    throw new InfrastructureNotAvailableError(`${message} Its run was started in another cluster.`);
  }

  async kill(id: string, graceSeconds: number, config: KubernetesConfiguration): Promise<void> {
    const { cluster, namespace, name } = await this.#find(id, config);
    try {
      await cluster.batch.deleteNamespacedJob({
        namespace,
        name,
        gracePeriodSeconds: graceSeconds,
        propagationPolicy: 'Foreground',
      });
    } catch (error) {
      if (isNotFound(error)) throw new InfrastructureNotFoundError(`There is no job '${name}' in namespace '${namespace}'.`);
      throw error;
    }
    await this.#endPods(cluster, namespace, name, graceSeconds);
  }

  /** A job's grace is not that of its pods; after the job's own end none is made anew. */
  async #endPods({ core }: Cluster, namespace: string, name: string, gracePeriodSeconds: number): Promise<void> {
    try {
      const { items } = await core.listNamespacedPod({ namespace, labelSelector: `${JOB_NAME_LABEL}=${name}` });
      const running = items.filter(({ status }) => status?.phase === 'Pending' || status?.phase === 'Running');
      const ends = running.map(({ metadata }) =>
        core.deleteNamespacedPod({ namespace, name: metadata?.name ?? '', gracePeriodSeconds }),
      );
      await Promise.all(ends);
    } catch (error) {
      const { message } = readApiFailure(error);
      this.#context.log.debug(`The pods of job '${name}' end with the grace of their own: ${message}`);
    }
  }

  async find(flowRunId: string, config: KubernetesConfiguration): Promise<string | undefined> {
    const cluster = this.#open(config.cluster_config);
    const namespace = namespaceOf(config);
    const { items } = await cluster.batch.listNamespacedJob({ namespace, labelSelector: `${FLOW_RUN_LABEL}=${flowRunId}` });
    const time = ({ metadata }: (typeof items)[number]): number => metadata?.creationTimestamp?.getTime() ?? 0;
    const name = items.sort((one, other) => time(other) - time(one))[0]?.metadata?.name;
    return name === undefined ? undefined : formatJobId({ namespace, name });
  }

  async close(): Promise<void> {
    for (const watches of this.#watches.values()) for (const watch of watches.values()) watch.close();
  }

  /** @throws {InfrastructureNotAvailableError} when the job belongs to another cluster */
  async #find(id: string, config: KubernetesConfiguration): Promise<JobIdentity & { cluster: Cluster }> {
    const job = parseJobId(id);
    const cluster = this.#open(config.cluster_config);
    if (job.clusterUid !== undefined) {
      const uid = await cluster.uid();
      if (uid !== undefined && uid !== job.clusterUid) {
        throw new InfrastructureNotAvailableError(`Job '${job.name}' belongs to another cluster than ${cluster.server}.`);
      }
    }
    return { ...job, cluster };
  }

  #watchOf(cluster: Cluster, namespace: string): NamespaceWatch {
    const watches = this.#watches.get(cluster) ?? new Map<string, NamespaceWatch>();
    this.#watches.set(cluster, watches);
    const watch = watches.get(namespace) ?? new NamespaceWatch(cluster, namespace, this.#context.log);
    watches.set(namespace, watch);
    return watch;
  }
}

/** There is an official image for Python only. */
function defaultImage({ deployment }: FlowRunToStart, config: KubernetesConfiguration): string {
  const entrypoint = deployment?.entrypoint ?? '';
  if (config.command === null && entrypointLanguage(entrypoint) === 'typescript') {
    throw new InvalidJobManifestError(
      `No image is set. Set the job variable 'image' of the work pool or the deployment to one that holds the code of '${entrypoint}'.`,
    );
  }
  return `prefecthq/prefect:${COMPATIBLE_VERSION}-python3.12`;
}
