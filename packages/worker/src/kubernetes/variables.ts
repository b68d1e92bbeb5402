import { defineVariables, type VariableSchema } from '../job-template/base-job-template.ts';

const optional = (type: 'string' | 'integer', title: string, description: string): VariableSchema => ({
  anyOf: [{ type }, { type: 'null' }],
  title,
  description,
  default: null,
});

const container = {
  name: 'prefect-job',
  env: '{{ env }}',
  image: '{{ image }}',
  imagePullPolicy: '{{ image_pull_policy }}',
  args: '{{ command }}',
  resources: {
    limits: { cpu: '{{ cpu_limit }}', memory: '{{ memory_limit }}' },
    requests: { cpu: '{{ cpu_request }}', memory: '{{ memory_request }}' },
  },
};

const jobManifest = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: {
    annotations: '{{ annotations }}',
    generateName: '{{ name }}-',
    labels: '{{ labels }}',
    namespace: '{{ namespace }}',
  },
  spec: {
    backoffLimit: '{{ backoff_limit }}',
    ttlSecondsAfterFinished: '{{ finished_job_ttl }}',
    template: {
      spec: {
        parallelism: 1,
        completions: 1,
        restartPolicy: 'Never',
        serviceAccountName: '{{ service_account_name }}',
        containers: [container],
      },
    },
  },
};

const clusterConfig = {
  title: 'KubernetesClusterConfig',
  type: 'object',
  description: 'How to reach a Kubernetes cluster.',
  properties: {
    config: { title: 'Config', type: 'object', description: 'The content of a kubeconfig file.' },
    context_name: { title: 'Context Name', type: 'string', description: 'The context in it to use.' },
  },
  required: ['config', 'context_name'],
  block_type_slug: 'kubernetes-cluster-config',
  block_schema_references: {},
};

/** What users set for runs that are jobs of a Kubernetes cluster (contract 11.3). */
export const kubernetesVariables = defineVariables({
  properties: {
    annotations: {
      title: 'Annotations',
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'Annotations put on the job.',
    },
    namespace: { title: 'Namespace', type: 'string', description: 'The namespace to create jobs in.', default: 'default' },
    image: optional('string', 'Image', 'The image of the container; an official one of this version unless set.'),
    service_account_name: optional('string', 'Service Account Name', 'The service account that the pod acts as.'),
    image_pull_policy: {
      title: 'Image Pull Policy',
      enum: ['IfNotPresent', 'Always', 'Never'],
      type: 'string',
      description: 'When to pull the image.',
      default: 'IfNotPresent',
    },
    backoff_limit: {
      title: 'Backoff Limit',
      type: 'integer',
      description: 'How often Kubernetes may start a failed pod again.',
      minimum: 0,
      default: 0,
    },
    finished_job_ttl: optional(
      'integer',
      'Finished Job TTL',
      'After how many seconds a finished job is removed; never unless set.',
    ),
    job_watch_timeout_seconds: optional(
      'integer',
      'Job Watch Timeout Seconds',
      'After how many seconds a job counts as lost; never unless set.',
    ),
    pod_watch_timeout_seconds: {
      title: 'Pod Watch Timeout Seconds',
      type: 'integer',
      description: 'How many seconds a pod may take to start.',
      default: 60,
    },
    stream_output: {
      title: 'Stream Output',
      type: 'boolean',
      description: 'Show what a run prints in the output of the worker.',
      default: true,
    },
    cluster_config: {
      anyOf: [{ $ref: '#/definitions/KubernetesClusterConfig' }, { type: 'null' }],
      title: 'Cluster Config',
      description: 'The cluster to use; the one around the worker, or its kubeconfig, unless set.',
      default: null,
    },
    cpu_request: optional('string', 'CPU Request', 'The CPU that a run is promised, such as 500m.'),
    cpu_limit: optional('string', 'CPU Limit', 'The most CPU that a run may use, such as 1.'),
    memory_request: optional('string', 'Memory Request', 'The memory that a run is promised, such as 256Mi.'),
    memory_limit: optional('string', 'Memory Limit', 'The most memory that a run may use, such as 1Gi.'),
  },
  definitions: { KubernetesClusterConfig: clusterConfig },
  jobConfiguration: {
    command: '{{ command }}',
    env: '{{ env }}',
    labels: '{{ labels }}',
    name: '{{ name }}',
    annotations: '{{ annotations }}',
    namespace: '{{ namespace }}',
    cluster_config: '{{ cluster_config }}',
    job_watch_timeout_seconds: '{{ job_watch_timeout_seconds }}',
    pod_watch_timeout_seconds: '{{ pod_watch_timeout_seconds }}',
    stream_output: '{{ stream_output }}',
    job_manifest: jobManifest,
  },
});
