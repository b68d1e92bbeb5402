import type { JobConfiguration } from '../job-template/job-configuration.ts';

/** The data of a `kubernetes-cluster-config` block. */
export interface ClusterConfig {
  /** A kubeconfig, as an object or as the text of the file. */
  config: Readonly<Record<string, unknown>> | string;
  context_name: string;
}

/** The job configuration of a Kubernetes job. */
export interface KubernetesConfiguration extends JobConfiguration {
  job_manifest: Record<string, unknown>;
  namespace?: string | null;
  annotations?: Record<string, string>;
  cluster_config?: ClusterConfig | null;
  /** Default: no limit. */
  job_watch_timeout_seconds?: number | null;
  /** Default 60. */
  pod_watch_timeout_seconds?: number | null;
  stream_output?: boolean;
}
