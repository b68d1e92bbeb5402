import {
  COMMON_NAMES,
  definition,
  flag,
  integer,
  list,
  map,
  optional,
  placeholdersFor,
  text,
  type WorkerType,
  workerType,
} from '../worker-type.ts';
import { GCP_CREDENTIALS, SECRET_KEY_SELECTOR } from './gcp-credentials.ts';

const LAUNCH_STAGES = [
  'ALPHA',
  'BETA',
  'GA',
  'DEPRECATED',
  'EARLY_ACCESS',
  'PRELAUNCH',
  'UNIMPLEMENTED',
  'LAUNCH_TAG_UNSPECIFIED',
];

const jobBody = {
  client: 'prefect',
  launchStage: '{{ launch_stage }}',
  template: {
    template: {
      containers: [
        {
          args: '{{ args }}',
          command: '{{ command }}',
          env: [],
          image: '{{ image }}',
          resources: { limits: { cpu: '{{ cpu }}', memory: '{{ memory }}' } },
        },
      ],
      maxRetries: '{{ max_retries }}',
      serviceAccount: '{{ service_account_name }}',
      timeout: '{{ timeout }}',
      vpcAccess: { connector: '{{ vpc_connector_name }}' },
    },
  },
};

const createType = (type: string, name: string, description: string): WorkerType =>
  workerType({
    type,
    name,
    description,
    logo: ['CR2', '#4285f4'],
    variables: {
      credentials: definition('GcpCredentials', 'How to sign requests to Google Cloud.', { title: 'GCP Credentials' }),
      region: text('The region to run in.', { default: 'us-central1' }),
      image: text('The image of the container.', { title: 'Image Name', default: 'prefecthq/prefect:3-latest' }),
      args: list({ type: 'string' }, 'Arguments of the command.'),
      env_from_secrets: map({ $ref: '#/definitions/SecretKeySelector' }, 'Environment variables whose values are secrets.', {
        title: 'Environment Variables from Secrets',
      }),
      prefect_api_key_secret: optional(
        definition('SecretKeySelector', 'A secret that holds the API key.', { title: 'Prefect API Key Secret' }),
      ),
      prefect_api_auth_string_secret: optional(
        definition('SecretKeySelector', 'A secret that holds the authorisation string of the API.', {
          title: 'Prefect API Auth String Secret',
        }),
      ),
      cloudsql_instances: list({ type: 'string' }, 'Cloud SQL instances to connect, each as project:region:instance.', {
        title: 'Cloud SQL Instances',
      }),
      keep_job: flag('Keep the job when the run has ended.', { title: 'Keep Job After Completion', default: false }),
      launch_stage: { enum: LAUNCH_STAGES, type: 'string', description: 'The launch stage of the job.', default: 'BETA' },
      max_retries: integer('How often Cloud Run may start a failed task again.', { default: 0 }),
      cpu: text('The CPU of a run in thousandths: 1000m is one CPU.', {
        title: 'CPU',
        pattern: '^(\\d*000)m$',
        default: '1000m',
      }),
      memory: text('The memory of a run with its unit, such as 512Mi.', { pattern: '^\\d+(?:G|Gi|M|Mi)$', default: '512Mi' }),
      timeout: integer('The most seconds that a run may take.', {
        title: 'Job Timeout',
        exclusiveMinimum: 0,
        maximum: 604_800,
        default: 600,
      }),
      vpc_connector_name: optional(text('The connector to a network.', { title: 'VPC Connector Name' })),
      service_account_name: optional(text('The service account that the run acts as.')),
    },
    definitions: { GcpCredentials: GCP_CREDENTIALS, SecretKeySelector: SECRET_KEY_SELECTOR },
    jobConfiguration: {
      ...placeholdersFor(
        ...COMMON_NAMES,
        'credentials',
        'cloudsql_instances',
        'env_from_secrets',
        'keep_job',
        'prefect_api_auth_string_secret',
        'prefect_api_key_secret',
        'region',
        'timeout',
      ),
      job_body: jobBody,
    },
  });

export const CLOUD_RUN_V2 = createType('cloud-run-v2', 'Google Cloud Run V2', 'Runs each flow run as a job of Google Cloud Run.');
export const CLOUD_RUN_V2_PUSH = createType(
  'cloud-run-v2:push',
  'Google Cloud Run V2 - Push',
  'The server itself runs each flow run as a job of Google Cloud Run; no worker is needed.',
);
