import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { BatchV1Api, CoreV1Api, KubeConfig, Log, Watch } from '@kubernetes/client-node';
import { readApiFailure } from './api-error.ts';
import type { ClusterConfig } from './configuration.ts';

/** A cluster and what reaches it. */
export interface Cluster {
  readonly server: string;
  readonly batch: BatchV1Api;
  readonly core: CoreV1Api;
  readonly watch: Watch;
  readonly log: Log;
  /** Tells this cluster from all others; undefined where the worker may not see it. */
  uid(): Promise<string | undefined>;
}

/** Nothing says where the cluster is. */
class NoClusterError extends Error {
  override readonly name = 'NoClusterError';
}

type Env = Readonly<Record<string, string | undefined>>;

/** The library that speaks with clusters. */
export type KubernetesClient = typeof import('@kubernetes/client-node');

/** Opens each cluster once, however many runs use it. */
export function clusters(kubernetes: KubernetesClient, env: Env): (config: ClusterConfig | null | undefined) => Cluster {
  const opened = new Map<string, Cluster>();
  return (config) => {
    const key = JSON.stringify(config ?? null);
    const cluster = opened.get(key) ?? openCluster(kubernetes, config ?? undefined, env);
    opened.set(key, cluster);
    return cluster;
  };
}

function openCluster(kubernetes: KubernetesClient, config: ClusterConfig | undefined, env: Env): Cluster {
  const kubeConfig = new kubernetes.KubeConfig();
  loadConfig(kubeConfig, config, env);
  const current = kubeConfig.getCurrentCluster();
  if (!current) throw new NoClusterError(`The context '${kubeConfig.getCurrentContext()}' of the kubeconfig names no cluster.`);
  const core = kubeConfig.makeApiClient(kubernetes.CoreV1Api);
  let uid: Promise<string | undefined> | undefined;
  return {
    server: current.server,
    core,
    batch: kubeConfig.makeApiClient(kubernetes.BatchV1Api),
    watch: new kubernetes.Watch(kubeConfig),
    log: new kubernetes.Log(kubeConfig),
    uid() {
      uid ??= readClusterUid(core);
      uid.catch(() => {
        uid = undefined;
      });
      return uid;
    },
  };
}

const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** The configured cluster, else the one around this process, else the one of the kubeconfig file. */
function loadConfig(kubeConfig: KubeConfig, config: ClusterConfig | undefined, env: Env): void {
  if (config) {
    kubeConfig.loadFromString(typeof config.config === 'string' ? config.config : JSON.stringify(config.config));
    kubeConfig.setCurrentContext(config.context_name);
  } else if (env.KUBERNETES_SERVICE_HOST && existsSync(SERVICE_ACCOUNT_TOKEN)) {
    kubeConfig.loadFromCluster();
  } else if (env.KUBECONFIG || existsSync(join(homedir(), '.kube', 'config'))) {
    kubeConfig.loadFromDefault();
  } else {
    throw new NoClusterError(
      'No Kubernetes cluster is known here: this is no pod with a service account, there is no kubeconfig file, and the work pool has ' +
        'no cluster_config. Set KUBECONFIG, or give the pool a kubernetes-cluster-config block.',
    );
  }
}

/** Clusters have no id; that of the namespace kube-system lives as long as they do. */
async function readClusterUid(core: CoreV1Api): Promise<string | undefined> {
  try {
    return (await core.readNamespace({ name: 'kube-system' })).metadata?.uid;
  } catch (error) {
    const { status } = readApiFailure(error);
    if (status === 403 || status === 404) return undefined;
    throw error;
  }
}
