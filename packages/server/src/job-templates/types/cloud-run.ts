import {
  COMMON_NAMES,
  definition,
  flag,
  integer,
  optional,
  placeholdersFor,
  text,
  type WorkerType,
  workerType,
} from '../worker-type.ts';
import { GCP_CREDENTIALS, SECRET_KEY_SELECTOR } from './gcp-credentials.ts';

const resources = { cpu: '{{ cpu }}', memory: '{{ memory }}' };
const vpcAnnotation = { annotations: { 'run.googleapis.com/vpc-access-connector': '{{ vpc_connector_name }}' } };
const launchStage = { 'run.googleapis.com/launch-stage': 'BETA' };

const createType = (type: string, name: string, description: string, isPush: boolean): WorkerType =>
  workerType({
    type,
    name,
    description,
    logo: ['CR', '#4285f4'],
    variables: {
      region: text('The region to run in.', { default: 'us-central1' }),
      credentials: isPush
        ? definition('GcpCredentials', 'How to sign requests to Google Cloud.', { title: 'GCP Credentials' })
        : optional(
            definition('GcpCredentials', 'How to sign requests to Google Cloud; what the environment offers unless set.', {
              title: 'GCP Credentials',
            }),
          ),
      prefect_api_key_secret: optional(
        definition('SecretKeySelector', 'A secret that holds the API key.', { title: 'Prefect API Key Secret' }),
      ),
      prefect_api_auth_string_secret: optional(
        definition('SecretKeySelector', 'A secret that holds the authorisation string of the API.', {
          title: 'Prefect API Auth String Secret',
        }),
      ),
      image: optional(text('The image of the container; an official one of this version unless set.', { title: 'Image Name' })),
      cpu: optional(text('The CPU of a run in thousandths: 1000m is one CPU.', { title: 'CPU', pattern: '^(\\d*000)m$' })),
      memory: optional(text('The memory of a run with its unit, such as 512Mi.', { pattern: '^\\d+(?:G|Gi|M|Mi)$' })),
      vpc_connector_name: optional(text('The connector to a network.', { title: 'VPC Connector Name' })),
      service_account_name: optional(text('The service account that the run acts as.')),
      keep_job: flag('Keep the job when the run has ended.', { title: 'Keep Job After Completion', default: false }),
      timeout: integer('The most seconds that a run may take.', {
        title: 'Job Timeout',
        exclusiveMinimum: 0,
        maximum: 3600,
        default: 600,
      }),
    },
    ...(isPush && { required: ['credentials'] }),
    definitions: { GcpCredentials: GCP_CREDENTIALS, SecretKeySelector: SECRET_KEY_SELECTOR },
    jobConfiguration: {
      ...placeholdersFor(
        ...COMMON_NAMES,
        'region',
        'credentials',
        'prefect_api_key_secret',
        'prefect_api_auth_string_secret',
        'keep_job',
        'timeout',
      ),
      job_body: {
        apiVersion: 'run.googleapis.com/v1',
        kind: 'Job',
        metadata: { annotations: isPush ? { ...launchStage, ...vpcAnnotation.annotations } : launchStage, name: '{{ name }}' },
        spec: {
          template: {
            ...(!isPush && { metadata: vpcAnnotation }),
            spec: {
              template: {
                spec: {
                  containers: [
                    { command: '{{ command }}', image: '{{ image }}', resources: { limits: resources, requests: resources } },
                  ],
                  serviceAccountName: '{{ service_account_name }}',
                  timeoutSeconds: '{{ timeout }}',
                },
              },
            },
          },
        },
      },
    },
  });

export const CLOUD_RUN = createType(
  'cloud-run',
  'Google Cloud Run',
  'Runs each flow run as a job of Google Cloud Run (version 1 of its API).',
  false,
);
export const CLOUD_RUN_PUSH = createType(
  'cloud-run:push',
  'Google Cloud Run - Push',
  'The server itself runs each flow run as a job of Google Cloud Run (version 1 of its API); no worker is needed.',
  true,
);
