import {
  block,
  COMMON_NAMES,
  definition,
  flag,
  integer,
  map,
  optional,
  placeholdersFor,
  text,
  workerType,
} from '../worker-type.ts';

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

export const KUBERNETES = workerType({
  type: 'kubernetes',
  name: 'Kubernetes',
  description: 'Runs each flow run as a job on a Kubernetes cluster.',
  logo: ['K8s', '#326ce5'],
  variables: {
    annotations: map({ type: 'string' }, 'Annotations put on the job.'),
    namespace: text('The namespace to create jobs in.', { default: 'default' }),
    image: optional(text('The image of the container; an official one of this version unless set.')),
    service_account_name: optional(text('The service account that the pod acts as.')),
    image_pull_policy: {
      enum: ['IfNotPresent', 'Always', 'Never'],
      type: 'string',
      description: 'When to pull the image.',
      default: 'IfNotPresent',
    },
    backoff_limit: integer('How often Kubernetes may start a failed pod again.', {
      title: 'Backoff Limit',
      minimum: 0,
      default: 0,
    }),
    finished_job_ttl: optional(
      integer('After how many seconds a finished job is removed; never unless set.', { title: 'Finished Job TTL' }),
    ),
    job_watch_timeout_seconds: optional(integer('After how many seconds a job counts as lost; never unless set.')),
    pod_watch_timeout_seconds: integer('How many seconds a pod may take to start.', { default: 60 }),
    stream_output: flag('Show what a run prints in the output of the worker.', { default: true }),
    cluster_config: optional(
      definition('KubernetesClusterConfig', 'The cluster to use; the one around the worker, or its kubeconfig, unless set.'),
    ),
    cpu_request: optional(text('The CPU that a run is promised, such as 500m.', { title: 'CPU Request' })),
    cpu_limit: optional(text('The most CPU that a run may use, such as 1.', { title: 'CPU Limit' })),
    memory_request: optional(text('The memory that a run is promised, such as 256Mi.')),
    memory_limit: optional(text('The most memory that a run may use, such as 1Gi.')),
  },
  definitions: {
    KubernetesClusterConfig: block(
      'KubernetesClusterConfig',
      'kubernetes-cluster-config',
      'How to reach a Kubernetes cluster.',
      {
        config: { type: 'object', description: 'The content of a kubeconfig file.' },
        context_name: text('The context in it to use.'),
      },
      ['config', 'context_name'],
    ),
  },
  jobConfiguration: {
    ...placeholdersFor(
      ...COMMON_NAMES,
      'annotations',
      'namespace',
      'cluster_config',
      'job_watch_timeout_seconds',
      'pod_watch_timeout_seconds',
      'stream_output',
    ),
    job_manifest: jobManifest,
  },
});
